// The views of a form: in both languages, and as the JSON it is kept as.
(() => {
  "use strict";

  window.formEditor = window.formEditor || {};
  window.formEditor.tabs = (editor) => {
    const { words, at, root } = editor;
    const { fill } = window.studio;

    const tabs = [...root.querySelectorAll("[data-tab]")];
    function open(name) {
      editor.tab = name;
      for (const each of tabs) {
        each.setAttribute("aria-selected", String(each.dataset.tab === name));
        each.tabIndex = each.dataset.tab === name ? 0 : -1;
      }
      at("shown").hidden = name === "json";
      at("json").hidden = name !== "json";
      if (name !== "json") at("shown").setAttribute("aria-labelledby", `fe-tab-${name}`);
      editor.drawPreview();
    }
    tabs.forEach((each, place) => {
      each.addEventListener("click", () => editor.open(each.dataset.tab));
      each.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = tabs[(place + step + tabs.length) % tabs.length];
        editor.open(next.dataset.tab);
        next.focus();
      });
    });
    function wrongJson(sentence) {
      const line = at("json-problem");
      line.hidden = !sentence;
      line.textContent = sentence;
    }
    at("json-apply")?.addEventListener("click", () => {
      try {
        const found = JSON.parse(at("json-text").value);
        if (!found || typeof found !== "object" || Array.isArray(found)) throw new Error("{…}");
        if (editor.form) editor.steps.remember();
        editor.form = found;
        editor.chosen = { field: -1, column: -1 };
        editor.wrongJson("");
        editor.begin();
        editor.announce(words.applied);
      } catch (wrong) { editor.wrongJson(fill(words.badJson, { text: wrong.message })); }
    });

    Object.assign(editor, { open, wrongJson });
  };
})();
