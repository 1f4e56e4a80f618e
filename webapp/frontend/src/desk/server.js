// Requests to the desk. Whatever goes wrong comes as an error with a sentence for the person at the page.
import { _ } from "../words/words.js";

export class Refused extends Error {
  /** `passes`: it may go well a little later without anybody doing anything. */
  constructor(sentence, { status = 0, passes = false, told = {} } = {}) {
    super(sentence);
    Object.assign(this, { sentence, status, passes, told });
  }
}

export class Server {
  constructor({ draftUrl, token, logIn }) {
    Object.assign(this, { draftUrl, token, logIn });
  }

  url(path) {
    return this.draftUrl + path;
  }

  get(path) {
    return this.#ask(path, { headers: { Accept: "application/json" } });
  }

  /** Send JSON, a form or plain text. */
  send(method, path, content, headers = {}) {
    const plain = typeof content === "string" || content instanceof URLSearchParams || content instanceof ArrayBuffer;
    return this.#ask(path, {
      method,
      body: plain ? content : JSON.stringify(content),
      headers: { Accept: "application/json", "X-CSRFToken": this.token, ...(plain ? {} : { "Content-Type": "application/json" }), ...headers },
    });
  }

  async #ask(path, options, again = false) {
    let answer;
    try {
      answer = await fetch(this.url(path), { credentials: "same-origin", ...options });
    } catch {
      throw new Refused(_("连不上服务器。修改留在本页，连上后会自动保存，请不要关闭本页。"), { passes: true });
    }
    if (answer.status === 400 && options.method && !again) {
      const session = await this.#renewed();
      if (session === "fresh") return this.#ask(path, { ...options, headers: { ...options.headers, "X-CSRFToken": this.token } }, true);
      if (session === "ended") throw new Refused(ended(), { status: 401 });
    }
    const json = /json/.test(answer.headers.get("Content-Type") ?? "");
    if (answer.ok && json) return answer.json();
    const told = json ? await answer.json().catch(() => ({})) : {};
    throw new Refused(told.detail ?? sentenceOf(answer), { status: answer.redirected ? 401 : answer.status, passes: answer.status >= 500, told });
  }

  /** After somebody has logged in again the page needs the token of the new session. */
  async #renewed() {
    const page = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
    if (page?.redirected) return "ended";
    if (!page?.ok) return "";
    const drawn = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-modeler]");
    const fresh = drawn?.dataset.token;
    if (!fresh || fresh === this.token) return "";
    this.token = fresh;
    return "fresh";
  }
}

function sentenceOf(answer) {
  if (answer.redirected || answer.status === 401) return ended();
  if (answer.status === 400) return _("页面已过期。请先下载流程图留底，再刷新本页。");
  if (answer.status === 403) return _("您没有修改这份草稿的权限。");
  if (answer.status === 404) return _("这份草稿已不存在。请先下载流程图留底。");
  if (answer.status === 413) return _("流程图太大，未保存。");
  return _("服务器出现故障（{status}），尚未保存。修改留在本页，稍后会自动再试。", { status: answer.status });
}

const ended = () => _("登录已过期。请在新窗口重新登录，然后回到本页，修改会继续保存。");
