// Tones and counts on the shapes of a diagram. A tone fills the shape through a class, so that it prints and its name
// stays readable; a count stands as a number, so that colour is never the only sign.

export const TONES = ["added", "removed", "changed", "moved", "error", "warning", "done", "current", "late"];
const STEPS = 5;

/** Mark the shapes of a diagram: `{id: {tone, count, title}}`; what is no part of the diagram is left out. */
export function markAll(viewer, marks) {
  for (const [id, mark] of Object.entries(marks)) markOne(viewer, id, mark);
}

export function markOne(viewer, id, { tone, count, title }) {
  if (!viewer.get("elementRegistry").get(id)) return;
  if (tone) viewer.get("canvas").addMarker(id, `is-${tone}`);
  if (count !== undefined && count !== null) note(viewer, id, count, title);
}

/** Fill shapes by how large their number is, in five steps, and write the number on each. */
export function heat(viewer, numbers, titleOf = () => "") {
  const most = Math.max(0, ...Object.values(numbers));
  for (const [id, number] of Object.entries(numbers)) {
    if (!viewer.get("elementRegistry").get(id)) continue;
    const step = most > 0 ? Math.max(1, Math.ceil((number / most) * STEPS)) : 0;
    viewer.get("canvas").addMarker(id, `is-heat-${step}`);
    note(viewer, id, number, titleOf(id, number));
  }
}

/** Take away all tones, heat and numbers. */
export function unmarkAll(viewer) {
  const canvas = viewer.get("canvas");
  const classes = [...TONES.map((tone) => `is-${tone}`), ...Array.from({ length: STEPS + 1 }, (_, step) => `is-heat-${step}`)];
  for (const element of viewer.get("elementRegistry").getAll())
    for (const name of classes) if (canvas.hasMarker(element, name)) canvas.removeMarker(element, name);
  viewer.get("overlays").remove({ type: "count" });
}

function note(viewer, id, number, title = "") {
  const html = document.createElement("div");
  html.className = "diagram-count";
  html.textContent = String(number);
  if (title) html.title = title;
  viewer.get("overlays").add(id, "count", { position: { top: -10, right: 10 }, html });
}
