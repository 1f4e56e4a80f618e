// Which parts the modeler and the viewer are made of.
import Modeler from "bpmn-js/lib/Modeler";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import colorPicker from "bpmn-js-color-picker";
import { CreateAppendAnythingModule } from "bpmn-js-create-append-anything";
import simulation from "bpmn-js-token-simulation/lib/modeler";
import simulationOfViewer from "bpmn-js-token-simulation/lib/viewer";
import grid from "diagram-js-grid";
import minimap from "diagram-js-minimap";
import words from "../words/words.js";
import { spokenSimulation } from "./simulation.js";
import { crosses } from "./crosses.js";
import manyChanges from "./changes.js";
import finding from "./finding.js";
import sharedClipboard from "./clipboard.js";
import { vocabulary } from "./vocabulary.js";

/** A modeler in a box: drawing, colours, minimap, grid, search, copy and paste, simulation. */
export function makeModeler(container) {
  const modeler = new Modeler({
    container,
    moddleExtensions: vocabulary,
    additionalModules: [words, colorPicker, CreateAppendAnythingModule, sharedClipboard, simulation, spokenSimulation, grid, minimap, manyChanges, finding],
  });
  modeler.get("grid").toggle(false);
  return modeler;
}

/** The same to look at. */
export function makeViewer(container) {
  return new NavigatedViewer({
    container,
    moddleExtensions: vocabulary,
    additionalModules: [words, crosses, simulationOfViewer, spokenSimulation],
  });
}
