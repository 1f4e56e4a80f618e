// Saving: by itself, soon after each change; what another owner has saved meanwhile is never overwritten unasked.
import { idsOf } from "../panel/model.js";
import { _ } from "../words/words.js";
import { ask, download, note } from "./dialogs.js";

const PAUSE = 1500;
const AGAIN = 8000;

export class Saving {
  #timer = 0;
  #busy = false;
  #stopped = "";

  constructor(modeler, server, page) {
    Object.assign(this, { modeler, server, page, dirty: false, revision: 0, kept: [], known: new Set() });
    this.onReload = () => {};
    // Opening a file empties the list of commands; that is no change.
    modeler.on("commandStack.changed", ({ trigger }) => trigger !== "clear" && this.changed());
    window.addEventListener("beforeunload", (event) => {
      document.activeElement?.blur(); // what is being typed counts
      if (this.dirty) event.preventDefault();
    });
    for (const back of ["online", "focus"]) window.addEventListener(back, () => this.dirty && this.now());
  }

  /** A file has been opened: nothing is changed yet. */
  async begin(revision, kept, known) {
    Object.assign(this, { revision, kept, known, dirty: false });
    this.#say(this.#stopped || _("已保存"), this.#stopped ? "warn" : "good");
    await this.#offerBackup();
  }

  /** Save nothing from now on. */
  stop(why) {
    this.#stopped = why;
    this.#say(why, "warn");
  }

  changed() {
    if (!this.revision) return; // the diagram is being opened
    this.dirty = true;
    for (const id of idsOf(this.modeler.getDefinitions())) this.known.add(id);
    if (this.#stopped) return;
    this.#say(_("有修改，即将保存 …"), "");
    this.#later(PAUSE);
  }

  /** Save what there is; resolves when it is saved or has been refused. */
  async now({ overwrite = false } = {}) {
    clearTimeout(this.#timer);
    if (this.#busy || this.#stopped || (!this.dirty && !overwrite)) return;
    this.#busy = true;
    this.dirty = false;
    this.#say(_("正在保存 …"), "");
    let xml = "";
    try {
      ({ xml } = await this.modeler.saveXML({ format: true }));
      this.#keepBackup(xml);
      const left = idsOf(this.modeler.getDefinitions());
      const deleted = [...this.known].filter((id) => !left.has(id));
      const content = { xml, deleted, kept: this.kept, ...(overwrite ? { overwrite } : {}) };
      const { revision } = await this.server.send("PUT", "/diagram.json", content, { "If-Match": `"${this.revision}"` });
      this.revision = revision;
      note(this.page, "log-in", "");
      if (!this.dirty) {
        this.#say(_("已保存 {time}", { time: new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false }) }), "good");
        this.#forgetBackup();
      }
    } catch (error) {
      this.dirty = true;
      this.#busy = false;
      return await this.#refused(error, xml);
    }
    this.#busy = false;
    if (this.dirty) this.#later(PAUSE);
  }

  async #refused(error, xml) {
    this.#say(error.sentence ?? String(error), "wrong");
    if (error.passes) return this.#later(AGAIN);
    if (error.status === 401) return note(this.page, "log-in", error.sentence, [], [[_("打开登录页"), () => window.open(this.page.dataset.logIn)]]);
    if (error.status === 409 && error.told.who) return await this.#conflict(error, xml);
    if (error.status === 409) return this.stop(error.sentence);
  }

  /** Somebody else has saved the same diagram: whoever decides loses neither. */
  async #conflict({ sentence, told }, xml) {
    const choice = await ask(this.page, _("{who} 也保存了这张图", { who: told.who }), [sentence, _("两份都不会丢：选“用对方的”会先把您的这份下载下来；选“用我的”会把对方的那份留在草稿的 original 文件夹里。")], [
      ["theirs", _("下载我的，改用对方的")],
      ["mine", _("用我的，留存对方的")],
      ["later", _("先不决定")],
    ]);
    if (choice === "theirs") {
      download(xml, `${this.page.dataset.key}.bpmn`);
      this.dirty = false;
      this.#forgetBackup();
      await this.onReload();
    } else if (choice === "mine") {
      this.revision = told.revision;
      await this.now({ overwrite: true });
    } else this.#say(_("尚未保存：{who} 已保存了另一份，下次修改时再问。", { who: told.who }), "wrong");
  }

  #later(pause) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), pause);
  }

  #say(text, tone) {
    const place = this.page.querySelector("[data-state]");
    place.textContent = text;
    place.dataset.tone = tone;
  }

  // A copy in the browser until the server has it: a crash or an empty battery loses nothing.

  get #name() {
    return `studio:${this.page.dataset.draft}`;
  }

  #keepBackup(xml) {
    try {
      localStorage.setItem(this.#name, JSON.stringify({ xml, at: Date.now() }));
    } catch {
      // No room for a copy; the page itself still holds everything.
    }
  }

  #forgetBackup() {
    localStorage.removeItem(this.#name);
  }

  async #offerBackup() {
    let found;
    try {
      found = JSON.parse(localStorage.getItem(this.#name) ?? "null");
    } catch {
      found = null;
    }
    this.#forgetBackup();
    if (!found?.xml) return;
    const when = new Date(found.at).toLocaleString("zh-CN", { hour12: false });
    const choice = await ask(this.page, _("上次有没存上的修改"), [_("本机留有 {when} 未能保存到服务器的流程图。", { when })], [
      ["download", _("下载这份")],
      ["drop", _("不要了")],
    ]);
    if (choice === "download") download(found.xml, `${this.page.dataset.key}-unsaved.bpmn`);
  }
}
