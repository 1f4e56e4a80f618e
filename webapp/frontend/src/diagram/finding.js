// Finding an element: what a Chinese input method commits, or a mouse pastes, is looked for like what is typed.
class Finding {
  static $inject = ["canvas"];

  constructor(canvas) {
    // The search listens to keys alone; words also arrive without one.
    canvas.getContainer().addEventListener("input", ({ target }) => {
      if (target.closest(".djs-search-input")) target.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true, key: "Process" }));
    });
  }
}

export default { __init__: ["finding"], finding: ["type", Finding] };
