// A diagram to look at: move and zoom, colours and counts on its shapes. Every element with `data-diagram` becomes one.
//   <div data-diagram="/address/of/diagram" data-marks='{"task_1": {"tone": "added", "count": 3, "title": "…"}}'></div>
// `data-heat='{"task_1": 12}'` fills shapes by how large their number is, and writes it on them.
import "./viewer.css";
import { shownDiagrams } from "./diagram/shown.js";

export { heat, markAll, unmarkAll } from "./diagram/marks.js";
export { show } from "./diagram/shown.js";

window.studioDiagrams = shownDiagrams(document);
