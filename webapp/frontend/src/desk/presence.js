// Who else is at this draft: the page says every few seconds that it is open, and hears of the others.
import { _ } from "../words/words.js";
import { note } from "./dialogs.js";

const EVERY = 8000;
const DIAGRAM = "process.bpmn";

export class Presence {
  constructor(server, page, saving, reload) {
    Object.assign(this, { server, page, saving, reload });
    saving.onReload = reload;
    this.#tell();
    setInterval(() => document.visibilityState === "visible" && this.#tell(), EVERY);
  }

  async #tell() {
    const told = await this.server.send("POST", "/presence", new URLSearchParams({ path: DIAGRAM })).catch(() => null);
    if (!told) return;
    const here = (told.others ?? []).filter(({ path }) => path === DIAGRAM).map(({ name }) => name);
    const elsewhere = (told.others ?? []).filter(({ path }) => path !== DIAGRAM).map(({ name }) => name);
    const place = this.page.querySelector("[data-people]");
    const words = [
      here.length && _("{names} 也正在改这张图", { names: [...new Set(here)].join("、") }),
      elsewhere.length && _("{names} 正在改草稿的其他部分", { names: [...new Set(elsewhere)].join("、") }),
    ].filter(Boolean);
    place.hidden = !words.length;
    if (place.textContent !== words.join("；")) place.textContent = words.join("；");
    if (told.revision > this.saving.revision && this.saving.revision && !this.saving.dirty) await this.#lookAgain();
  }

  /** Something of the draft was saved: by others the diagram, or only a form beside it. */
  async #lookAgain() {
    const now = await this.server.get("/diagram.json").catch(() => null);
    if (!now || this.saving.dirty || !this.saving.revision) return;
    if (now.saved.revision <= this.saving.revision) {
      this.saving.revision = now.revision;
      return;
    }
    const load = () => (note(this.page, "newer", ""), this.reload());
    note(this.page, "newer", _("{who} 保存了更新的流程图。", { who: now.saved.who }), [], [[_("载入"), load]]);
  }
}
