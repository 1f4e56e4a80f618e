// Copying between diagrams in different tabs. The copy is kept in this browser: it asks for no permission and needs no
// https, as the system's clipboard would.
const PLACE = "studio:clipboard";
const FIRST = 3000;

export default { sharedClipboard: ["type", SharedClipboard], __init__: ["sharedClipboard"] };

function SharedClipboard(eventBus, moddle) {
  eventBus.on("copyPaste.elementsCopied", FIRST, ({ tree, hints }) => {
    if (hints?.clip === false) return;
    try {
      localStorage.setItem(PLACE, JSON.stringify(tree));
    } catch {
      localStorage.removeItem(PLACE); // too large to share: inside this diagram it can be pasted all the same
    }
  });
  eventBus.on("copyPaste.pasteElements", FIRST, (context) => {
    if (context.tree) return;
    const kept = localStorage.getItem(PLACE);
    if (kept) context.tree = JSON.parse(kept, revived(moddle));
  });
}
SharedClipboard.$inject = ["eventBus", "moddle"];

/** Makes the objects of a diagram out of what was written as JSON; one id is one object. */
function revived(moddle) {
  const made = new Map();
  return (key, value) => {
    if (typeof value?.$type !== "string") return value;
    const { $type, ...properties } = value;
    if (properties.id && made.has(properties.id)) return made.get(properties.id);
    if (!moddle.getTypeDescriptor($type)) return undefined;
    const object = moddle.create($type, properties);
    if (properties.id) made.set(properties.id, object);
    return object;
  };
}
