// The form editor: fields in a list, the properties of one beside it, and the form as the server draws it.
(() => {
  "use strict";

  const root = document.querySelector("[data-form-editor]");
  if (!root || !window.studio) return;
  const { made, zh, en, text, amount, select, tick, ticks, wordingOf, condition, options, optionsOf } = window.formControls;
  const { fill, state, save, read, ask } = window.studio;
  const [kinds, limits, words, lists] = ["kinds", "limits", "words", "lists"].map((name) => JSON.parse(root.dataset[name]));
  const editable = root.dataset.editable === "yes";
  const path = window.studio.words.path;
  const at = (name) => document.querySelector(`[data-${name}]`);
  const kindOf = (field) => kinds.find((each) => each.value === field?.type);
  const copy = (value) => JSON.parse(JSON.stringify(value));
  const NOT_COMPARED = ["file", "files", "table", "note", "identity_number"];

  let form = null;
  let saved = "";
  let chosen = { field: -1, column: -1 };
  let problems = [];
  let tab = root.dataset.language;
  let html = {};
  const steps = window.studio.history(() => ({ form: JSON.stringify(form), chosen: { ...chosen } }), (point) => {
    form = JSON.parse(point.form);
    chosen = point.chosen;
    if (!current()) chosen = { field: -1, column: -1 };
    changed();
    drawProperties();
  });

  const fieldsOf = () => (Array.isArray(form.fields) ? form.fields : (form.fields = []));
  const columnsOf = (field) => (Array.isArray(field.columns) ? field.columns : (field.columns = []));
  const isColumn = () => chosen.column >= 0;
  const listOf = () => (isColumn() ? columnsOf(fieldsOf()[chosen.field]) : fieldsOf());
  const current = () => (chosen.field < 0 ? null : isColumn() ? columnsOf(fieldsOf()[chosen.field])[chosen.column] : fieldsOf()[chosen.field]);
  const pathOf = (field, column = -1) => (field < 0 ? "" : `fields[${field}]${column < 0 ? "" : `.columns[${column}]`}`);
  const spoken = (wording) => (root.dataset.language === "en" && en(wording)) || zh(wording);
  const nameOf = (field) => spoken(field.label) || field.key || words.untitled;
  const announce = (sentence) => { at("announce").textContent = sentence; };
  const fileText = () => `${JSON.stringify(form, null, 2)}\n`;

  // ---- changes, undo, redo -----------------------------------------------------------------------------------------

  function changed() {
    state.dirty = fileText() !== saved;
    at("saved").textContent = state.dirty ? window.studio.words.textUnsaved : "";
    if (editable) {
      at("undo").disabled = !steps.canUndo;
      at("redo").disabled = !steps.canRedo;
    }
    drawItems();
    if (document.activeElement !== at("json-text")) at("json-text").value = fileText();
    later();
  }
  function change(act, redraw = false) {
    steps.remember(redraw ? "" : `${pathOf(chosen.field, chosen.column)} ${document.activeElement?.id || ""}`);
    act(chosen.field < 0 ? form : current());
    changed();
    if (redraw) drawProperties();
  }
  const undo = () => { if (steps.undo()) announce(words.undone); };
  const redo = () => { if (steps.redo()) announce(words.redone); };

  // ---- the list ----------------------------------------------------------------------------------------------------

  const countOf = (prefix) => problems.filter((each) => each.path === prefix || each.path.startsWith(`${prefix}.`) || each.path.startsWith(`${prefix}[`)).length;

  function item(field, place, column) {
    const here = column ? { field: chosen.field, column: place } : { field: place, column: -1 };
    const isHere = chosen.field === here.field && chosen.column === here.column;
    const wrong = countOf(column ? pathOf(chosen.field, place) : pathOf(place));
    const pick = made("button", { type: "button", class: "fe-pick", "aria-current": isHere ? "true" : null, "data-at": `${here.field}/${here.column}`, onclick: () => choose(here.field, here.column) },
      made("span", { class: "fe-name" }, nameOf(field)),
      made("span", { class: "fe-key" }, `${field.key ?? ""} · ${kindOf(field)?.title ?? field.type ?? ""}`),
      field.required ? made("span", { class: "badge" }, words.required_mark) : null,
      field.show_if ? made("span", { class: "badge is-blue" }, words.conditional) : null,
      wrong ? made("span", { class: "badge is-danger" }, fill(words.problems, { count: wrong })) : null);
    const line = made("div", { class: "fe-line" });
    if (editable) line.append(made("button", { type: "button", class: "fe-grip", tabindex: "-1", "aria-label": fill(words.move, { name: nameOf(field) }), title: fill(words.move, { name: nameOf(field) }) }, "⠿"));
    line.append(pick);
    const entry = made("li", { class: isHere ? "fe-item is-chosen" : "fe-item" }, line);
    if (editable && isHere) entry.append(toolsOf(field, place));
    if (!column && field.type === "table" && chosen.field === place) entry.append(columnList(field));
    return entry;
  }
  function toolsOf(field, place) {
    const tool = (title, act, disabled = false) => made("button", { type: "button", class: "link", "aria-label": `${title} ${nameOf(field)}`, disabled, onclick: act }, title);
    return made("div", { class: "fe-tools" },
      tool(words.up, () => move(place, place - 1), place === 0),
      tool(words.down, () => move(place, place + 1), place === listOf().length - 1),
      tool(words.duplicate, duplicate),
      tool(words.remove, removeField));
  }
  function columnList(field) {
    const list = made("ol", { class: "fe-items fe-columns", "aria-label": words.columns });
    columnsOf(field).forEach((column, place) => list.append(item(column, place, true)));
    window.ordering(list, ".fe-grip", (from, to) => { chosen.column = Math.max(chosen.column, 0); move(from, to); });
    const box = made("div", {}, list);
    if (editable) box.append(made("button", { type: "button", class: "link", onclick: () => addColumn(field) }, words.addColumn));
    return box;
  }
  function drawItems() {
    if (at("items").querySelector(".is-dragged")) return;
    const focused = document.activeElement?.dataset?.at;
    at("items").replaceChildren(...fieldsOf().map((field, place) => item(field, place, false)));
    at("whole").setAttribute("aria-current", chosen.field < 0 ? "true" : "false");
    if (focused) at("items").querySelector(`[data-at="${focused}"]`)?.focus();
  }
  function choose(field, column = -1, focus = false) {
    chosen = { field, column };
    drawItems();
    drawProperties();
    at("items").querySelector(`[data-at="${field}/${column}"]`)?.focus();
    if (focus) at("properties-title").focus();
  }

  // ---- acts on the list --------------------------------------------------------------------------------------------

  function freeKey(start, list) {
    const taken = new Set(list.map((each) => each.key));
    const stem = String(start).replace(/_?\d+$/, "") || "field";
    let number = 2;
    if (!taken.has(start)) return start;
    while (taken.has(`${stem}_${number}`)) number += 1;
    return `${stem}_${number}`;
  }
  function move(from, to) {
    const list = listOf();
    if (to < 0 || to >= list.length) return;
    steps.remember();
    const [moved] = list.splice(from, 1);
    list.splice(to, 0, moved);
    if (isColumn()) chosen.column = to; else chosen.field = to;
    changed();
    drawProperties();
    at("items").querySelector(`[data-at="${chosen.field}/${chosen.column}"]`)?.focus();
    announce(fill(words.moved, { name: nameOf(moved), place: to + 1, count: list.length }));
  }
  function duplicate() {
    const list = listOf();
    const place = isColumn() ? chosen.column : chosen.field;
    steps.remember();
    const twin = copy(list[place]);
    twin.key = freeKey(twin.key, list);
    list.splice(place + 1, 0, twin);
    changed();
    choose(isColumn() ? chosen.field : place + 1, isColumn() ? place + 1 : -1);
    announce(fill(words.duplicated, { name: twin.key }));
  }
  function removeField() {
    const list = listOf();
    const place = isColumn() ? chosen.column : chosen.field;
    steps.remember();
    const [gone] = list.splice(place, 1);
    const next = Math.min(place, list.length - 1);
    chosen = isColumn() ? { field: chosen.field, column: next } : { field: next, column: -1 };
    changed();
    drawProperties();
    (at("items").querySelector(`[data-at="${chosen.field}/${chosen.column}"]`) || at("whole")).focus();
    announce(fill(words.removed, { name: nameOf(gone) }));
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
    steps.remember();
    const place = chosen.field < 0 ? fieldsOf().length : chosen.field + 1;
    fieldsOf().splice(place, 0, fresh(type, fieldsOf(), false));
    changed();
    choose(place, -1, true);
    announce(fill(words.added, { place: place + 1 }));
  }
  function addColumn(field) {
    steps.remember();
    columnsOf(field).push(fresh("text", columnsOf(field), true));
    changed();
    choose(chosen.field, columnsOf(field).length - 1, true);
  }
  function setType(type) {
    const kind = kinds.find((each) => each.value === type);
    change((field) => {
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
    if (isColumn()) {
      const table = fieldsOf()[chosen.field];
      columnsOf(table).forEach(inBounds);
      if (Array.isArray(table.unique_by)) table.unique_by = table.unique_by.map((each) => (each === before ? now : each));
    } else {
      for (const field of fieldsOf()) { inBounds(field); (Array.isArray(field.columns) ? field.columns : []).forEach(inBounds); }
    }
  }

  // ---- the properties of one field -----------------------------------------------------------------------------------

  const put = (name) => (value) => change((field) => { if (value === undefined || value === "" || value === false || (Array.isArray(value) && !value.length)) delete field[name]; else field[name] = value; });

  function drawProperties() {
    const box = at("properties");
    box.replaceChildren();
    const field = current();
    at("properties-title").textContent = field ? fill(words.ofOne, { kind: isColumn() ? words.column : words.field, name: nameOf(field) }) : words.form;
    const drawn = field ? ofField(field) : ofForm();
    const group = made("fieldset", { class: "fe-all", disabled: !editable }, made("legend", { class: "unseen" }, at("properties-title").textContent), ...drawn);
    box.append(group);
    tellProblems();
  }
  function ofForm() {
    const key = text(words.key, form.key, put("key"), { path: "key" });
    key.querySelector("input").readOnly = true;
    return [
      key,
      wordingOf(words.title, form.title, (value) => change((each) => { each.title = value ?? ""; }), words, { path: "title" }),
      wordingOf(words.help, form.help, put("help"), words, { path: "help", lines: 2 }),
    ];
  }
  function ofField(field) {
    const kind = kindOf(field);
    const here = pathOf(chosen.field, chosen.column);
    const refused = isColumn() ? limits.notInColumns : [];
    const may = (name) => Boolean(kind?.properties.includes(name)) && !refused.includes(name);
    const shown = [keyControl(field, here)];
    const offered = kinds.filter((each) => !isColumn() || each.column).map((each) => [each.value, each.title]);
    shown.push(select(words.type, offered, field.type, setType, { path: `${here}.type` }));
    shown.push(wordingOf(field.type === "note" ? words.labelText : words.label, field.label, (value) => change((each) => { each.label = value ?? ""; }), words, { path: `${here}.label`, lines: field.type === "note" ? 3 : 0 }));
    if (may("help")) shown.push(wordingOf(words.help, field.help, put("help"), words, { path: `${here}.help` }));
    if (!kind) return shown;
    if (may("options")) shown.push(options(field, change, words, lists, here));
    if (field.type === "table") shown.push(made("p", { class: "error", "data-problem": `${here}.columns`, hidden: true }));
    if (may("required") && !field.readonly) shown.push(...requiredControls(field, here));
    if (may("show_if")) shown.push(condition(words.show_if, field.show_if, put("show_if"), comparable(field), words, `${here}.show_if`, spoken));
    shown.push(...limitsOf(field, here, may), ...defaultsOf(field, here, may));
    for (const name of ["readonly", "sensitive", "confirm", "fixed_rows"]) if (may(name)) shown.push(tick(words[name], field[name], (value) => { put(name)(value); if (name === "readonly") drawProperties(); }, `${here}.${name}`));
    if (may("unique_by")) shown.push(ticks(words.unique_by, columnsOf(field).map((each) => [each.key, nameOf(each)]), field.unique_by, put("unique_by"), `${here}.unique_by`));
    if (may("width")) shown.push(select(words.width, [["full", words.full], ["half", words.half], ["third", words.third]], field.width ?? "full", (value) => put("width")(value === "full" ? undefined : value), { path: `${here}.width` }));
    return shown;
  }
  function keyControl(field, here) {
    const box = text(words.key, field.key, (value) => change((each) => { each.key = value; }), { help: words.keyHelp, path: `${here}.key` });
    const input = box.querySelector("input");
    let before = field.key;
    input.addEventListener("change", () => { if (before && before !== input.value) { renamed(before, input.value); changed(); } before = input.value; });
    return box;
  }
  function comparable(field) {
    const others = fieldsOf().filter((each) => each !== field && each !== fieldsOf()[chosen.field] && !NOT_COMPARED.includes(each.type));
    return isColumn() ? [...columnsOf(fieldsOf()[chosen.field]).filter((each) => each !== field), ...others] : others;
  }
  function requiredControls(field, here) {
    const value = field.required === true ? "yes" : field.required_if ? "if" : "";
    const choice = select(words.required, [["", words.no], ["yes", words.yes], ["if", words.byCondition]], value, (now) => change((each) => {
      delete each.required;
      delete each.required_if;
      if (now === "yes") each.required = true;
      if (now === "if") each.required_if = { key: comparable(field)[0]?.key ?? "", in: [] };
    }, true), { path: `${here}.required` });
    return value === "if" ? [choice, condition(words.required_if, field.required_if, put("required_if"), comparable(field), words, `${here}.required_if`, spoken)] : [choice];
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
    const set = (value) => change((each) => { if (value === undefined) delete each.default; else each.default = value; });
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

  // ---- what the server says: problems, losses, the form as it will be drawn -------------------------------------------

  let timer = 0;
  let asked = 0;
  function later() { clearTimeout(timer); timer = setTimeout(look, 350); }
  async function look() {
    const mine = (asked += 1);
    try {
      const told = await ask(root.dataset.preview, { method: "POST", body: JSON.stringify(form), headers: { "Content-Type": "application/json" } });
      if (mine !== asked) return;
      problems = told.problems;
      html = told.html;
      drawState(told);
      drawItems();
      tellProblems();
      drawPreview();
    } catch (wrong) {
      if (mine === asked) at("state").textContent = wrong.detail || String(wrong);
    }
  }
  function drawState(told) {
    const line = at("state");
    line.replaceChildren();
    line.classList.toggle("is-wrong", problems.length > 0);
    if (!problems.length) line.textContent = words.noProblems;
    else {
      line.append(`${fill(words.problems, { count: problems.length })}${Object.keys(html).length ? ` ${words.previewPart}` : ` ${words.previewNone}`}`);
      const list = made("ul", {});
      for (const each of problems.slice(0, 30)) list.append(made("li", {}, made("button", { type: "button", class: "link", onclick: () => jump(each.path) }, fill(words.problemAt, { place: each.path || path, text: each.text }))));
      line.append(list);
    }
    const box = at("losses");
    box.hidden = !told.losses.length;
    box.replaceChildren(...told.losses.map((each) => made("p", {}, each.text)));
  }
  function jump(where) {
    const found = /^fields\[(\d+)\](?:\.columns\[(\d+)\])?/.exec(where);
    chosen = found ? { field: Number(found[1]), column: found[2] === undefined ? -1 : Number(found[2]) } : { field: -1, column: -1 };
    if (!current()) chosen = { field: -1, column: -1 };
    drawItems();
    drawProperties();
    const place = [...at("properties").querySelectorAll("[data-control]")].find((each) => each.dataset.control === where);
    (place || at("properties-title")).focus();
  }
  function tellProblems() {
    for (const line of at("properties").querySelectorAll("[data-problem]")) {
      const mine = problems.filter((each) => each.path === line.dataset.problem && line.dataset.problem);
      line.hidden = !mine.length;
      line.textContent = mine.map((each) => each.text).join(words.semicolon);
      const control = [...at("properties").querySelectorAll("[data-control]")].find((each) => each.dataset.control === line.dataset.problem);
      if (mine.length) control?.setAttribute("aria-invalid", "true"); else control?.removeAttribute("aria-invalid");
      line.closest(".fe-field")?.classList.toggle("is-wrong", mine.length > 0);
    }
  }
  function drawPreview() {
    const box = at("shown");
    if (tab === "json") return;
    const typed = new Map([...box.querySelectorAll("input, select, textarea")].filter((each) => each.name && each.type !== "file").map((each) => [`${each.name} ${each.type === "radio" || each.type === "checkbox" ? each.value : ""}`, each.type === "radio" || each.type === "checkbox" ? each.checked : each.value]));
    box.lang = tab === "en" ? "en" : "zh-CN";
    box.innerHTML = html[tab] ?? "";
    for (const each of box.querySelectorAll("input, select, textarea")) {
      const ticked = each.type === "radio" || each.type === "checkbox";
      const known = typed.get(`${each.name} ${ticked ? each.value : ""}`);
      if (known === undefined || each.type === "file") continue;
      if (ticked) each.checked = known; else if (known) each.value = known;
    }
    box.dispatchEvent(new Event("form:drawn", { bubbles: true }));
  }

  // ---- tabs, JSON ------------------------------------------------------------------------------------------------------

  const tabs = [...root.querySelectorAll("[data-tab]")];
  function open(name) {
    tab = name;
    for (const each of tabs) {
      each.setAttribute("aria-selected", String(each.dataset.tab === name));
      each.tabIndex = each.dataset.tab === name ? 0 : -1;
    }
    at("shown").hidden = name === "json";
    at("json").hidden = name !== "json";
    if (name !== "json") at("shown").setAttribute("aria-labelledby", `fe-tab-${name}`);
    drawPreview();
  }
  tabs.forEach((each, place) => {
    each.addEventListener("click", () => open(each.dataset.tab));
    each.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(place + step + tabs.length) % tabs.length];
      open(next.dataset.tab);
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
      if (form) steps.remember();
      form = found;
      chosen = { field: -1, column: -1 };
      wrongJson("");
      begin();
      announce(words.applied);
    } catch (wrong) { wrongJson(fill(words.badJson, { text: wrong.message })); }
  });

  // ---- saving ----------------------------------------------------------------------------------------------------------

  async function keep(revision) {
    if (!editable || !form) return;
    const sent = fileText();
    at("saved").textContent = window.studio.words.textSaving;
    try {
      await save(path, sent, revision);
      saved = sent;
      state.dirty = fileText() !== saved;
      const time = new Date().toTimeString().slice(0, 5);
      at("saved").textContent = `${window.studio.words.textSaved} ${time}${problems.length ? ` · ${words.removedKept}` : ""}`;
    } catch (wrong) {
      at("saved").textContent = wrong.detail || String(wrong);
      if (wrong.who) await conflict(wrong);
    }
  }
  async function conflict(told) {
    const theirs = await read(path);
    const dialog = at("conflict");
    const when = new Date(told.when).toLocaleTimeString();
    at("conflict-text").textContent = fill(words.conflict, { who: told.who, when });
    at("conflict-fields").textContent = difference(theirs.text);
    at("conflict-theirs").onclick = () => {
      dialog.close();
      steps.remember();
      state.revision = theirs.revision;
      saved = theirs.text;
      try { form = JSON.parse(theirs.text); saved = fileText(); } catch { /* stays as it is: theirs is no form yet */ }
      chosen = { field: -1, column: -1 };
      begin();
    };
    at("conflict-mine").onclick = () => { dialog.close(); keep(theirs.revision); };
    at("conflict-wait").onclick = () => dialog.close();
    dialog.showModal();
  }
  function difference(theirText) {
    let theirs;
    try { theirs = JSON.parse(theirText); } catch { return ""; }
    const byKey = (each) => new Map((Array.isArray(each.fields) ? each.fields : []).map((field) => [field.key, JSON.stringify(field)]));
    const [mine, other] = [byKey(form), byKey(theirs)];
    const names = [...new Set([...mine.keys(), ...other.keys()])].filter((key) => mine.get(key) !== other.get(key));
    if (!names.length && JSON.stringify(form) === JSON.stringify(theirs)) return words.conflictSame;
    return names.length ? fill(words.conflictFields, { fields: names.join(words.comma) }) : "";
  }

  // ---- the page --------------------------------------------------------------------------------------------------------

  function begin() {
    changed();
    drawProperties();
  }
  document.addEventListener("keydown", (event) => {
    if (!editable || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    const typing = event.target.matches?.("input[type=text], textarea");
    if (key === "s") { event.preventDefault(); keep(); }
    if (key === "z" && !typing) { event.preventDefault(); if (event.shiftKey) redo(); else undo(); }
    if (key === "y" && !typing) { event.preventDefault(); redo(); }
  });
  if (editable) {
    at("save").addEventListener("click", () => keep());
    at("undo").addEventListener("click", undo);
    at("redo").addEventListener("click", redo);
    const add = at("add");
    add.append(made("option", { value: "" }, words.choose), ...kinds.map((each) => made("option", { value: each.value }, each.title)));
    add.addEventListener("change", () => { if (add.value && form) addField(add.value); add.value = ""; });
    window.ordering(at("items"), ".fe-grip", (from, to) => { chosen = { field: from, column: -1 }; move(from, to); });
  }
  at("whole").addEventListener("click", () => choose(-1, -1, true));
  root.append(made("datalist", { id: "e-lists" }, ...lists.map((each) => made("option", { value: each }))),
    made("datalist", { id: "e-bounds" }, ...["today", "today+5wd", "today-30d"].map((each) => made("option", { value: each }))));

  read(path).then((found) => {
    state.revision = found.revision || state.revision;
    at("json-text").value = found.text;
    try {
      form = JSON.parse(found.text);
      if (!form || typeof form !== "object" || Array.isArray(form)) throw new Error("{…}");
    } catch (wrong) {
      form = null;
      open("json");
      wrongJson(fill(words.badJson, { text: wrong.message }));
      return;
    }
    saved = fileText();
    begin();
  }).catch((wrong) => { at("state").textContent = fill(words.loadFailed, { text: wrong.detail || String(wrong) }); });
})();
