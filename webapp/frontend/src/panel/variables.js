// Which variables an expression at some place may name: answers of forms and results of scripts on the way there.
import { holder, is, propertiesOf } from "./model.js";

const ASSIGNED = /^[ \t]*([\p{L}_][\p{L}\p{N}_]*)\s*=(?!=)/gmu;
const NAMES = /[\p{L}_][\p{L}\p{N}_]*/gu;
const NEVER_CARRIED = ["table", "file", "files", "text_long", "long_text", "textarea"];
const WORDS_OF_LANGUAGE = new Set(["and", "or", "not", "in", "is", "if", "else", "for", "True", "False", "None", "true", "false"]);

/** Variables before an element, those set on the way to it first: [{name, title, options, from}]. */
export function variablesAt(modeler, element, offers) {
  const found = new Map();
  const add = (variable) => found.has(variable.name) || found.set(variable.name, variable);
  for (const object of upstream(element)) for (const each of setBy(object, offers)) add(each);
  for (const each of offers.variables) add({ ...each, from: "" });
  for (const each of modeler.get("elementRegistry").getAll()) for (const variable of setBy(holder(each), offers)) add(variable);
  for (const name of mentioned(modeler, offers)) add({ name, title: null, from: "" });
  return [...found.values()];
}

/** The objects that run before an element, the nearest first. */
function upstream(element) {
  const start = holder(element);
  if (!start) return [];
  const waiting = is(start, "bpmn:SequenceFlow") ? [start.sourceRef] : [...before(start), start];
  const seen = new Set();
  while (waiting.length) {
    const object = waiting.shift();
    if (!object || seen.has(object)) continue;
    seen.add(object);
    waiting.push(...before(object));
  }
  return [...seen];
}

function before(object) {
  const flows = (object.incoming ?? []).map((flow) => flow.sourceRef);
  const around = is(object.$parent, "bpmn:SubProcess") ? [object.$parent] : [];
  return [...flows, object.attachedToRef, ...around].filter(Boolean);
}

function* setBy(object, offers) {
  if (!object) return;
  const given = propertiesOf(object);
  const form = offers.forms.find((each) => each.key === given.form);
  for (const field of form?.fields ?? [])
    if (carried(field, given.carry)) yield { name: field.name, title: field.title, options: field.options, from: object.name || object.id };
  const table = offers.tables.find((each) => each.key === given.table);
  for (const { name, title } of table?.outputs ?? []) yield { name, title, from: object.name || object.id };
  for (const [, name] of (object.script ?? "").matchAll(ASSIGNED)) yield { name, title: null, from: object.name || object.id };
  const loop = object.loopCharacteristics;
  for (const item of [loop?.inputDataItem, loop?.outputDataItem]) if (item?.name) yield { name: item.name, title: null, from: object.name || object.id };
  if (loop?.loopDataOutputRef) yield { name: loop.loopDataOutputRef, title: null, from: object.name || object.id };
}

function carried(field, carry) {
  if (!carry) return !NEVER_CARRIED.includes(field.type);
  return carry.trim() === "*" || carry.split(/[,，]/).some((name) => name.trim() === field.name);
}

/** Names in the expressions of the diagram: what operations give is seen where it is used. */
function mentioned(modeler, offers) {
  const found = new Set();
  for (const { businessObject: object } of modeler.get("elementRegistry").getAll()) {
    const given = propertiesOf(object);
    for (const text of [object.conditionExpression?.body, given.unit, given.person, given.correlation, object.loopCharacteristics?.loopDataInputRef])
      for (const [name] of (text ?? "").replace(/"[^"]*"|'[^']*'/g, "").matchAll(NAMES)) found.add(name);
  }
  return [...found].filter((name) => !WORDS_OF_LANGUAGE.has(name) && !offers.functions.includes(name));
}
