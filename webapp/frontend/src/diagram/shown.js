// Diagrams to look at, with tones and counts that their page gives.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { heat, markAll } from "./marks.js";
import { crosses } from "./crosses.js";
import { vocabulary } from "./vocabulary.js";
import words, { _ } from "../words/words.js";

const READABLE = 0.7;

/** Draw a diagram into a box; resolves with the viewer, whose `overlays`, `canvas` and `elementRegistry` are free to use. */
export async function show(box, xml, marks = {}) {
  const viewer = new NavigatedViewer({ container: box, moddleExtensions: vocabulary, additionalModules: [words, crosses] });
  await viewer.importXML(xml);
  fit(viewer);
  markAll(viewer, marks);
  new ResizeObserver(() => viewer.get("canvas").resized()).observe(box);
  return viewer;
}

/** The whole diagram in the middle of its box, never larger than drawn. */
export function fit(viewer) {
  const canvas = viewer.get("canvas");
  if (!canvas.getContainer().clientWidth) return;
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() > 1) canvas.zoom(1, "auto");
}

/** The first sight of a diagram: all of it where its words can still be read, else its upper left part. */
export function firstSight(viewer, left = 0) {
  fit(viewer);
  const canvas = viewer.get("canvas");
  if (canvas.zoom() >= READABLE) return canvas.scroll({ dx: left / 2, dy: 0 });
  const { inner, outer } = canvas.viewbox();
  const scale = READABLE;
  canvas.viewbox({ x: inner.x - (left + 20) / scale, y: inner.y - 20 / scale, width: outer.width / scale, height: outer.height / scale });
}

/** All boxes of a page that name a diagram; a promise of a viewer for each. */
export function shownDiagrams(page) {
  return [...page.querySelectorAll("[data-diagram]")].map(shownIn);
}

async function shownIn(box) {
  try {
    const answer = await fetch(box.dataset.diagram, { headers: { Accept: "application/xml" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const viewer = await show(box, await answer.text(), JSON.parse(box.dataset.marks || "{}"));
    if (box.dataset.heat) heat(viewer, JSON.parse(box.dataset.heat));
    box.dataset.drawn = "yes";
    box.dispatchEvent(new CustomEvent("diagram-drawn", { bubbles: true, detail: viewer }));
    return viewer;
  } catch {
    box.dataset.drawn = "no";
    box.textContent = _("流程图无法显示。请刷新页面；仍不行时请下载文件查看。");
    return null;
  }
}
