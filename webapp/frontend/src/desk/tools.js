// The buttons above the canvas.
import { fit } from "../diagram/shown.js";
import { _ } from "../words/words.js";
import { ask, download, note } from "./dialogs.js";

/** Let the buttons of the page work, and say with each whether it can be used. */
export function equip(page, modeler, server, { saving, reload }) {
  const acts = {
    "undo": () => modeler.get("commandStack").undo(),
    "redo": () => modeler.get("commandStack").redo(),
    "find": () => find(modeler),
    "zoom-in": () => modeler.get("zoomScroll").stepZoom(1),
    "zoom-out": () => modeler.get("zoomScroll").stepZoom(-1),
    "fit": () => fit(modeler),
    "grid": (button) => press(button, modeler.get("grid").toggle.bind(modeler.get("grid")), () => modeler.get("grid").isVisible()),
    "minimap": (button) => press(button, () => modeler.get("minimap").toggle(), () => modeler.get("minimap").isOpen()),
    "simulate": () => modeler.get("toggleMode").toggleMode(),
    "import": () => takeIn(page, server, saving, reload),
    "download": async () => download((await modeler.saveXML({ format: true })).xml, `${page.dataset.key}.bpmn`),
    "keys": () => showKeys(page),
  };
  const buttons = [...page.querySelectorAll("[data-act]")];
  const refresh = () => {
    const stack = modeler.get("commandStack", false);
    const simulating = page.classList.contains("is-simulating");
    for (const button of buttons) {
      const { act } = button.dataset;
      const able = { undo: stack?.canUndo(), redo: stack?.canRedo() }[act] ?? true;
      button.disabled = !able || (simulating && ["undo", "redo", "import", "find"].includes(act));
      if (act === "simulate") button.setAttribute("aria-pressed", String(simulating));
      if (act === "minimap") button.setAttribute("aria-pressed", String(modeler.get("minimap").isOpen()));
    }
  };
  for (const button of buttons) button.addEventListener("click", () => acts[button.dataset.act](button));
  for (const event of ["commandStack.changed", "import.done", "minimap.toggle", "tokenSimulation.toggleMode"]) modeler.on(event, 100, () => setTimeout(refresh));
  new ResizeObserver(() => modeler.get("canvas").resized()).observe(page.querySelector("[data-canvas]"));
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      saving?.now();
    }
  });
  refresh();
}

function press(button, toggle, isOn) {
  toggle();
  button.setAttribute("aria-pressed", String(isOn()));
}

function find(modeler) {
  const pad = modeler.get("searchPad", false);
  const open = pad?.isOpen();
  // The click that asks for it goes on to the page, and a click anywhere closes the search: it is opened after that.
  if (pad) setTimeout(() => (open ? pad.close() : pad.open()));
  else document.getElementById("tab-steps").click();
}

/** Put a file in the place of the diagram; the one before stays in the draft. */
export async function takeIn(page, server, saving, reload) {
  const choice = document.createElement("input");
  choice.type = "file";
  choice.accept = ".bpmn,.xml,application/xml,text/xml";
  choice.dataset.importFile = "";
  choice.hidden = true;
  page.append(choice);
  choice.addEventListener("cancel", () => choice.remove());
  choice.addEventListener("change", async () => {
    const [file] = choice.files;
    choice.remove();
    if (!file) return;
    const answer = await ask(page, _("导入 {name}", { name: file.name }), [_("文件将替换草稿现在的流程图；现在的流程图留在草稿的 original 文件夹里。")], [
      ["go", _("导入")],
      ["", _("返回")],
    ]);
    if (answer !== "go") return;
    await saving.now();
    try {
      await server.send("POST", "/diagram/import", await file.arrayBuffer(), { "If-Match": `"${saving.revision}"`, "Content-Type": "application/octet-stream" });
      await reload();
    } catch (error) {
      note(page, "import", _("没有导入 {name}：{reason}", { name: file.name, reason: error.sentence ?? error.message }));
    }
  });
  choice.click();
}

const KEYS = () => [
  [_("撤销、重做"), "Ctrl+Z, Ctrl+Y"],
  [_("复制、剪切、粘贴"), "Ctrl+C, Ctrl+X, Ctrl+V"],
  [_("全选、删除"), "Ctrl+A, Delete"],
  [_("查找元素"), "Ctrl+F"],
  [_("改名称"), "E"],
  [_("追加元素"), "A"],
  [_("新建元素"), "N"],
  [_("换成别的类型"), "R"],
  [_("抓手、框选、留空、连线"), "H, L, S, C"],
  [_("移动所选元素"), "← ↑ → ↓, Shift+← ↑ → ↓"],
  [_("移动画布"), "Ctrl+← ↑ → ↓"],
  [_("放大、缩小、看全图"), "Ctrl+=, Ctrl+-, Ctrl+0"],
  [_("模拟"), "T"],
  [_("立即保存"), "Ctrl+S"],
];

function showKeys(page) {
  ask(page, _("画图的按键"), [_("先在画布上点一下。"), KEYS().map(([what, keys]) => `${what}：${keys}`)], [["", _("关闭")]]);
}
