// Two versions side by side: one scrolls with the other, and the list leads to what it tells of. Works without it too.
(() => {
  "use strict";

  const frame = document.querySelector("[data-compare]");
  if (!frame) return;
  const boxes = [...frame.querySelectorAll("[data-side]")];
  const origin = (box) => {
    const view = box.querySelector("svg")?.viewBox.baseVal;
    return view ? { x: view.x, y: view.y } : { x: 0, y: 0 };
  };

  // The same part of both planes is shown: places are compared in the diagrams' own coordinates.
  let leading = null;
  for (const box of boxes) {
    box.addEventListener("scroll", () => {
      if (leading && leading !== box) return;
      leading = box;
      const from = origin(box);
      for (const other of boxes) {
        if (other === box) continue;
        const to = origin(other);
        other.scrollLeft = box.scrollLeft + from.x - to.x;
        other.scrollTop = box.scrollTop + from.y - to.y;
      }
      window.clearTimeout(box.settling);
      box.settling = window.setTimeout(() => { leading = null; }, 120);
    }, { passive: true });
  }

  const show = (id, behavior) => {
    frame.querySelectorAll(".is-shown").forEach((each) => each.classList.remove("is-shown"));
    leading = null;
    for (const box of [...boxes].reverse()) {
      const found = box.querySelector(`[data-element="${CSS.escape(id)}"]`);
      if (!found) continue;
      found.classList.add("is-shown");
      const place = found.getBoundingClientRect();
      const around = box.getBoundingClientRect();
      box.scrollTo({
        left: box.scrollLeft + place.left - around.left - (box.clientWidth - place.width) / 2,
        top: box.scrollTop + place.top - around.top - (box.clientHeight - place.height) / 2,
        behavior,
      });
    }
    frame.scrollIntoView({ block: "nearest" });
  };

  for (const link of document.querySelectorAll("[data-jump]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(link.dataset.jump, "auto");
    });
  }
  const first = document.querySelector("[data-jump]");
  if (first) show(first.dataset.jump, "auto");
})();
