// Reading and writing the properties of elements; every write is one step that can be undone.

/** The element that a selection means: a label stands for what it names. */
export const meant = (element) => element?.labelTarget ?? element;

/** The object that holds an element's properties: of a pool it is the process that the pool shows. */
export function holder(element) {
  const object = element.businessObject;
  return object.$type === "bpmn:Participant" ? object.processRef : object;
}

export const is = (object, ...types) => Boolean(object?.$instanceOf) && types.some((type) => object.$instanceOf(type));

/** The desk's properties of an object: name → value. */
export function propertiesOf(object) {
  const found = {};
  for (const group of groupsOf(object)) for (const each of group.properties ?? []) found[each.name] = each.value ?? "";
  return found;
}

function groupsOf(object) {
  return (object?.extensionElements?.values ?? []).filter((each) => each.$type === "spiffworkflow:Properties");
}

/** What other tools have written of an object, by the names of its tags. */
export function foreignOf(object) {
  return (object?.extensionElements?.values ?? []).filter((each) => each.$type !== "spiffworkflow:Properties").map((each) => each.$type);
}

/** Set properties of an object by name; an empty value takes one away. */
export function setProperties(modeler, element, object, given) {
  const moddle = modeler.get("moddle");
  const extension = object.extensionElements;
  const groups = groupsOf(object);
  const values = { ...propertiesOf(object) };
  for (const [name, value] of Object.entries(given)) {
    if (value === "" || value === undefined || value === null) delete values[name];
    else values[name] = String(value);
  }
  const group = moddle.create("spiffworkflow:Properties", {});
  group.properties = Object.entries(values).map(([name, value]) => {
    const made = moddle.create("spiffworkflow:Property", { name, value });
    made.$parent = group;
    return made;
  });
  const first = extension ? (extension.values ?? []).indexOf(groups[0]) : -1;
  const others = (extension?.values ?? []).filter((each) => !groups.includes(each));
  if (group.properties.length) others.splice(first < 0 ? others.length : Math.min(first, others.length), 0, group);
  if (!extension) {
    if (!group.properties.length) return;
    const made = moddle.create("bpmn:ExtensionElements", { values: [group] });
    made.$parent = object;
    group.$parent = made;
    change(modeler, element, [[object, { extensionElements: made }]]);
  } else if (!others.length) {
    change(modeler, element, [[object, { extensionElements: undefined }]]);
  } else {
    group.$parent = extension;
    change(modeler, element, [[extension, { values: others }]]);
  }
}

/** Change several objects in one step: [[object, {property: value}], …]. */
export function change(modeler, element, changes) {
  modeler.get("manyChanges").make(element, changes.map(([of, properties]) => ({ of, properties })));
}

/** A formal expression of an object, or none for an empty text. */
export function expression(modeler, parent, text) {
  if (!text) return undefined;
  const made = modeler.get("moddle").create("bpmn:FormalExpression", { body: text });
  made.$parent = parent;
  return made;
}

export const definitionsOf = (modeler) => modeler.getDefinitions();

/** The root element of a kind with a name, made where there is none: its object and the change that adds it. */
export function namedRoot(modeler, type, name, property = "name") {
  const definitions = definitionsOf(modeler);
  const there = definitions.rootElements.find((each) => each.$type === type && each[property] === name);
  if (there) return [there, []];
  const prefix = type.replace("bpmn:", "").toLowerCase();
  const made = modeler.get("moddle").create(type, { id: freeId(modeler, `${prefix}_${asciiOf(name)}`), name, [property]: name });
  made.$parent = definitions;
  return [made, [[definitions, { rootElements: [...definitions.rootElements, made] }]]];
}

const asciiOf = (text) => text.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^_+|_+$/g, "") || "1";

export function freeId(modeler, wanted) {
  const taken = idsOf(definitionsOf(modeler));
  let id = wanted;
  for (let number = 2; taken.has(id); number += 1) id = `${wanted}_${number}`;
  return id;
}

/** All ids of a file: of its elements and of their drawing. */
export function idsOf(definitions) {
  const found = new Set();
  const seen = new Set();
  const visit = (object) => {
    if (!object || typeof object !== "object" || seen.has(object) || !object.$descriptor) return;
    seen.add(object);
    if (object.id) found.add(object.id);
    for (const property of object.$descriptor.properties) {
      if (property.isReference) continue;
      const value = object[property.name];
      if (Array.isArray(value)) value.forEach(visit);
      else visit(value);
    }
  };
  visit(definitions);
  return found;
}

/** The process in which an element stands. */
export function processOf(element) {
  let object = holder(element);
  while (object && object.$type !== "bpmn:Process") object = object.$parent;
  return object;
}

/** The stages that a process names: [{key, zh, en}]. */
export function stagesOf(process) {
  return (propertiesOf(process).stages ?? "")
    .split(";")
    .map((part) => part.split(":").map((each) => each.trim()))
    .filter(([key]) => key)
    .map(([key, zh = "", en = ""]) => ({ key, zh, en }));
}

export const writtenStages = (stages) => stages.filter(({ key }) => key).map(({ key, zh, en }) => [key, zh, en].join(":").replace(/:+$/, "")).join("; ");
