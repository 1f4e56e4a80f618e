// The desk: keys, and guards against lost text and double clicks. Every page works without this script.
(() => {
  "use strict";

  document.documentElement.classList.add("has-script");
  const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  // ---- rows of a list ----------------------------------------------------------------------------------------------

  const rows = () => [...document.querySelectorAll("table.list tbody tr")].filter((row) => row.querySelector("a[href]"));

  function step(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.classList.contains("is-at"));
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    all.forEach((row) => row.classList.toggle("is-at", row === next));
    (next.querySelector(".cell-title a[href]") || next.querySelector("a[href]")).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  // ---- keys --------------------------------------------------------------------------------------------------------

  const help = document.querySelector("[data-keys-help]");
  const showHelp = () => { if (help && !help.open) help.showModal(); };
  const acts = {
    "/": () => document.querySelector("[data-search]")?.focus(),
    "j": () => step(1),
    "k": () => step(-1),
    "?": showHelp,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || help?.open) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.querySelector("[data-keys]")?.addEventListener("click", (event) => {
    event.preventDefault();
    showHelp();
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("table.list tbody tr");
    if (row) rows().forEach((each) => each.classList.toggle("is-at", each === row));
  });

  // ---- double clicks and lost text ---------------------------------------------------------------------------------

  let changed = false;

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-guard], :has([data-form])")) changed = true;
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    changed = false;
    // not `disabled`: a disabled button would not send its own name and value
    form.querySelectorAll("button:not([type=button])").forEach((button) => button.setAttribute("aria-disabled", "true"));
  });

  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
    });
  });
})();
