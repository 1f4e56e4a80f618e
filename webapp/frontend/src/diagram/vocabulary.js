// What moddle must know to keep every element of a diagram: the properties of the desk, and two corrections of BPMN.
import bpmn from "bpmn-moddle/resources/bpmn/json/bpmn.json" with { type: "json" };

const spiffworkflow = {
  name: "SpiffWorkflow",
  uri: "http://spiffworkflow.org/bpmn/schema/1.0/core",
  prefix: "spiffworkflow",
  xml: { tagAlias: "lowerCase" },
  associations: [],
  types: [
    { name: "Properties", superClass: ["Element"], properties: [{ name: "properties", type: "Property", isMany: true }] },
    {
      name: "Property",
      superClass: ["Element"],
      properties: [
        { name: "name", isAttr: true, type: "String" },
        { name: "value", isAttr: true, type: "String" },
      ],
    },
  ],
};

// A list that is gone through is named by an expression; moddle takes it for a reference and drops what it cannot find.
const EXPRESSIONS = ["loopDataInputRef", "loopDataOutputRef"];

function corrected() {
  const copy = structuredClone(bpmn);
  for (const type of copy.types)
    for (const property of type.properties ?? [])
      if (EXPRESSIONS.includes(property.name)) {
        property.type = "String";
        delete property.isReference;
      }
  return copy;
}

export const vocabulary = { bpmn: corrected(), spiffworkflow };
