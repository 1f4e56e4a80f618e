// The studio: saving a file of a draft, hearing who else is there, asking before something is thrown away.
(() => {
  "use strict";

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  for (const form of document.querySelectorAll("form[data-ask]")) {
    form.addEventListener("submit", (event) => { if (!window.confirm(form.dataset.ask)) event.preventDefault(); });
  }

  const data = document.querySelector("[data-studio]");
  if (!data) return;
  const words = data.dataset;
  const state = { revision: Number(words.revision), dirty: false };

  // What a server answers to a script: JSON, or a sentence about what went wrong; never a page.
  async function ask(url, options = {}) {
    let answer;
    try {
      answer = await fetch(url, { ...options, headers: { "X-CSRFToken": words.token, ...options.headers } });
    } catch {
      throw { detail: words.textOffline };
    }
    const type = answer.headers.get("Content-Type") || "";
    if (answer.redirected || (answer.ok && !/json|html/.test(type))) throw { detail: words.textExpired };
    if (type.includes("json")) {
      const told = await answer.json();
      if (answer.ok) return told;
      throw told;
    }
    if (answer.ok) return answer.text();
    throw { detail: answer.status === 400 ? words.textExpired : words.textOffline, status: answer.status };
  }

  async function save(path, body, revision = state.revision) {
    const url = `${words.base}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
    const answer = await ask(url, { method: "PUT", body, headers: { "If-Match": `"${revision}"` } });
    state.revision = answer.revision;
    return answer;
  }

  async function read(path) {
    const answer = await fetch(`${words.base}/files/${path.split("/").map(encodeURIComponent).join("/")}`);
    if (!answer.ok || answer.redirected) throw { detail: words.textExpired };
    const revision = Number((answer.headers.get("ETag") || "").replace(/\D/g, ""));
    return { text: await answer.text(), revision };
  }

  window.addEventListener("beforeunload", (event) => { if (state.dirty) event.preventDefault(); });

  // ---- who else is here ----
  const line = document.querySelector("[data-studio-others]");
  async function tell() {
    if (!line || document.hidden) return;
    const sent = new FormData();
    sent.set("path", words.path);
    try {
      const heard = await ask(`${words.base}/presence`, { method: "POST", body: sent });
      const names = [...new Set(heard.others.map((each) => each.name))];
      const parts = names.length ? [fill(words.textOthers, { names: names.join(words.textComma) })] : [];
      if (heard.revision > state.revision) parts.push(fill(words.textMoved, { who: heard.changed_by }));
      const text = parts.join(" ");
      if (line.textContent !== text) line.textContent = text;
      line.hidden = !parts.length;
    } catch { /* somebody who only looks is told nothing, and a server that rests is asked again */ }
  }
  if (line) { tell(); setInterval(tell, 10_000); }

  // Steps back and forth; letters typed one after the other into one place are one step.
  function history(snapshot, restore) {
    let past = [];
    let future = [];
    let last = { place: "", at: 0 };
    const go = (from, to) => {
      if (!from.length) return false;
      to.push(snapshot());
      last = { place: "", at: 0 };
      restore(from.pop());
      return true;
    };
    return {
      remember(place = "") {
        const now = Date.now();
        const goesOn = place && last.place === place && now - last.at < 1000;
        last = { place, at: now };
        if (goesOn) return;
        past = [...past.slice(-199), snapshot()];
        future = [];
      },
      undo: () => go(past, future),
      redo: () => go(future, past),
      get canUndo() { return past.length > 0; },
      get canRedo() { return future.length > 0; },
    };
  }

  window.studio = { words, state, ask, save, read, fill, history };
})();
