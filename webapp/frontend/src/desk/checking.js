// The check while drawing: the server's own, over what is on the canvas; its findings are marked on the shapes.
import { language, _ } from "../words/words.js";

const PAUSE = 700;

export class Checking {
  #timer = 0;
  #round = 0;

  constructor(modeler, server, state, desk) {
    Object.assign(this, { modeler, server, state, desk });
    modeler.on("commandStack.changed", () => this.soon());
  }

  soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), PAUSE);
  }

  async now() {
    const round = ++this.#round;
    const { xml } = await this.modeler.saveXML({ format: true });
    try {
      const report = await this.server.send("POST", "/check.json", xml, { "Content-Type": "application/xml" });
      if (round !== this.#round) return; // a later check is on its way
      const problems = report.problems.map((each) => ({ ...each, message: language === "en" ? each.message_en : each.message_zh }));
      this.state.set({ problems, checking: "done" });
      this.#mark(problems);
    } catch (error) {
      if (round === this.#round) this.state.set({ checking: "failed", checkReason: error.sentence ?? String(error) });
    }
  }

  #mark(problems) {
    const canvas = this.modeler.get("canvas");
    const registry = this.modeler.get("elementRegistry");
    const overlays = this.modeler.get("overlays");
    for (const element of registry.getAll()) for (const name of ["is-error", "is-warning"]) if (canvas.hasMarker(element, name)) canvas.removeMarker(element, name);
    overlays.remove({ type: "problem" });
    const byElement = Map.groupBy?.(problems, (each) => each.element) ?? grouped(problems);
    for (const [id, own] of byElement) {
      const element = registry.get(id);
      if (!element || element === canvas.getRootElement()) continue;
      const severity = own.some((each) => each.severity === "error") ? "error" : "warning";
      canvas.addMarker(element, `is-${severity}`);
      overlays.add(id, "problem", { position: element.waypoints ? middle(element) : { top: -9, left: -9 }, html: this.#sign(id, severity, own) });
    }
  }

  #sign(id, severity, own) {
    const sign = document.createElement("button");
    sign.type = "button";
    sign.className = `diagram-problem is-${severity}`;
    sign.textContent = severity === "error" ? "✕" : "!";
    sign.title = own.map((each) => each.message).join("\n");
    sign.setAttribute("aria-label", `${severity === "error" ? _("错误") : _("提示")}：${sign.title}`);
    sign.tabIndex = -1; // the list of problems is the way by keyboard
    sign.addEventListener("click", () => this.desk.goTo(id));
    return sign;
  }
}

function grouped(problems) {
  const found = new Map();
  for (const each of problems) found.set(each.element, [...(found.get(each.element) ?? []), each]);
  return found;
}

/** The middle of a flow, from the corner of the box around it. */
function middle({ waypoints }) {
  const left = Math.min(...waypoints.map(({ x }) => x));
  const top = Math.min(...waypoints.map(({ y }) => y));
  const at = Math.floor((waypoints.length - 1) / 2);
  const [one, other] = [waypoints[at], waypoints[at + 1]];
  return { left: (one.x + other.x) / 2 - left - 9, top: (one.y + other.y) / 2 - top - 9 };
}
