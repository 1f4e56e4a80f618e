// Forms: what a page can do better with a script. Without it everything still works and the server checks the same.
(() => {
  "use strict";

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  function button(text, label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "form-button";
    made.textContent = text;
    if (label) made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  }

  // A line that tells people who do not see the page what has just changed.
  function teller(root) {
    const line = document.createElement("p");
    line.className = "form-unseen form-full";
    line.setAttribute("role", "status");
    root.append(line);
    return (text) => { line.textContent = text; };
  }

  // ---- which fields show -------------------------------------------------------------------------------------------

  function answerOf(root, key, hidden) {
    const box = root.querySelector(`[data-field="${key}"]`);
    if (!box || hidden.has(key)) return [];
    const shown = box.querySelector("[data-value]");
    if (shown) return [shown.dataset.value].filter(Boolean);
    const found = [];
    for (const control of box.querySelectorAll("input, select, textarea")) {
      if (control.name !== key) continue;
      if (["radio", "checkbox"].includes(control.type) && !control.checked) continue;
      if (control.value.trim() !== "") found.push(control.value.trim());
    }
    return found;
  }

  const alike = (given, value) =>
    typeof value === "number" ? Number(given.replace(/,/g, "")) === value : given === String(value);

  function holds(condition, look) {
    if (condition.all) return condition.all.every((part) => holds(part, look));
    if (condition.any) return condition.any.some((part) => holds(part, look));
    const given = look(condition.key);
    if (!given.length) return false;
    const wanted = condition.in || condition.not_in;
    const some = given.some((each) => wanted.some((value) => alike(each, value)));
    return condition.in ? some : !some;
  }

  function showFields(root) {
    const boxes = [...root.querySelectorAll("[data-show-if]")];
    if (!boxes.length) return;
    const conditions = new Map(boxes.map((box) => [box, JSON.parse(box.dataset.showIf)]));
    const money = (key) => root.querySelector(`[data-field="${key}"].form-kind-money`);
    function update() {
      // A hidden field counts as unanswered, so hiding one may hide another: repeat until nothing changes.
      const hidden = new Set();
      for (let round = 0; round <= boxes.length; round += 1) {
        const before = hidden.size;
        const look = (key) => {
          const given = answerOf(root, key, hidden);
          return money(key) ? given.map((each) => String(Math.round(Number(each.replace(/,/g, "")) * 100))) : given;
        };
        for (const box of boxes) if (!holds(conditions.get(box), look)) hidden.add(box.dataset.field);
        if (hidden.size === before) break;
      }
      for (const box of boxes) {
        const hide = hidden.has(box.dataset.field);
        box.hidden = hide;
        for (const control of box.querySelectorAll("input, select, textarea")) control.disabled = hide;
      }
    }
    for (const name of ["input", "change", "form:changed"]) root.addEventListener(name, update);
    update();
  }

  // ---- tables ------------------------------------------------------------------------------------------------------

  function renumber(table, texts) {
    const { key } = table.dataset;
    const mark = new RegExp(`^(f-)?${key}-(\\d+|__row__)-`);
    [...table.tBodies[0].rows].forEach((row, place) => {
      row.querySelector("[data-row-number]").textContent = place + 1;
      for (const each of row.querySelectorAll("[id], [name], [for], [aria-describedby]")) {
        for (const name of ["id", "name", "for", "aria-describedby"]) {
          const value = each.getAttribute(name);
          if (value) each.setAttribute(name, value.replace(mark, (whole, start) => `${start || ""}${key}-${place}-`));
        }
      }
      const remove = row.querySelector("[data-remove-row]");
      if (remove) remove.setAttribute("aria-label", fill(texts.textRemoveRow, { row: place + 1 }));
    });
  }

  function tableRows(root, table, tell) {
    const texts = root.dataset;
    const body = table.tBodies[0];
    const pattern = root.querySelector(`template[data-row-of="${table.id}"]`);
    const [least, most, kept] = [table.dataset.least, table.dataset.most, table.dataset.kept].map(Number);
    const add = button(texts.textAdd, "", () => addRow(true));
    add.classList.add("form-add");

    function tools(row) {
      const cell = document.createElement("td");
      cell.className = "form-row-tools";
      const remove = button(texts.textRemove, "", () => removeRow(row));
      remove.dataset.removeRow = "";
      cell.append(remove);
      row.append(cell);
    }
    function changed() {
      renumber(table, texts);
      add.disabled = body.rows.length >= most;
      for (const each of body.querySelectorAll("[data-remove-row]")) each.disabled = body.rows.length <= least;
      table.dispatchEvent(new Event("form:changed", { bubbles: true }));
    }
    function addRow(byHand) {
      if (body.rows.length >= most) return;
      const row = pattern.content.querySelector("tr").cloneNode(true);
      tools(row);
      body.append(row);
      changed();
      if (!byHand) return;
      row.querySelector(".form-control")?.focus();
      tell(fill(texts.textRowAdded, { row: body.rows.length }));
    }
    function removeRow(row) {
      const place = [...body.rows].indexOf(row);
      if (body.rows.length <= least) return;
      row.remove();
      changed();
      const next = body.rows[Math.min(place, body.rows.length - 1)];
      (next?.querySelector("[data-remove-row]:not(:disabled)") || add).focus();
      tell(fill(texts.textRowRemoved, { row: place + 1 }));
    }

    const head = document.createElement("th");
    head.scope = "col";
    head.textContent = texts.textRemove;
    table.tHead.rows[0].append(head);
    while (body.rows.length > Math.max(kept, least)) body.deleteRow(-1);
    for (const row of body.rows) tools(row);
    table.after(add);
    changed();

    table.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || event.target.tagName !== "INPUT") return;
      event.preventDefault();
      const cell = event.target.closest("td");
      const place = [...body.rows].indexOf(cell.parentElement);
      if (place === body.rows.length - 1) addRow(false);
      body.rows[place + 1]?.cells[cell.cellIndex]?.querySelector(".form-control")?.focus();
    });
  }

  // ---- several choices in an order ---------------------------------------------------------------------------------

  function orderedChoice(root, list) {
    const texts = root.dataset;
    const most = Number(list.dataset.most);
    const label = list.closest("fieldset").querySelector("legend").firstChild.textContent.trim();
    const pattern = list.querySelector("li").cloneNode(true);
    const add = button(texts.textAddChoice, "", () => { equip(append()); changed(); list.lastElementChild.querySelector("select").focus(); });
    add.classList.add("form-add");

    function append() {
      list.append(pattern.cloneNode(true));
      list.lastElementChild.querySelector("select").value = "";
      return list.lastElementChild;
    }
    function move(item, step, made) {
      const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
      if (!other) return;
      if (step < 0) other.before(item); else other.after(item);
      changed();
      (made.disabled ? item.querySelector("select") : made).focus();
    }
    function equip(item) {
      const up = button("↑", "", () => move(item, -1, up));
      const down = button("↓", "", () => move(item, 1, down));
      const remove = button(texts.textRemove, "", () => {
        if (list.children.length > 1) item.remove(); else item.querySelector("select").value = "";
        changed();
        add.focus();
      });
      item.append(up, down, remove);
    }
    function changed() {
      const items = [...list.children];
      const first = list.dataset.first;
      items.forEach((item, place) => {
        const words = `${label} ${fill(texts.textPlace, { place: place + 1 })}`;
        const select = item.querySelector("select");
        select.id = place ? `${first}-${place}` : first;
        item.querySelector("label").htmlFor = select.id;
        item.querySelector("label").textContent = words;
        const [up, down, remove] = item.querySelectorAll("button");
        up.disabled = place === 0;
        down.disabled = place === items.length - 1;
        up.setAttribute("aria-label", `${texts.textUp} ${words}`);
        down.setAttribute("aria-label", `${texts.textDown} ${words}`);
        remove.setAttribute("aria-label", `${texts.textRemove} ${words}`);
      });
      add.disabled = items.length >= most;
      list.dispatchEvent(new Event("form:changed", { bubbles: true }));
    }

    list.dataset.first = list.querySelector("select").id;
    for (const item of [...list.children].slice(1)) if (!item.querySelector("select").value) item.remove();
    for (const item of list.children) equip(item);
    list.after(add);
    changed();
  }

  // ---- files, counters, leaving ------------------------------------------------------------------------------------

  function chosenFiles(root, input, tell) {
    const list = document.createElement("ul");
    list.className = "form-files";
    list.setAttribute("aria-label", root.dataset.textChosen);
    input.after(list);
    function draw() {
      list.replaceChildren(...[...input.files].map((file, place) => {
        const item = document.createElement("li");
        const size = file.size < 1048576 ? `${Math.ceil(file.size / 1024)} KB` : `${(file.size / 1048576).toFixed(1)} MB`;
        item.append(`${file.name} (${size}) `, button(root.dataset.textRemove, `${root.dataset.textRemove} ${file.name}`, () => {
          const rest = new DataTransfer();
          [...input.files].forEach((each, other) => { if (other !== place) rest.items.add(each); });
          input.files = rest.files;
          draw();
          tell(fill(root.dataset.textRemoved, { name: file.name }));
          input.focus();
        }));
        return item;
      }));
      list.hidden = !input.files.length;
    }
    input.addEventListener("change", draw);
    draw();
  }

  function counter(root, area) {
    const most = Number(area.dataset.most);
    const line = document.createElement("p");
    line.className = "form-count";
    area.after(line);
    function count() {
      const length = [...area.value.trim()].length;
      line.textContent = fill(root.dataset.textCount, { count: length, most });
      line.classList.toggle("is-over", length > most);
    }
    area.addEventListener("input", count);
    count();
  }

  function guard(root) {
    const form = root.closest("form");
    if (!form) return;
    let changed = false;
    for (const name of ["input", "change", "form:changed"]) root.addEventListener(name, () => { changed = true; });
    form.addEventListener("submit", (event) => { if (!event.defaultPrevented) changed = false; });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }

  // Enter that ends a Chinese input must not send the form.
  function enterSafe(root) {
    let ended = 0;
    root.addEventListener("compositionend", () => { ended = Date.now(); });
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      if (event.isComposing || event.keyCode === 229 || Date.now() - ended < 50) event.preventDefault();
    });
  }

  function start(root) {
    if (root.classList.contains("has-script")) return;
    root.classList.add("has-script");
    const tell = teller(root);
    for (const table of root.querySelectorAll("table[data-rows]")) tableRows(root, table, tell);
    for (const list of root.querySelectorAll("[data-ordered]")) orderedChoice(root, list);
    for (const input of root.querySelectorAll("input[type=file]")) chosenFiles(root, input, tell);
    for (const area of root.querySelectorAll("textarea[data-most]")) counter(root, area);
    showFields(root);
    enterSafe(root);
    guard(root);
  }

  function begin() {
    document.querySelectorAll("[data-form]").forEach(start);
    document.querySelector("[data-form-errors]")?.focus();
  }

  // A form that comes later, such as a preview, says so.
  document.addEventListener("form:drawn", (event) => event.target.querySelectorAll("[data-form]").forEach(start));

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin); else begin();
})();
