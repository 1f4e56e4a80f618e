// What is done to the list: fields are added, moved, doubled, removed, and become of another kind or name.
(() => {
  "use strict";

  window.formEditor = window.formEditor || {};
  window.formEditor.acts = (editor) => {
    const { words, kinds, at } = editor;
    const { fill } = window.studio;

    const copy = (value) => JSON.parse(JSON.stringify(value));

    function freeKey(start, list) {
      const taken = new Set(list.map((each) => each.key));
      const stem = String(start).replace(/_?\d+$/, "") || "field";
      let number = 2;
      if (!taken.has(start)) return start;
      while (taken.has(`${stem}_${number}`)) number += 1;
      return `${stem}_${number}`;
    }
    function move(from, to) {
      const list = editor.listOf();
      if (to < 0 || to >= list.length) return;
      editor.steps.remember();
      const [moved] = list.splice(from, 1);
      list.splice(to, 0, moved);
      if (editor.isColumn()) editor.chosen.column = to; else editor.chosen.field = to;
      editor.changed();
      editor.drawProperties();
      at("items").querySelector(`[data-at="${editor.chosen.field}/${editor.chosen.column}"]`)?.focus();
      editor.announce(fill(words.moved, { name: editor.nameOf(moved), place: to + 1, count: list.length }));
    }
    function duplicate() {
      const list = editor.listOf();
      const place = editor.isColumn() ? editor.chosen.column : editor.chosen.field;
      editor.steps.remember();
      const twin = copy(list[place]);
      twin.key = freeKey(twin.key, list);
      list.splice(place + 1, 0, twin);
      editor.changed();
      editor.choose(editor.isColumn() ? editor.chosen.field : place + 1, editor.isColumn() ? place + 1 : -1);
      editor.announce(fill(words.duplicated, { name: twin.key }));
    }
    function removeField() {
      const list = editor.listOf();
      const place = editor.isColumn() ? editor.chosen.column : editor.chosen.field;
      editor.steps.remember();
      const [gone] = list.splice(place, 1);
      const next = Math.min(place, list.length - 1);
      editor.chosen = editor.isColumn() ? { field: editor.chosen.field, column: next } : { field: next, column: -1 };
      editor.changed();
      editor.drawProperties();
      (at("items").querySelector(`[data-at="${editor.chosen.field}/${editor.chosen.column}"]`) || at("whole")).focus();
      editor.announce(fill(words.removed, { name: editor.nameOf(gone) }));
    }
    function fresh(type, list, column) {
      const kind = kinds.find((each) => each.value === type);
      const field = { key: freeKey(type === "note" ? "note" : type === "table" ? "rows" : `${type}_1`, list), type, label: { zh: column ? words.newColumn : words.newLabel } };
      return completed(field, kind);
    }
    function completed(field, kind) {
      if (kind.properties.includes("options") && !kind.list && !field.options && !field.options_from) field.options = [{ value: `${words.newOption} 1`, label: { zh: `${words.newOption} 1` } }];
      if (kind.value === "table" && !field.columns) field.columns = [{ key: "text_1", type: "text", label: { zh: words.newColumn } }];
      return field;
    }
    function addField(type) {
      editor.steps.remember();
      const place = editor.chosen.field < 0 ? editor.fieldsOf().length : editor.chosen.field + 1;
      editor.fieldsOf().splice(place, 0, fresh(type, editor.fieldsOf(), false));
      editor.changed();
      editor.choose(place, -1, true);
      editor.announce(fill(words.added, { place: place + 1 }));
    }
    function addColumn(field) {
      editor.steps.remember();
      editor.columnsOf(field).push(fresh("text", editor.columnsOf(field), true));
      editor.changed();
      editor.choose(editor.chosen.field, editor.columnsOf(field).length - 1, true);
    }
    function setType(type) {
      const kind = kinds.find((each) => each.value === type);
      editor.change((field) => {
        field.type = type;
        for (const name of Object.keys(field)) if (!["key", "type", "label"].includes(name) && !kind.properties.includes(name)) delete field[name];
        if ("default" in field) delete field.default;
        completed(field, kind);
      }, true);
    }
    // A field that is called otherwise is called so in the conditions on it too.
    function renamed(before, now) {
      const inCondition = (part) => {
        if (!part || typeof part !== "object") return;
        if (part.key === before) part.key = now;
        for (const each of part.all || part.any || []) inCondition(each);
      };
      const inBounds = (field) => {
        for (const name of ["not_before", "not_after"]) if (field[name] === before) field[name] = now;
        inCondition(field.show_if);
        inCondition(field.required_if);
      };
      if (editor.isColumn()) {
        const table = editor.fieldsOf()[editor.chosen.field];
        editor.columnsOf(table).forEach(inBounds);
        if (Array.isArray(table.unique_by)) table.unique_by = table.unique_by.map((each) => (each === before ? now : each));
      } else {
        for (const field of editor.fieldsOf()) { inBounds(field); (Array.isArray(field.columns) ? field.columns : []).forEach(inBounds); }
      }
    }

    Object.assign(editor, { move, duplicate, removeField, addField, addColumn, setType, renamed });
  };
})();
