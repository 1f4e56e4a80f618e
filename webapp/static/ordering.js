// A list whose items change places: by a handle that is dragged (mouse, pen or finger), and by Alt+arrows.
(() => {
  "use strict";

  // `place(from, to)` is called once, when the item has been let go; the caller draws the list again.
  window.ordering = (list, handle, place) => {
    let dragged = null;
    let from = -1;

    const items = () => [...list.children];

    function over(y) {
      for (const each of items()) {
        if (each === dragged) continue;
        const box = each.getBoundingClientRect();
        if (y < box.top + box.height / 2) return each;
      }
      return null;
    }

    list.addEventListener("pointerdown", (event) => {
      const grip = event.target.closest(handle);
      const item = grip && items().find((each) => each.contains(grip));
      if (!item || event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      dragged = item;
      from = items().indexOf(item);
      item.classList.add("is-dragged");
      for (const [name, act] of listening) document.addEventListener(name, act);
    });
    function move(event) {
      const next = over(event.clientY);
      if (next !== dragged.nextElementSibling) list.insertBefore(dragged, next);
      const edge = 60;
      if (event.clientY < edge) window.scrollBy(0, -12);
      if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 12);
    }
    function end(event) {
      for (const [name, act] of listening) document.removeEventListener(name, act);
      const to = items().indexOf(dragged);
      const broken = event.type === "pointercancel";
      dragged.classList.remove("is-dragged");
      if (broken) list.insertBefore(dragged, items().filter((each) => each !== dragged)[from] || null);
      dragged = null;
      if (!broken && to !== from) place(from, to);
    }
    const listening = [["pointermove", move], ["pointerup", end], ["pointercancel", end]];

    list.addEventListener("keydown", (event) => {
      if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
      const item = items().find((each) => each.contains(event.target));
      if (!item) return;
      event.preventDefault();
      event.stopPropagation();
      const at = items().indexOf(item);
      const to = at + (event.key === "ArrowUp" ? -1 : 1);
      if (to >= 0 && to < items().length) place(at, to);
    });
  };
})();
