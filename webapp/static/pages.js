// Pages of staff and managers: what a page can do better with a script. Every page works without it.
(() => {
  "use strict";

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // Everything folded away belongs on paper.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("main details:not([open]):not(.not-printed)")];
    folded.forEach((each) => { each.open = true; });
  });
  window.addEventListener("afterprint", () => { folded.forEach((each) => { each.open = false; }); });

  // Ctrl+Enter sends the form, but never while an input method composes Chinese.
  for (const form of document.querySelectorAll("[data-quick-submit]")) {
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("button:not([formaction]):not([type=button])"));
    });
  }

  // What is typed into a task is kept as a draft every half minute; files are sent with the form alone.
  for (const form of document.querySelectorAll("[data-autosave]")) {
    const line = form.querySelector("[data-saved]");
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    const keep = async () => {
      if (!changed) return;
      changed = false;
      const sent = new FormData();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") sent.append(name, value);
      sent.set("_operation_key", crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
      sent.set("_quiet", "yes");
      const answered = await fetch(form.dataset.autosave, { method: "POST", body: sent, redirect: "manual" }).catch(() => null);
      const time = new Date().toTimeString().slice(0, 5);
      const kept = answered?.status === 204;
      line.textContent = kept ? form.dataset.textSaved.replace("{time}", time) : form.dataset.textUnsaved;
      if (!kept) changed = true;
    };
    setInterval(keep, 30_000);
  }

  // A large diagram opens at the task that the page is about, else where the case stands, or where it begins; a button shows the whole of it.
  for (const box of document.querySelectorAll("[data-diagram]")) {
    const own = box.dataset.at ? [`[data-element="${CSS.escape(box.dataset.at)}"]`] : [];
    const first = [...own, ".bpmn-userTask.is-late", ".bpmn-userTask.is-current", ".is-late", ".is-current", ".bpmn-startEvent"];
    const at = first.map((each) => box.querySelector(each)).find(Boolean);
    const center = () => {
      if (!at) return;
      const frame = box.getBoundingClientRect();
      const place = at.getBoundingClientRect();
      box.scrollLeft += place.left - frame.left - (box.clientWidth - place.width) / 2;
      box.scrollTop += place.top - frame.top - (box.clientHeight - place.height) / 2;
    };
    const button = box.parentElement.querySelector("[data-diagram-fit]");
    const large = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (!large) continue;
    center();
    if (!button) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const fit = box.classList.toggle("is-fit");
      button.setAttribute("aria-pressed", String(fit));
      if (!fit) center();
    });
  }
})();
