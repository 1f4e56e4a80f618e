// The list of fields and of the columns of a table, and which of them is chosen.
(() => {
  "use strict";

  window.formEditor = window.formEditor || {};
  window.formEditor.list = (editor) => {
    const { made } = window.formControls;
    const { words, editable, at } = editor;
    const { fill } = window.studio;

    const countOf = (prefix) => editor.problems.filter((each) => each.path === prefix || each.path.startsWith(`${prefix}.`) || each.path.startsWith(`${prefix}[`)).length;

    function item(field, place, column) {
      const here = column ? { field: editor.chosen.field, column: place } : { field: place, column: -1 };
      const isHere = editor.chosen.field === here.field && editor.chosen.column === here.column;
      const wrong = countOf(column ? editor.pathOf(editor.chosen.field, place) : editor.pathOf(place));
      const pick = made("button", { type: "button", class: "fe-pick", "aria-current": isHere ? "true" : null, "data-at": `${here.field}/${here.column}`, onclick: () => editor.choose(here.field, here.column) },
        made("span", { class: "fe-name" }, editor.nameOf(field)),
        made("span", { class: "fe-key" }, `${field.key ?? ""} · ${editor.kindOf(field)?.title ?? field.type ?? ""}`),
        field.required ? made("span", { class: "badge" }, words.required_mark) : null,
        field.show_if ? made("span", { class: "badge is-blue" }, words.conditional) : null,
        wrong ? made("span", { class: "badge is-danger" }, fill(words.problems, { count: wrong })) : null);
      const line = made("div", { class: "fe-line" });
      if (editable) line.append(made("button", { type: "button", class: "fe-grip", tabindex: "-1", "aria-label": fill(words.move, { name: editor.nameOf(field) }), title: fill(words.move, { name: editor.nameOf(field) }) }, "⠿"));
      line.append(pick);
      const entry = made("li", { class: isHere ? "fe-item is-chosen" : "fe-item" }, line);
      if (editable && isHere) entry.append(toolsOf(field, place));
      if (!column && field.type === "table" && editor.chosen.field === place) entry.append(columnList(field));
      return entry;
    }
    function toolsOf(field, place) {
      const tool = (title, act, disabled = false) => made("button", { type: "button", class: "link", "aria-label": `${title} ${editor.nameOf(field)}`, disabled, onclick: act }, title);
      return made("div", { class: "fe-tools" },
        tool(words.up, () => editor.move(place, place - 1), place === 0),
        tool(words.down, () => editor.move(place, place + 1), place === editor.listOf().length - 1),
        tool(words.duplicate, editor.duplicate),
        tool(words.remove, editor.removeField));
    }
    function columnList(field) {
      const list = made("ol", { class: "fe-items fe-columns", "aria-label": words.columns });
      editor.columnsOf(field).forEach((column, place) => list.append(item(column, place, true)));
      window.ordering(list, ".fe-grip", (from, to) => { editor.chosen.column = Math.max(editor.chosen.column, 0); editor.move(from, to); });
      const box = made("div", {}, list);
      if (editable) box.append(made("button", { type: "button", class: "link", onclick: () => editor.addColumn(field) }, words.addColumn));
      return box;
    }
    function drawItems() {
      if (at("items").querySelector(".is-dragged")) return;
      const focused = document.activeElement?.dataset?.at;
      at("items").replaceChildren(...editor.fieldsOf().map((field, place) => item(field, place, false)));
      at("whole").setAttribute("aria-current", editor.chosen.field < 0 ? "true" : "false");
      if (focused) at("items").querySelector(`[data-at="${focused}"]`)?.focus();
    }
    function choose(field, column = -1, focus = false) {
      editor.chosen = { field, column };
      editor.drawItems();
      editor.drawProperties();
      at("items").querySelector(`[data-at="${field}/${column}"]`)?.focus();
      if (focus) at("properties-title").focus();
    }

    Object.assign(editor, { drawItems, choose });
  };
})();
