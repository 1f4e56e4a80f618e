// What the modeler makes of files by reading and writing them: {"<path>": {"xml", "warnings"}} for the paths given.
import { BpmnModdle } from "bpmn-moddle";
import { readFile } from "node:fs/promises";
import { vocabulary } from "./src/diagram/vocabulary.js";

const told = {};
for (const path of process.argv.slice(2)) {
  const moddle = new BpmnModdle(vocabulary);
  try {
    const { rootElement, warnings } = await moddle.fromXML(await readFile(path, "utf8"));
    const { xml } = await moddle.toXML(rootElement, { format: true });
    told[path] = { xml, warnings: warnings.map((each) => each.message) };
  } catch (error) {
    told[path] = { xml: "", warnings: [error.message] };
  }
}
process.stdout.write(JSON.stringify(told));
