// The form editor put together: the form that is edited, what is chosen of it, and the steps back and forth.
// Its parts are in form_editor/, one idea each: list, acts, properties, told, tabs, saving.
(() => {
  "use strict";

  const root = document.querySelector("[data-form-editor]");
  if (!root || !window.studio) return;
  const { made, zh, en } = window.formControls;
  const { fill, state, read } = window.studio;
  const [kinds, limits, words, lists] = ["kinds", "limits", "words", "lists"].map((name) => JSON.parse(root.dataset[name]));
  const editable = root.dataset.editable === "yes";
  const path = window.studio.words.path;
  const at = (name) => document.querySelector(`[data-${name}]`);
  const editor = {
    ...{ root, kinds, limits, words, lists, editable, path, at },
    form: null,
    chosen: { field: -1, column: -1 },
    problems: [],
    html: {},
    tab: root.dataset.language,
  };

  // ---- what is chosen ------------------------------------------------------------------------------------------------

  const kindOf = (field) => kinds.find((each) => each.value === field?.type);
  const fieldsOf = () => (Array.isArray(editor.form.fields) ? editor.form.fields : (editor.form.fields = []));
  const columnsOf = (field) => (Array.isArray(field.columns) ? field.columns : (field.columns = []));
  const isColumn = () => editor.chosen.column >= 0;
  const listOf = () => (isColumn() ? columnsOf(fieldsOf()[editor.chosen.field]) : fieldsOf());
  function current() {
    const { field, column } = editor.chosen;
    if (field < 0) return null;
    return isColumn() ? columnsOf(fieldsOf()[field])[column] : fieldsOf()[field];
  }
  const pathOf = (field, column = -1) => (field < 0 ? "" : `fields[${field}]${column < 0 ? "" : `.columns[${column}]`}`);
  const spoken = (wording) => (root.dataset.language === "en" && en(wording)) || zh(wording);
  const nameOf = (field) => spoken(field.label) || field.key || words.untitled;
  const announce = (sentence) => { at("announce").textContent = sentence; };
  const fileText = () => `${JSON.stringify(editor.form, null, 2)}\n`;

  // ---- changes, undo, redo -------------------------------------------------------------------------------------------

  const steps = window.studio.history(() => ({ form: JSON.stringify(editor.form), chosen: { ...editor.chosen } }), (point) => {
    editor.form = JSON.parse(point.form);
    editor.chosen = point.chosen;
    if (!current()) editor.chosen = { field: -1, column: -1 };
    changed();
    editor.drawProperties();
  });

  function changed() {
    editor.kept.changed();
    if (editable) {
      at("undo").disabled = !steps.canUndo;
      at("redo").disabled = !steps.canRedo;
    }
    editor.drawItems();
    if (document.activeElement !== at("json-text")) at("json-text").value = fileText();
    editor.later();
  }
  function change(act, redraw = false) {
    const { field, column } = editor.chosen;
    steps.remember(redraw ? "" : `${pathOf(field, column)} ${document.activeElement?.id || ""}`);
    act(field < 0 ? editor.form : current());
    changed();
    if (redraw) editor.drawProperties();
  }
  const undo = () => { if (steps.undo()) announce(words.undone); };
  const redo = () => { if (steps.redo()) announce(words.redone); };
  function begin() {
    changed();
    editor.drawProperties();
  }

  // ---- the page ------------------------------------------------------------------------------------------------------

  Object.assign(editor, { kindOf, fieldsOf, columnsOf, isColumn, listOf, current, pathOf, spoken, nameOf, announce, fileText });
  Object.assign(editor, { steps, changed, change, undo, redo, begin });
  for (const part of ["list", "acts", "properties", "told", "tabs", "saving"]) window.formEditor[part](editor);

  document.addEventListener("keydown", (event) => {
    if (!editable || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    const typing = event.target.matches?.("input[type=text], textarea");
    if (key === "s") { event.preventDefault(); editor.keep(); }
    if (key === "z" && !typing) { event.preventDefault(); if (event.shiftKey) redo(); else undo(); }
    if (key === "y" && !typing) { event.preventDefault(); redo(); }
  });
  if (editable) {
    at("save").addEventListener("click", () => editor.keep());
    at("undo").addEventListener("click", undo);
    at("redo").addEventListener("click", redo);
    const add = at("add");
    add.append(made("option", { value: "" }, words.choose), ...kinds.map((each) => made("option", { value: each.value }, each.title)));
    add.addEventListener("change", () => { if (add.value && editor.form) editor.addField(add.value); add.value = ""; });
    window.ordering(at("items"), ".fe-grip", (from, to) => { editor.chosen = { field: from, column: -1 }; editor.move(from, to); });
  }
  at("whole").addEventListener("click", () => editor.choose(-1, -1, true));
  root.append(made("datalist", { id: "e-lists" }, ...lists.map((each) => made("option", { value: each }))),
    made("datalist", { id: "e-bounds" }, ...["today", "today+5wd", "today-30d"].map((each) => made("option", { value: each }))));

  read(path).then((found) => {
    state.revision = found.revision || state.revision;
    at("json-text").value = found.text;
    try {
      editor.form = JSON.parse(found.text);
      if (!editor.form || typeof editor.form !== "object" || Array.isArray(editor.form)) throw new Error("{…}");
    } catch (wrong) {
      editor.form = null;
      editor.open("json");
      editor.wrongJson(fill(words.badJson, { text: wrong.message }));
      return;
    }
    editor.kept.begin(fileText());
    editor.offerLeft();
    begin();
  }).catch((wrong) => { at("state").textContent = fill(words.loadFailed, { text: wrong.detail || String(wrong) }); });
})();
