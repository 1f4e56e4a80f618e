// What the server says of a form that is being written: problems, losses, and the form as people will see it.
(() => {
  "use strict";

  window.formEditor = window.formEditor || {};
  window.formEditor.told = (editor) => {
    const { made } = window.formControls;
    const { words, root, path, at } = editor;
    const { fill, ask } = window.studio;

    let timer = 0;
    let asked = 0;
    function later() { clearTimeout(timer); timer = setTimeout(look, 350); }
    async function look() {
      const mine = (asked += 1);
      try {
        const told = await ask(root.dataset.preview, { method: "POST", body: JSON.stringify(editor.form), headers: { "Content-Type": "application/json" } });
        if (mine !== asked) return;
        editor.problems = told.problems;
        editor.html = told.html;
        drawState(told);
        editor.drawItems();
        editor.tellProblems();
        editor.drawPreview();
      } catch (wrong) {
        if (mine === asked) at("state").textContent = wrong.detail || String(wrong);
      }
    }
    function drawState(told) {
      const line = at("state");
      line.replaceChildren();
      line.classList.toggle("is-wrong", editor.problems.length > 0);
      if (!editor.problems.length) line.textContent = words.noProblems;
      else {
        line.append(`${fill(words.problems, { count: editor.problems.length })}${Object.keys(editor.html).length ? ` ${words.previewPart}` : ` ${words.previewNone}`}`);
        const list = made("ul", {});
        for (const each of editor.problems.slice(0, 30)) list.append(made("li", {}, made("button", { type: "button", class: "link", onclick: () => jump(each.path) }, fill(words.problemAt, { place: each.path || path, text: each.text }))));
        line.append(list);
      }
      const box = at("losses");
      box.hidden = !told.losses.length;
      box.replaceChildren(...told.losses.map((each) => made("p", {}, each.text)));
    }
    function jump(where) {
      const found = /^fields\[(\d+)\](?:\.columns\[(\d+)\])?/.exec(where);
      editor.chosen = found ? { field: Number(found[1]), column: found[2] === undefined ? -1 : Number(found[2]) } : { field: -1, column: -1 };
      if (!editor.current()) editor.chosen = { field: -1, column: -1 };
      editor.drawItems();
      editor.drawProperties();
      const place = [...at("properties").querySelectorAll("[data-control]")].find((each) => each.dataset.control === where);
      (place || at("properties-title")).focus();
    }
    function tellProblems() {
      for (const line of at("properties").querySelectorAll("[data-problem]")) {
        const mine = editor.problems.filter((each) => each.path === line.dataset.problem && line.dataset.problem);
        line.hidden = !mine.length;
        line.textContent = mine.map((each) => each.text).join(words.semicolon);
        const control = [...at("properties").querySelectorAll("[data-control]")].find((each) => each.dataset.control === line.dataset.problem);
        if (mine.length) control?.setAttribute("aria-invalid", "true"); else control?.removeAttribute("aria-invalid");
        line.closest(".fe-field")?.classList.toggle("is-wrong", mine.length > 0);
      }
    }
    function drawPreview() {
      const box = at("shown");
      if (editor.tab === "json") return;
      const typed = new Map([...box.querySelectorAll("input, select, textarea")].filter((each) => each.name && each.type !== "file").map((each) => [`${each.name} ${each.type === "radio" || each.type === "checkbox" ? each.value : ""}`, each.type === "radio" || each.type === "checkbox" ? each.checked : each.value]));
      box.lang = editor.tab === "en" ? "en" : "zh-CN";
      box.innerHTML = editor.html[editor.tab] ?? "";
      for (const each of box.querySelectorAll("input, select, textarea")) {
        const ticked = each.type === "radio" || each.type === "checkbox";
        const known = typed.get(`${each.name} ${ticked ? each.value : ""}`);
        if (known === undefined || each.type === "file") continue;
        if (ticked) each.checked = known; else if (known) each.value = known;
      }
      box.dispatchEvent(new Event("form:drawn", { bubbles: true }));
    }

    Object.assign(editor, { later, tellProblems, drawPreview });
  };
})();
