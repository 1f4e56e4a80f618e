// A common phrase is put where somebody writes an opinion; without a script the server does it.
(() => {
  "use strict";
  const form = document.querySelector("[data-autosave]");
  if (!form) return;
  let last = form.querySelector("textarea");
  form.addEventListener("focusin", (event) => { if (event.target.matches("textarea")) last = event.target; });
  for (const button of form.querySelectorAll("[data-phrase]")) {
    button.addEventListener("click", (event) => {
      if (!last) return;
      event.preventDefault();
      const before = last.value.trimEnd();
      last.value = before ? `${before}\n${button.dataset.phrase}` : button.dataset.phrase;
      last.dispatchEvent(new Event("input", { bubbles: true }));
      last.focus();
    });
  }
})();
