// The properties of the form, or of one field: what its kind may say about itself.
(() => {
  "use strict";

  window.formEditor = window.formEditor || {};
  window.formEditor.properties = (editor) => {
    const { made, text, amount, select, tick, ticks, wordingOf, condition, options, optionsOf } = window.formControls;
    const { words, kinds, limits, lists, editable, at } = editor;
    const { fill } = window.studio;

    const NOT_COMPARED = ["file", "files", "table", "note", "identity_number"];

    const put = (name) => (value) => editor.change((field) => { if (value === undefined || value === "" || value === false || (Array.isArray(value) && !value.length)) delete field[name]; else field[name] = value; });

    function drawProperties() {
      const box = at("properties");
      box.replaceChildren();
      const field = editor.current();
      at("properties-title").textContent = field ? fill(words.ofOne, { kind: editor.isColumn() ? words.column : words.field, name: editor.nameOf(field) }) : words.form;
      const drawn = field ? ofField(field) : ofForm();
      const group = made("fieldset", { class: "fe-all", disabled: !editable }, made("legend", { class: "unseen" }, at("properties-title").textContent), ...drawn);
      box.append(group);
      editor.tellProblems();
    }
    function ofForm() {
      const key = text(words.formKey, editor.form.key, put("key"), { path: "key" });
      key.querySelector("input").readOnly = true;
      return [
        key,
        wordingOf(words.title, editor.form.title, (value) => editor.change((each) => { each.title = value ?? ""; }), words, { path: "title" }),
        wordingOf(words.help, editor.form.help, put("help"), words, { path: "help", lines: 2 }),
      ];
    }
    function ofField(field) {
      const kind = editor.kindOf(field);
      const here = editor.pathOf(editor.chosen.field, editor.chosen.column);
      const refused = editor.isColumn() ? limits.notInColumns : [];
      const may = (name) => Boolean(kind?.properties.includes(name)) && !refused.includes(name);
      const shown = [keyControl(field, here)];
      const offered = kinds.filter((each) => !editor.isColumn() || each.column).map((each) => [each.value, each.title]);
      shown.push(select(words.type, offered, field.type, editor.setType, { path: `${here}.type` }));
      shown.push(wordingOf(field.type === "note" ? words.labelText : words.label, field.label, (value) => editor.change((each) => { each.label = value ?? ""; }), words, { path: `${here}.label`, lines: field.type === "note" ? 3 : 0 }));
      if (may("help")) shown.push(wordingOf(words.help, field.help, put("help"), words, { path: `${here}.help` }));
      if (!kind) return shown;
      if (may("options")) shown.push(options(field, editor.change, words, lists, here));
      if (field.type === "table") shown.push(made("p", { class: "error", "data-problem": `${here}.columns`, hidden: true }));
      if (may("required") && !field.readonly) shown.push(...requiredControls(field, here));
      if (may("show_if")) shown.push(condition(words.show_if, field.show_if, put("show_if"), comparable(field), words, `${here}.show_if`, editor.spoken));
      shown.push(...limitsOf(field, here, may), ...defaultsOf(field, here, may));
      for (const name of ["readonly", "sensitive", "confirm", "fixed_rows"]) if (may(name)) shown.push(tick(words[name], field[name], (value) => { put(name)(value); if (name === "readonly") editor.drawProperties(); }, `${here}.${name}`));
      if (may("unique_by")) shown.push(ticks(words.unique_by, editor.columnsOf(field).map((each) => [each.key, editor.nameOf(each)]), field.unique_by, put("unique_by"), `${here}.unique_by`));
      if (may("width")) shown.push(select(words.width, [["full", words.full], ["half", words.half], ["third", words.third]], field.width ?? "full", (value) => put("width")(value === "full" ? undefined : value), { path: `${here}.width` }));
      return shown;
    }
    function keyControl(field, here) {
      const box = text(words.key, field.key, (value) => editor.change((each) => { each.key = value; }), { help: words.keyHelp, path: `${here}.key` });
      const input = box.querySelector("input");
      let before = field.key;
      input.addEventListener("change", () => { if (before && before !== input.value) { editor.renamed(before, input.value); editor.changed(); } before = input.value; });
      return box;
    }
    function comparable(field) {
      const others = editor.fieldsOf().filter((each) => each !== field && each !== editor.fieldsOf()[editor.chosen.field] && !NOT_COMPARED.includes(each.type));
      return editor.isColumn() ? [...editor.columnsOf(editor.fieldsOf()[editor.chosen.field]).filter((each) => each !== field), ...others] : others;
    }
    function requiredControls(field, here) {
      const value = field.required === true ? "yes" : field.required_if ? "if" : "";
      const choice = select(words.required, [["", words.no], ["yes", words.yes], ["if", words.byCondition]], value, (now) => editor.change((each) => {
        delete each.required;
        delete each.required_if;
        if (now === "yes") each.required = true;
        if (now === "if") each.required_if = { key: comparable(field)[0]?.key ?? "", in: [] };
      }, true), { path: `${here}.required` });
      return value === "if" ? [choice, condition(words.required_if, field.required_if, put("required_if"), comparable(field), words, `${here}.required_if`, editor.spoken)] : [choice];
    }
    function limitsOf(field, here, may) {
      const money = field.type === "money";
      const shown = [];
      const numbers = ["minimum", "maximum", "places", "min_length", "max_length", "min_items", "max_items", "min_rows", "max_rows", "max_size_mb"].filter(may);
      const pairs = numbers.map((name) => amount(money && /imum$/.test(name) ? fill(words.inYuan, { label: words[name] }) : words[name], field[name], put(name), { path: `${here}.${name}`, factor: money && /imum$/.test(name) ? 100 : 1 }));
      if (pairs.length) shown.push(made("div", { class: "fe-pair" }, ...pairs));
      if (may("pattern")) {
        shown.push(text(words.pattern, field.pattern, put("pattern"), { help: words.patternHelp, path: `${here}.pattern` }));
        shown.push(wordingOf(words.pattern_message, field.pattern_message, put("pattern_message"), words, { path: `${here}.pattern_message` }));
      }
      if (may("not_before")) shown.push(made("div", { class: "fe-pair" }, ...["not_before", "not_after"].map((name) => text(words[name], field[name], put(name), { help: words.boundHelp, path: `${here}.${name}`, list: "e-bounds" }))));
      if (may("accept")) shown.push(ticks(words.accept, limits.fileKinds.map((each) => [each, each]), field.accept ?? limits.usualFiles, put("accept"), `${here}.accept`));
      if (may("rows_from")) shown.push(text(words.rows_from, field.rows_from, put("rows_from"), { path: `${here}.rows_from` }));
      return shown;
    }
    function defaultsOf(field, here, may) {
      const shown = [];
      if (may("default")) shown.push(defaultControl(field, `${here}.default`));
      if (may("default_from")) shown.push(text(words.default_from, field.default_from, put("default_from"), { path: `${here}.default_from` }));
      return shown;
    }
    function defaultControl(field, where) {
      const set = (value) => editor.change((each) => { if (value === undefined) delete each.default; else each.default = value; });
      const choices = optionsOf(field);
      if (field.type === "boolean") return select(words.default, [["", "—"], ["true", words.yes], ["false", words.no]], field.default === undefined ? "" : String(field.default), (value) => set(value === "" ? undefined : value === "true"), { path: where });
      if (["integer", "decimal", "money"].includes(field.type)) return amount(field.type === "money" ? fill(words.inYuan, { label: words.default }) : words.default, field.default, set, { path: where, factor: field.type === "money" ? 100 : 1 });
      if (["multichoice", "units"].includes(field.type)) return choices.length ? ticks(words.default, choices, field.default, (value) => set(value.length ? value : undefined), where) : text(`${words.default} · ${words.values}`, (field.default || []).join("，"), (typed) => set(typed.trim() ? typed.split(/[,，]/).map((each) => each.trim()).filter(Boolean) : undefined), { path: where });
      if (field.type === "choice" && choices.length) return select(words.default, [["", "—"], ...choices], field.default ?? "", (value) => set(value || undefined), { path: where });
      if (field.type === "table") {
        const box = text(words.rowsDefault, field.default === undefined ? "" : JSON.stringify(field.default), (typed) => { if (!typed.trim()) return set(undefined); try { set(JSON.parse(typed)); } catch { set(typed); } }, { path: where, lines: 2 });
        return box;
      }
      return text(words.default, field.default, (typed) => set(typed === "" ? undefined : typed), { path: where, lines: field.type === "textarea" ? 2 : 0 });
    }

    Object.assign(editor, { drawProperties });
  };
})();
