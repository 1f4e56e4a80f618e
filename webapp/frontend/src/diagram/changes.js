// Several changes of properties as one step, so that one undo takes them all back.
export default { manyChanges: ["type", ManyChanges], __init__: ["manyChanges"] };

const COMMAND = "desk.change-many";

class Handler {
  constructor(modeling) {
    this.modeling = modeling;
  }

  preExecute({ element, changes }) {
    for (const { of, properties } of changes) this.modeling.updateModdleProperties(element, of, properties);
  }
}
Handler.$inject = ["modeling"];

function ManyChanges(injector) {
  const commands = injector.get("commandStack", false);
  if (!commands) return; // a viewer changes nothing
  commands.registerHandler(COMMAND, Handler);
  this.make = (element, changes) => commands.execute(COMMAND, { element, changes });
}
ManyChanges.$inject = ["injector"];
