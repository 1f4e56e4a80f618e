// The editor of decision tables: a grid of cells that the server checks as they are typed, and rows that try the table.
(() => {
  "use strict";

  const root = document.querySelector("[data-table-editor]");
  if (!root || !window.studio) return;
  const { fill, state, ask } = window.studio;
  const [words, policies, aggregations, types] = ["words", "policies", "aggregations", "types"].map((name) => JSON.parse(root.dataset[name]));
  const editable = root.dataset.editable === "yes";
  const at = (name) => document.querySelector(`[data-${name}]`);
  const announce = (sentence) => { at("announce").textContent = sentence; };

  let table = null;
  let tests = [];
  let told = { problems: [] };

  const made = (tag, attributes = {}, ...inside) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...inside.filter((each) => each !== null && each !== undefined));
    return element;
  };
  const content = () => JSON.stringify({ table, tests });
  const steps = window.studio.history(content, (point) => { ({ table, tests } = JSON.parse(point)); drawAll(); changed(); });

  function changed() {
    kept.changed();
    if (editable) {
      at("undo").disabled = !steps.canUndo;
      at("redo").disabled = !steps.canRedo;
    }
    later();
  }
  function change(act, place = "") {
    steps.remember(place);
    act();
    changed();
    if (!place) drawAll();
  }
  const freeId = (stem, list) => {
    let number = list.length + 1;
    while (list.some((each) => each.id === `${stem}_${number}`)) number += 1;
    return `${stem}_${number}`;
  };

  // ---- cells -------------------------------------------------------------------------------------------------------

  function cell(label, value, set, place, grid) {
    const control = made("input", { class: "control te-cell", type: "text", autocomplete: "off", spellcheck: "false", "aria-label": label, "data-place": place, readonly: !editable });
    control.value = value ?? "";
    control.addEventListener("input", () => change(() => set(control.value), place));
    control.addEventListener("keydown", (event) => walk(event, control, grid));
    return control;
  }
  // Enter and the arrows go up and down in a column, as in any table of numbers.
  function walk(event, control, grid) {
    const step = event.altKey ? 0 : { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    const row = control.closest("tr");
    const place = [...row.cells].indexOf(control.closest("td, th"));
    const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
    if (next) next.cells[place]?.querySelector(".te-cell")?.focus();
    else if (event.key === "Enter" && editable && grid === "rules") addRule();
  }
  function typeChoice(column, place) {
    const control = made("select", { class: "control", "aria-label": `${words.type} ${column.label || column.name || column.expression}`, "data-place": `${place}.type`, disabled: !editable });
    for (const [key, title] of Object.entries(types)) control.append(made("option", { value: key }, title));
    control.value = column.type;
    control.addEventListener("change", () => change(() => { column.type = control.value; }));
    return control;
  }
  function columnTools(list, index, name, remove) {
    if (!editable) return null;
    const tool = (title, sign, act, disabled) => made("button", { type: "button", class: "link", "aria-label": `${title} ${name}`, title, disabled, onclick: act }, sign);
    const shift = (to) => change(() => moveColumn(list, index, to));
    return made("span", { class: "te-tools" },
      tool(words.left, "←", () => shift(index - 1), index === 0),
      tool(words.right, "→", () => shift(index + 1), index === list.length - 1),
      tool(words.remove, "×", () => { change(remove); announce(fill(words.removed, { name })); }, list.length === 1 && list !== table.notes));
  }
  const cellsOf = (list) => (list === table.inputs ? "inputs" : list === table.outputs ? "outputs" : "notes");
  function moveColumn(list, from, to) {
    const cells = cellsOf(list);
    list.splice(to, 0, ...list.splice(from, 1));
    for (const rule of table.rules) rule[cells].splice(to, 0, ...rule[cells].splice(from, 1));
  }
  function removeColumn(list, index) {
    const cells = cellsOf(list);
    list.splice(index, 1);
    for (const rule of table.rules) rule[cells].splice(index, 1);
  }

  // ---- the grid ----------------------------------------------------------------------------------------------------

  function head() {
    const line = made("tr", {}, made("th", { scope: "col", class: "te-number" }, words.rule));
    table.inputs.forEach((column, place) => line.append(made("th", { scope: "col", class: "te-input" },
      made("span", { class: "te-kind" }, words.input, columnTools(table.inputs, place, column.label || column.expression, () => removeColumn(table.inputs, place))),
      cell(`${words.input} ${words.label}`, column.label, (typed) => { column.label = typed; }, `inputs[${place}].label`),
      cell(`${words.input} ${words.expression}`, column.expression, (typed) => { column.expression = typed; }, `inputs[${place}].expression`),
      typeChoice(column, `inputs[${place}]`))));
    table.outputs.forEach((column, place) => line.append(made("th", { scope: "col", class: "te-output" },
      made("span", { class: "te-kind" }, words.output, columnTools(table.outputs, place, column.label || column.name, () => removeColumn(table.outputs, place))),
      cell(`${words.output} ${words.label}`, column.label, (typed) => { column.label = typed; }, `outputs[${place}].label`),
      cell(`${words.output} ${words.variable}`, column.name, (typed) => rename(column, typed), `outputs[${place}].name`),
      typeChoice(column, `outputs[${place}]`))));
    table.notes.forEach((name, place) => line.append(made("th", { scope: "col", class: "te-note" },
      made("span", { class: "te-kind" }, words.note, columnTools(table.notes, place, name, () => removeColumn(table.notes, place))),
      cell(`${words.note} ${words.label}`, name, (typed) => { table.notes[place] = typed; }, `notes[${place}]`))));
    if (editable) line.append(made("td", { class: "te-end" }));
    return made("thead", {}, line);
  }
  function rename(column, typed) {
    for (const test of tests) if (column.name in test.expected) { test.expected[typed] = test.expected[column.name]; if (typed !== column.name) delete test.expected[column.name]; }
    column.name = typed;
  }
  function rule(each, place) {
    const line = made("tr", {}, made("th", { scope: "row", class: "te-number" },
      editable ? made("button", { type: "button", class: "fe-grip", tabindex: "-1", "aria-label": fill(words.move, { name: fill(words.ruleAt, { place: place + 1 }) }) }, "⠿") : null, String(place + 1)));
    const label = (column) => fill(words.cell, { column, place: place + 1 });
    const put = (cells, index, name, kind) => line.append(made("td", { class: kind }, cell(label(name), each[cells][index], (typed) => { each[cells][index] = typed; }, `rules[${place}].${cells}[${index}]`, "rules"), made("p", { class: "error", "data-problem": `rules[${place}].${cells}[${index}]`, hidden: true })));
    table.inputs.forEach((column, index) => put("inputs", index, column.label || column.expression, "te-input"));
    table.outputs.forEach((column, index) => put("outputs", index, column.label || column.name, "te-output"));
    table.notes.forEach((name, index) => put("notes", index, name, "te-note"));
    if (editable) line.append(made("td", { class: "te-end" },
      made("button", { type: "button", class: "link", "aria-label": `${words.duplicate} ${fill(words.ruleAt, { place: place + 1 })}`, onclick: () => duplicateRule(place) }, words.duplicate),
      made("button", { type: "button", class: "link", "aria-label": `${words.remove} ${fill(words.ruleAt, { place: place + 1 })}`, disabled: table.rules.length === 1, onclick: () => removeRule(place) }, words.remove)));
    return line;
  }
  function drawGrid() {
    const focused = document.activeElement?.dataset?.place;
    const body = made("tbody", {}, ...table.rules.map(rule));
    if (editable) window.ordering(body, ".fe-grip", moveRule);
    at("grid").replaceChildren(at("grid").caption, head(), body);
    if (focused) at("grid").querySelector(`[data-place="${focused}"]`)?.focus();
  }
  function drawAll() {
    at("name").value = table.name;
    at("policy").value = table.policy;
    at("aggregation").value = table.aggregation;
    at("aggregation-box").hidden = table.policy !== "COLLECT";
    drawGrid();
    drawTrials();
    tell();
  }
  function focusRule(place, column = 0) { at("grid").tBodies[0].rows[place]?.querySelectorAll(".te-cell")[column]?.focus(); }
  function moveRule(from, to) {
    const line = at("grid").tBodies[0].rows[from];
    const column = line ? [...line.querySelectorAll(".te-cell")].indexOf(document.activeElement) : 0;
    change(() => { table.rules.splice(to, 0, ...table.rules.splice(from, 1)); });
    focusRule(to, Math.max(column, 0));
    announce(fill(words.moved, { name: fill(words.ruleAt, { place: from + 1 }), place: to + 1, count: table.rules.length }));
  }
  function addRule() {
    change(() => table.rules.push({ id: freeId("rule", table.rules), inputs: table.inputs.map(() => "-"), outputs: table.outputs.map(() => ""), notes: table.notes.map(() => "") }));
    focusRule(table.rules.length - 1);
  }
  function duplicateRule(place) {
    change(() => table.rules.splice(place + 1, 0, { ...JSON.parse(JSON.stringify(table.rules[place])), id: freeId("rule", table.rules) }));
    focusRule(place + 1);
  }
  function removeRule(place) {
    change(() => table.rules.splice(place, 1));
    focusRule(Math.min(place, table.rules.length - 1));
    announce(fill(words.removed, { name: fill(words.ruleAt, { place: place + 1 }) }));
  }
  function addColumn(list, column, blank) {
    const cells = cellsOf(list);
    change(() => { list.push(column); for (const each of table.rules) each[cells].push(blank); });
    at("grid").querySelector(`[data-place="${cells}[${list.length - 1}]${cells === "notes" ? "" : ".label"}"]`)?.focus();
  }

  // ---- tests ---------------------------------------------------------------------------------------------------------

  function drawTrials() {
    const focused = document.activeElement?.dataset?.place;
    const line = made("tr", {}, made("th", { scope: "col" }, words.trialName));
    for (const column of table.inputs) line.append(made("th", { scope: "col", class: "te-input" }, column.label || column.expression));
    for (const column of table.outputs) line.append(made("th", { scope: "col", class: "te-output" }, fill(words.expected, { name: column.label || column.name })));
    line.append(made("th", { scope: "col" }, words.outcome));
    if (editable) line.append(made("td", { class: "te-end" }));
    const rows = tests.map((test, place) => {
      const label = (name) => fill(words.trialCell, { column: name, place: place + 1 });
      const row = made("tr", {}, made("td", {}, cell(label(words.trialName), test.name, (typed) => { test.name = typed; }, `tests[${place}].name`, "tests")));
      for (const column of table.inputs) row.append(made("td", { class: "te-input" }, cell(label(column.label || column.expression), test.inputs[column.id], (typed) => { test.inputs[column.id] = typed; }, `tests[${place}].inputs.${column.id}`, "tests")));
      for (const column of table.outputs) row.append(made("td", { class: "te-output" }, cell(label(fill(words.expected, { name: column.label || column.name })), test.expected[column.name], (typed) => { test.expected[column.name] = typed; }, `tests[${place}].expected.${column.name}`, "tests")));
      row.append(made("td", { class: "te-outcome", "data-outcome": String(place) }));
      if (editable) row.append(made("td", { class: "te-end" }, made("button", { type: "button", class: "link", "aria-label": `${words.remove} ${test.name || place + 1}`, onclick: () => { change(() => tests.splice(place, 1)); at("add-trial").focus(); } }, words.remove)));
      return row;
    });
    at("trials").replaceChildren(at("trials").caption, made("thead", {}, line), made("tbody", {}, ...rows));
    if (focused) at("trials").querySelector(`[data-place="${focused}"]`)?.focus();
  }
  function tellTrials() {
    const verdicts = told.verdicts || [];
    for (const box of at("trials").querySelectorAll("[data-outcome]")) {
      const verdict = verdicts[Number(box.dataset.outcome)];
      if (!verdict) { box.textContent = told.problems.length ? words.waiting : ""; box.className = "te-outcome muted"; continue; }
      const got = verdict.problem || Object.values(verdict.got).map((each) => each || "—").join(words.comma);
      const rules = verdict.rules.length ? fill(words.byRules, { rules: verdict.rules.join(words.comma) }) : words.noRule;
      box.textContent = `${verdict.passed ? words.passed : fill(words.failed, { got })} · ${rules}`;
      box.className = `te-outcome ${verdict.passed ? "is-good" : "is-wrong"}`;
    }
    const wrong = verdicts.filter((each) => !each.passed).length;
    at("trials-state").textContent = !verdicts.length ? "" : fill(wrong ? words.trialsFailed : words.trialsPassed, { count: wrong || verdicts.length });
    at("trials-state").className = wrong ? "te-wrong" : "te-good";
  }

  // ---- what the server says --------------------------------------------------------------------------------------------

  let timer = 0;
  let asked = 0;
  function later() { clearTimeout(timer); timer = setTimeout(look, 300); }
  async function look() {
    const mine = (asked += 1);
    try {
      const found = await ask(root.dataset.check, { method: "POST", body: content(), headers: { "Content-Type": "application/json" } });
      if (mine !== asked) return;
      told = found;
      tell();
    } catch (wrong) { if (mine === asked) at("state").textContent = wrong.detail || String(wrong); }
  }
  function tell() {
    const byPlace = new Map(told.problems.map((each) => [each.place, each.text]));
    for (const control of at("grid").querySelectorAll("[data-place]")) {
      const text = byPlace.get(control.dataset.place);
      if (text) { control.setAttribute("aria-invalid", "true"); control.title = text; } else { control.removeAttribute("aria-invalid"); control.removeAttribute("title"); }
    }
    for (const line of at("grid").querySelectorAll("[data-problem]")) {
      line.textContent = byPlace.get(line.dataset.problem) || "";
      line.hidden = !line.textContent;
    }
    tellState();
    tellTrials();
  }
  function tellState() {
    const box = at("state");
    box.replaceChildren();
    const many = told.problems.length;
    box.append(made("p", { class: many ? "te-wrong" : "te-good" }, many ? fill(words.problems, { count: many }) : words.noProblems));
    if (many) box.append(made("ul", {}, ...told.problems.slice(0, 30).map((each) => made("li", {}, made("button", { type: "button", class: "link te-jump", onclick: () => at("grid").querySelector(`[data-place="${each.place}"]`)?.focus() }, fill(words.problemAt, { place: each.place || "—", text: each.text }))))));
    const found = told.coverage;
    if (!found) return;
    if (found.note) { box.append(made("p", { class: "muted" }, found.note)); return; }
    const region = (values) => table.inputs.map((column, place) => fill(words.problemAt, { place: column.label || column.expression, text: values[place] })).join(words.comma);
    if (found.gaps.length) box.append(made("h3", {}, words.gaps), made("ul", {}, ...found.gaps.map((each) => made("li", {}, region(each)))));
    if (found.overlaps.length) box.append(made("h3", {}, words.overlaps), made("ul", { class: "te-wrong" }, ...found.overlaps.map((each) => made("li", {}, `${fill(words.rulesMeet, { rules: each.rules.join(words.comma) })}${words.comma}${region(each.region)}`))));
    if (found.unused.length) box.append(made("p", { class: "te-wrong" }, fill(words.unused, { rules: found.unused.join(words.comma) })));
    if (!found.gaps.length && !found.overlaps.length) box.append(made("p", { class: "te-good" }, words.noGaps));
  }

  // ---- saving ----------------------------------------------------------------------------------------------------------

  // The file of another tool is only saved when somebody asks for it: saving leaves out what that tool drew around it.
  const kept = window.studio.saving({
    content,
    send: async (text, revision) => {
      const answer = await ask(root.dataset.url, { method: "PUT", body: text, headers: { "If-Match": `"${revision}"`, "Content-Type": "application/json" } });
      state.revision = answer.revision;
    },
    say: (sentence) => { at("saved").textContent = sentence; },
    conflict,
    byItself: editable && !("foreign" in root.dataset),
  });
  function keep(revision) {
    if (editable && table) kept.now(revision);
  }
  function conflict(wrong) {
    const dialog = at("conflict");
    at("conflict-text").textContent = fill(words.conflict, { who: wrong.who, when: new Date(wrong.when).toLocaleTimeString() });
    at("conflict-theirs").onclick = () => { dialog.close(); steps.remember(); load(); };
    at("conflict-mine").onclick = () => { dialog.close(); keep(wrong.revision); };
    at("conflict-wait").onclick = () => dialog.close();
    if (!dialog.open) dialog.showModal();
  }
  async function load() {
    const found = await ask(root.dataset.url);
    ({ table, tests } = found);
    for (const each of table.rules) while (each.notes.length < table.notes.length) each.notes.push("");
    state.revision = found.revision;
    kept.begin(content());
    drawAll();
    changed();
  }

  // ---- the page --------------------------------------------------------------------------------------------------------

  const offer = (name, choices) => at(name).append(...Object.entries(choices).map(([key, title]) => made("option", { value: key }, title)));
  offer("policy", policies);
  offer("aggregation", aggregations);
  for (const name of ["name", "policy", "aggregation"]) at(name).disabled = !editable;
  if (editable) {
    at("name").addEventListener("input", () => change(() => { table.name = at("name").value; }, "name"));
    at("policy").addEventListener("change", () => change(() => { table.policy = at("policy").value; if (table.policy !== "COLLECT") table.aggregation = ""; }));
    at("aggregation").addEventListener("change", () => change(() => { table.aggregation = at("aggregation").value; }));
    at("add-rule").addEventListener("click", addRule);
    at("add-input").addEventListener("click", () => addColumn(table.inputs, { id: freeId("input", table.inputs), label: words.newInput, expression: "", type: "string" }, "-"));
    at("add-output").addEventListener("click", () => addColumn(table.outputs, { id: freeId("output", table.outputs), label: words.newOutput, name: "", type: "string" }, ""));
    at("add-note").addEventListener("click", () => addColumn(table.notes, words.newNote, ""));
    at("add-trial").addEventListener("click", () => { change(() => tests.push({ name: "", inputs: {}, expected: {} })); at("trials").tBodies[0].rows[tests.length - 1].querySelector(".te-cell").focus(); });
    at("save").addEventListener("click", () => keep());
    const back = () => { if (steps.undo()) announce(words.undone); };
    const again = () => { if (steps.redo()) announce(words.redone); };
    at("undo").addEventListener("click", back);
    at("redo").addEventListener("click", again);
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey)) return;
      const key = event.key.toLowerCase();
      const typing = event.target.matches?.("input[type=text], textarea");
      if (key === "s") { event.preventDefault(); keep(); }
      if (key === "z" && !typing) { event.preventDefault(); if (event.shiftKey) again(); else back(); }
    });
  }
  // What did not reach the server last time, from the copy in this browser.
  function offerLeft() {
    const left = kept.copy.left;
    if (!editable || !left || left === content()) return kept.copy.forget();
    at("left").hidden = false;
    at("left-take").onclick = () => {
      at("left").hidden = true;
      change(() => { try { ({ table, tests } = JSON.parse(left)); } catch { kept.copy.forget(); } });
    };
    at("left-drop").onclick = () => {
      at("left").hidden = true;
      kept.copy.forget();
    };
  }
  load().then(offerLeft).catch((wrong) => { at("state").textContent = fill(words.loadFailed, { text: wrong.detail || String(wrong) }); });
})();
