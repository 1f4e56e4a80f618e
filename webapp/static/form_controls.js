// The controls of the form editor: each shows one property of a field and says when it has changed.
(() => {
  "use strict";

  let number = 0;
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

  // Texts that belong to one language or both: a plain text stays plain as long as there is no English.
  const zh = (wording) => (typeof wording === "object" && wording ? wording.zh ?? "" : wording ?? "");
  const en = (wording) => (typeof wording === "object" && wording ? wording.en ?? "" : "");
  const wording = (before, chinese, english) => {
    if (!chinese && !english) return undefined;
    if (english) return { zh: chinese, en: english };
    return typeof before === "object" && before ? { zh: chinese } : chinese;
  };

  function boxed(label, control, help, path) {
    const id = control.id || (control.id = `e-${(number += 1)}`);
    const told = help ? made("p", { class: "help", id: `${id}-help` }, help) : null;
    const wrong = made("p", { class: "error", id: `${id}-error`, "data-problem": path, hidden: true });
    control.setAttribute("aria-describedby", [told && told.id, wrong.id].filter(Boolean).join(" "));
    control.setAttribute("data-control", path);
    return made("div", { class: "field fe-field" }, made("label", { for: id }, label), told, control, wrong);
  }

  function text(label, value, set, { help = "", path = "", list = "", lines = 0, mode = "" } = {}) {
    const control = lines
      ? made("textarea", { class: "control", rows: lines })
      : made("input", { class: "control", type: "text", autocomplete: "off", list: list || null, inputmode: mode || null });
    control.value = value ?? "";
    control.addEventListener("input", () => set(control.value));
    return boxed(label, control, help, path);
  }

  // A whole or broken number; what is no number is kept as it was typed, and the check says so.
  function amount(label, value, set, { help = "", path = "", factor = 1 } = {}) {
    const shown = value === undefined || value === null ? "" : typeof value === "number" ? String(value / factor) : String(value);
    return text(label, shown, (typed) => {
      const plain = typed.trim();
      if (plain === "") return set(undefined);
      const found = Number(plain);
      return set(Number.isFinite(found) ? Math.round(found * factor * 1e6) / 1e6 : plain);
    }, { help, path, mode: "decimal" });
  }

  function select(label, choices, value, set, { help = "", path = "" } = {}) {
    const control = made("select", { class: "control" });
    for (const [key, title] of choices) control.append(made("option", { value: key }, title));
    if (!choices.some(([key]) => key === value)) control.append(made("option", { value: value ?? "" }, String(value ?? "")));
    control.value = value ?? "";
    control.addEventListener("change", () => set(control.value));
    return boxed(label, control, help, path);
  }

  function tick(label, value, set, path) {
    const control = made("input", { type: "checkbox" });
    control.checked = value === true;
    control.addEventListener("change", () => set(control.checked));
    const box = made("label", { class: "fe-tick" }, control, ` ${label}`);
    const id = `e-${(number += 1)}`;
    control.setAttribute("aria-describedby", `${id}-error`);
    control.setAttribute("data-control", path);
    return made("div", { class: "fe-field" }, box, made("p", { class: "error", id: `${id}-error`, "data-problem": path, hidden: true }));
  }

  function ticks(label, choices, values, set, path) {
    const chosen = new Set(values || []);
    const group = made("fieldset", { class: "fe-field fe-group", "data-control": path, tabindex: "-1" }, made("legend", {}, label));
    for (const [key, title] of choices) {
      const control = made("input", { type: "checkbox" });
      control.checked = chosen.has(key);
      control.addEventListener("change", () => {
        if (control.checked) chosen.add(key); else chosen.delete(key);
        set(choices.map(([each]) => each).filter((each) => chosen.has(each)));
      });
      group.append(made("label", { class: "fe-tick" }, control, ` ${title}`));
    }
    group.append(made("p", { class: "error", "data-problem": path, hidden: true }));
    return group;
  }

  function wordingOf(label, value, set, words, { path = "", help = "", lines = 0 } = {}) {
    let now = value;
    const change = (chinese, english) => { now = wording(now, chinese, english); set(now); };
    const first = text(`${label} · ${words.chinese}`, zh(value), (typed) => change(typed, en(now)), { help, path, lines });
    const second = text(`${label} · ${words.english}`, en(value), (typed) => change(zh(now), typed), { lines });
    second.querySelector(".control").lang = "en";
    return made("div", { class: "fe-pair" }, first, second);
  }

  // ---- conditions --------------------------------------------------------------------------------------------------

  const parts = (condition) => (condition.all || condition.any || [condition]);
  const isPlain = (condition) => parts(condition).every((each) => each && "key" in each && (Array.isArray(each.in) || Array.isArray(each.not_in)));

  function valueOf(field, typed) {
    if (field?.type === "boolean") return typed === "true";
    if (["integer", "decimal", "money"].includes(field?.type)) {
      const found = Number(typed);
      return typed.trim() !== "" && Number.isFinite(found) ? (field.type === "money" ? Math.round(found * 100) : found) : typed;
    }
    return typed;
  }
  const shownOf = (field, value) => (field?.type === "money" && typeof value === "number" ? String(value / 100) : String(value));
  const optionsOf = (field, spoken = zh) => (Array.isArray(field?.options) ? field.options : []).map((each) =>
    (typeof each === "object" && each ? [String(each.value), spoken(each.label) || String(each.value)] : [String(each), String(each)]));

  // Comparisons of other fields, all or any of which must hold; deeper ones are written as JSON.
  function condition(label, value, set, fields, words, path, spoken = zh) {
    const box = made("fieldset", { class: "fe-field fe-group", "data-control": path, tabindex: "-1" }, made("legend", {}, label));
    const wrong = made("p", { class: "error", "data-problem": path, hidden: true });
    if (value && !isPlain(value)) {
      const area = made("textarea", { class: "control fe-json-text", rows: "6", "aria-label": `${label} JSON`, spellcheck: "false" });
      area.value = JSON.stringify(value, null, 1);
      area.addEventListener("input", () => { try { set(JSON.parse(area.value)); area.removeAttribute("aria-invalid"); } catch { area.setAttribute("aria-invalid", "true"); } });
      box.append(made("p", { class: "help" }, words.complexCondition), area, wrong);
      return box;
    }
    let rows = value ? parts(value).map((each) => ({ key: each.key, negated: "not_in" in each, values: each.in || each.not_in })) : [];
    let mode = value?.any ? "any" : "all";
    const list = made("div", { class: "fe-conditions" });
    function changed() {
      const all = rows.map((row) => ({ key: row.key, [row.negated ? "not_in" : "in"]: row.values }));
      set(all.length === 0 ? undefined : all.length === 1 ? all[0] : { [mode]: all });
    }
    function one(row) {
      const field = fields.find((each) => each.key === row.key);
      const which = made("select", { class: "control", "aria-label": words.field });
      which.append(made("option", { value: "" }, words.choose));
      for (const each of fields) which.append(made("option", { value: each.key }, spoken(each.label) || each.key));
      if (row.key && !field) which.append(made("option", { value: row.key }, row.key));
      which.value = row.key;
      which.addEventListener("change", () => { row.key = which.value; row.values = []; draw(); changed(); });
      const how = made("select", { class: "control", "aria-label": `${words.is} / ${words.isNot}` }, made("option", { value: "" }, words.is), made("option", { value: "not" }, words.isNot));
      how.value = row.negated ? "not" : "";
      how.addEventListener("change", () => { row.negated = how.value === "not"; changed(); });
      const away = made("button", { type: "button", class: "link", "aria-label": `${words.remove} ${row.key}` }, words.remove);
      away.addEventListener("click", () => { rows = rows.filter((each) => each !== row); draw(); changed(); box.querySelector(".fe-add-condition")?.focus(); });
      return made("div", { class: "fe-condition" }, which, how, values(row, field), away);
    }
    function values(row, field) {
      const choices = field?.type === "boolean" ? [["true", words.yes], ["false", words.no]] : optionsOf(field, spoken);
      if (!choices.length) {
        const typed = made("input", { class: "control", type: "text", "aria-label": words.values, placeholder: words.values });
        typed.value = row.values.map((each) => shownOf(field, each)).join("，");
        typed.addEventListener("input", () => { row.values = typed.value.split(/[,，]/).map((each) => each.trim()).filter(Boolean).map((each) => valueOf(field, each)); changed(); });
        return typed;
      }
      const group = made("span", { class: "fe-values", role: "group", "aria-label": words.valuesOf });
      const chosen = new Set(row.values.map(String));
      const known = [...choices, ...[...chosen].filter((each) => !choices.some(([key]) => key === each)).map((each) => [each, each])];
      for (const [key, title] of known) {
        const control = made("input", { type: "checkbox" });
        control.checked = chosen.has(key);
        control.addEventListener("change", () => { if (control.checked) chosen.add(key); else chosen.delete(key); row.values = known.map(([each]) => each).filter((each) => chosen.has(each)).map((each) => valueOf(field, each)); changed(); });
        group.append(made("label", { class: "fe-tick" }, control, ` ${title}`));
      }
      return group;
    }
    function draw() {
      list.replaceChildren();
      if (rows.length > 1) {
        const which = made("select", { class: "control", "aria-label": label }, made("option", { value: "all" }, words.all), made("option", { value: "any" }, words.any));
        which.value = mode;
        which.addEventListener("change", () => { mode = which.value; changed(); });
        list.append(which);
      }
      list.append(...rows.map(one));
    }
    draw();
    const add = made("button", { type: "button", class: "link fe-add-condition" }, words.addCondition);
    add.addEventListener("click", () => { rows.push({ key: "", negated: false, values: [] }); draw(); list.lastElementChild.querySelector("select").focus(); changed(); });
    box.append(list, add, wrong);
    return box;
  }

  // ---- options -----------------------------------------------------------------------------------------------------

  function options(field, change, words, lists, path) {
    const box = made("div", { class: "fe-field" });
    const fixed = Array.isArray(field.options);
    const name = `e-source-${(number += 1)}`;
    const way = (value, title, checked) => {
      const radio = made("input", { type: "radio", name, value });
      radio.checked = checked;
      radio.addEventListener("change", () => change((each) => {
        if (value === "fixed") { delete each.options_from; each.options = [{ value: `${words.newOption} 1`, label: { zh: `${words.newOption} 1` } }]; }
        else { delete each.options; each.options_from = lists[0] || "units"; }
      }, true));
      return made("label", { class: "fe-tick" }, radio, ` ${title}`);
    };
    box.append(made("fieldset", { class: "fe-group", "data-control": `${path}.options`, tabindex: "-1" }, made("legend", {}, words.options), way("fixed", words.fixedOptions, fixed), way("list", words.optionsFrom, !fixed)));
    box.append(made("p", { class: "error", "data-problem": `${path}.options`, hidden: true }));
    if (!fixed) {
      box.append(text(words.optionsFrom, field.options_from, (typed) => change((each) => { each.options_from = typed || undefined; }), { list: "e-lists", path: `${path}.options_from` }));
      return box;
    }
    const table = made("ol", { class: "fe-options" });
    field.options.forEach((option, place) => {
      const value = typeof option === "object" && option ? option.value : option;
      const label = typeof option === "object" && option ? option.label : undefined;
      const cell = (title, shown, set, lang) => {
        const control = made("input", { class: "control", type: "text", "aria-label": `${words.options} ${place + 1} ${title}`, placeholder: title, lang: lang || null });
        control.value = shown ?? "";
        control.addEventListener("input", () => set(control.value));
        return control;
      };
      const put = (set) => change((each) => {
        const now = typeof each.options[place] === "object" && each.options[place] ? each.options[place] : { value: each.options[place] };
        set(now);
        if (now.label === undefined) delete now.label;
        each.options[place] = now.label === undefined ? now.value : now;
      });
      const tools = made("span", { class: "fe-tools" },
        made("button", { type: "button", class: "fe-grip", "aria-label": words.move.replace("{name}", String(value)), title: words.move.replace("{name}", String(value)) }, "⠿"),
        made("button", { type: "button", class: "link", "aria-label": `${words.remove} ${value}`, onclick: () => change((each) => { each.options.splice(place, 1); }, true) }, words.remove));
      table.append(made("li", {},
        cell(words.optionValue, value, (typed) => put((now) => { now.value = typed; })),
        cell(`${words.optionLabel} · ${words.chinese}`, zh(label), (typed) => put((now) => { now.label = wording(now.label, typed, en(now.label)); })),
        cell(`${words.optionLabel} · ${words.english}`, en(label), (typed) => put((now) => { now.label = wording(now.label, zh(now.label) || now.value, typed); }), "en"),
        tools));
    });
    window.ordering(table, ".fe-grip", (from, to) => {
      change((each) => { each.options.splice(to, 0, ...each.options.splice(from, 1)); }, true);
      document.querySelectorAll(".fe-options .fe-grip")[to]?.focus();
    });
    box.append(table, made("button", { type: "button", class: "link", onclick: () => change((each) => {
      const taken = new Set(optionsOf(each).map(([key]) => key));
      let at = each.options.length + 1;
      while (taken.has(`${words.newOption} ${at}`)) at += 1;
      each.options.push({ value: `${words.newOption} ${at}`, label: { zh: `${words.newOption} ${at}` } });
    }, true) }, words.addOption));
    return box;
  }

  window.formControls = { made, zh, en, text, amount, select, tick, ticks, wordingOf, condition, options, optionsOf };
})();
