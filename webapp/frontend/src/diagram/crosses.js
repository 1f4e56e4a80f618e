// An exclusive gateway shows its cross where the file does not say, as it does in the modeler and in our own pictures.
export const crosses = { crosses: ["type", Crosses], __init__: ["crosses"] };

function Crosses(eventBus) {
  eventBus.on("shape.add", 2000, ({ element: { businessObject, di } }) => {
    if (businessObject?.$type === "bpmn:ExclusiveGateway" && di && di.isMarkerVisible === undefined) di.isMarkerVisible = true;
  });
}
Crosses.$inject = ["eventBus"];
