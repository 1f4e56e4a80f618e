// The elements of the diagram as a list: the way to every shape by keyboard, and for those who do not see the canvas.
import { useState } from "preact/hooks";
import { _ } from "../words/words.js";
import { kindName } from "../words/kinds.js";
import { useDesk } from "./fields.jsx";
import { is } from "./model.js";

const SHOWN = ["bpmn:FlowNode", "bpmn:Lane", "bpmn:Participant", "bpmn:SequenceFlow", "bpmn:MessageFlow", "bpmn:TextAnnotation", "bpmn:DataObjectReference", "bpmn:DataStoreReference"];

export function Steps() {
  const { modeler, goTo, state } = useDesk();
  const [wanted, setWanted] = useState("");
  const all = modeler.get("elementRegistry").filter((element) => !element.labelTarget && is(element.businessObject, ...SHOWN));
  const fits = (element) => !wanted || nameOf(element).toLowerCase().includes(wanted.toLowerCase()) || element.id.includes(wanted);
  const marked = new Set(state.problems.map((each) => each.element));
  return (
    <>
      <label class="panel-search">
        <span>{_("筛选")}</span> <input type="search" class="panel-input" value={wanted} onInput={(event) => setWanted(event.target.value)} />
      </label>
      <ul class="panel-steps">
        {all.filter(fits).sort(inReadingOrder).map((element) => (
          <li key={element.id}>
            <button type="button" class="link" onClick={() => goTo(element.id)}>{nameOf(element)}</button>
            <span class="panel-kind">{kindName(element.businessObject)}{marked.has(element.id) ? ` · ${_("有问题")}` : ""}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function nameOf({ businessObject: object }) {
  if (is(object, "bpmn:SequenceFlow")) return object.name || `${object.sourceRef?.name || object.sourceRef?.id} → ${object.targetRef?.name || object.targetRef?.id}`;
  return object.name || object.text || object.id;
}

/** Shapes before lines; shapes from top to bottom in bands, and from left to right. */
function inReadingOrder(one, other) {
  const line = (element) => Number(Boolean(element.waypoints));
  const band = (element) => Math.round((element.y ?? 0) / 120);
  return line(one) - line(other) || band(one) - band(other) || (one.x ?? 0) - (other.x ?? 0);
}
