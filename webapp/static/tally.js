// The count beside a form: what the answers come to, asked anew at each change. The server alone counts and decides.
(() => {
  "use strict";

  const PAUSE = 250;

  function follow(box) {
    const form = box.closest("form");
    let waiting = 0;
    let asked = 0;

    function draw(counted) {
      [...box.querySelectorAll("[data-figure]")].forEach((each, place) => { each.textContent = counted.figures[place]; });
      const sentence = box.querySelector("[data-sentence]");
      if (sentence.textContent !== counted.sentence) sentence.textContent = counted.sentence;
      box.classList.toggle("is-wrong", counted.wrong);
      const remarks = box.querySelector("[data-remarks]");
      remarks.replaceChildren(...counted.remarks.map((text) => {
        const line = document.createElement("li");
        line.textContent = text;
        return line;
      }));
      remarks.hidden = !counted.remarks.length;
    }

    async function ask() {
      const number = asked += 1;
      const sent = new FormData();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") sent.append(name, value);
      const answer = await fetch(box.dataset.tally, { method: "POST", body: sent, redirect: "manual" }).catch(() => null);
      if (number !== asked || !answer?.ok) return;
      draw(await answer.json());
    }

    function later(event) {
      if (event.target.matches?.("textarea, input[type=text]:not([inputmode])")) return;
      clearTimeout(waiting);
      waiting = setTimeout(ask, PAUSE);
    }
    for (const name of ["change", "form:changed"]) form.addEventListener(name, later);
  }

  document.querySelectorAll("[data-tally]").forEach(follow);
})();
