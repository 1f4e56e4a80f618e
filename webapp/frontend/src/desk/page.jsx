// Puts the page together: opens the diagram, and joins canvas, panel, checks, saving and who else is there.
import { makeModeler, makeViewer } from "../diagram/modules.js";
import { firstSight } from "../diagram/shown.js";
import { simulationWords } from "../diagram/simulation.js";
import { idsOf } from "../panel/model.js";
import { showPanel } from "../panel/panel.jsx";
import { untranslated, _ } from "../words/words.js";
import { Checking } from "./checking.js";
import { ask, note } from "./dialogs.js";
import { Presence } from "./presence.js";
import { Saving } from "./saving.js";
import { Server } from "./server.js";
import { equip, takeIn } from "./tools.js";

/** Start the page; what it returns is for tests and for other scripts of the page. */
export function start(page) {
  const server = new Server(page.dataset);
  const canvas = page.querySelector("[data-canvas]");
  const editable = "editable" in page.dataset;
  const modeler = editable ? makeModeler(canvas) : makeViewer(canvas);
  const studio = { modeler, untranslated, ready: null };
  studio.ready = open(page, server, modeler, editable, studio).catch((error) => {
    page.querySelector("[data-wait]").textContent = error.sentence ?? _("流程图打不开：{reason}", { reason: error.message });
    page.dataset.ready = "failed";
    if (editable) offerAnother(page, server);
    if (!error.sentence) console.error(error);
  });
  return studio;
}

/** Where the file cannot be opened at all another one may take its place; this one is kept. */
function offerAnother(page, server) {
  const button = page.querySelector("[data-act=import]");
  const asSaved = { revision: Number(page.dataset.revision), now: async () => {} };
  button.disabled = false;
  button.addEventListener("click", () => takeIn(page, server, asSaved, () => location.reload()));
}

async function open(page, server, modeler, editable, studio) {
  const [diagram, offers] = await Promise.all([server.get("/diagram.json"), server.get("/diagram/offers.json")]);
  const state = new State();
  const saving = editable ? new Saving(modeler, server, page) : null;
  const waiting = page.querySelector("[data-wait]");
  await bring(modeler, diagram);
  waiting.remove();
  const desk = {
    modeler,
    offers,
    editable,
    state,
    urls: { form: (key) => server.url(`/forms/${encodeURIComponent(key)}`), newForm: server.url("#add-form"), table: (key) => server.url(`/tables/${encodeURIComponent(key)}`) },
    goTo: (id) => goTo(modeler, id, desk),
    showTab: () => {},
  };
  showPanel(page.querySelector("[data-side]"), desk);
  const checking = new Checking(modeler, server, state, desk);
  const reload = async () => {
    if (saving) saving.revision = 0; // nothing is saved while another file is being opened
    const [fresh, again] = await Promise.all([server.get("/diagram.json"), server.get("/diagram/offers.json")]);
    Object.assign(offers, again);
    await bring(modeler, fresh);
    await begin(page, server, modeler, fresh, saving);
    checking.soon();
  };
  modeler.on("tokenSimulation.toggleMode", ({ active }) => {
    state.set({ simulating: active });
    page.classList.toggle("is-simulating", active);
    note(page, "simulation", active ? simulationWords() : "");
  });
  equip(page, modeler, server, { saving, reload, checking, offers });
  await begin(page, server, modeler, diagram, saving);
  if (editable) new Presence(server, page, saving, reload);
  window.addEventListener("focus", async () => {
    // Forms and documents may have been changed in another tab.
    const fresh = await server.get("/diagram/offers.json").catch(() => null);
    if (fresh) Object.assign(offers, fresh);
    state.set({});
  });
  Object.assign(studio, { saving, checking, state, desk });
  look(modeler);
  checking.now();
  page.dataset.ready = "yes";
}

async function bring(modeler, { xml }) {
  await modeler.importXML(xml);
  look(modeler);
}

/** The diagram beside the tools that lie over its left edge. */
function look(modeler) {
  const canvas = modeler.get("canvas");
  canvas.resized();
  firstSight(modeler, canvas.getContainer().querySelector(".djs-palette") ? 110 : 0);
}

/** What must be said and asked after a file has been opened, before anything is changed. */
async function begin(page, server, modeler, diagram, saving) {
  note(page, "opened", diagram.notices.length ? diagram.notices.join(" ") : "", renamedWords(diagram.renamed));
  if (!saving) return;
  const { xml } = await modeler.saveXML({ format: true });
  const { kept, gone } = await server.send("POST", "/diagram/opened", { xml });
  if (gone.length) {
    const goOn = await ask(page, _("有内容无法保留"), [_("保存后，文件中的下列内容会丢失。可以只看不改，或仍然继续。"), gone.slice(0, 20)], [
      ["stop", _("只看不改")],
      ["go", _("仍然继续")],
    ]);
    if (goOn !== "go") saving.stop(_("只看不改：文件中有保存后会丢失的内容。"));
  }
  await saving.begin(diagram.revision, kept, idsOf(modeler.getDefinitions()));
}

const renamedWords = (renamed) => renamed.map(([before, after, name]) => `${name || _("（无名称）")}：${before || _("（无标识）")} → ${after}`);

function goTo(modeler, id, desk) {
  const element = modeler.get("elementRegistry").get(id);
  if (!element) return;
  const canvas = modeler.get("canvas");
  const root = canvas.findRoot(element);
  if (root && root !== canvas.getRootElement()) canvas.setRootElement(root);
  if (element !== canvas.getRootElement()) {
    if (canvas.zoom() < 0.6) canvas.zoom(1, "auto");
    canvas.scrollToElement(element, 120);
    modeler.get("selection").select(element);
  } else modeler.get("selection").select([]);
  desk.showTab("properties");
}

/** What the panel shows besides the diagram itself. */
class State {
  problems = [];
  checking = "never";
  checkReason = "";
  simulating = false;
  #listeners = [];

  onChange(listener) {
    this.#listeners.push(listener);
  }

  set(changed) {
    Object.assign(this, changed);
    this.#listeners.forEach((listener) => listener());
  }
}
