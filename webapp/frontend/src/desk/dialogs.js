// Questions, notes and files that the page gives.
import { _ } from "../words/words.js";

/** Ask a question with several answers; resolves with the key of the answer, or "" where it was closed. */
export function ask(page, title, lines, answers) {
  const dialog = document.createElement("dialog");
  dialog.className = "studio-dialog";
  const id = `dialog-${Math.random().toString(36).slice(2)}`;
  dialog.setAttribute("aria-labelledby", id);
  const head = element("h2", title);
  head.id = id;
  dialog.append(head, ...lines.map((line) => (Array.isArray(line) ? list(line) : element("p", line))));
  const buttons = element("div", "");
  buttons.className = "buttons";
  dialog.append(buttons);
  page.append(dialog);
  return new Promise((resolve) => {
    answers.forEach(([key, text], place) => {
      const button = element("button", text);
      button.type = "button";
      button.className = place === 0 ? "button is-main" : "button";
      button.addEventListener("click", () => dialog.close(key));
      buttons.append(button);
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    dialog.showModal();
  });
}

/** A note above the canvas under a name; an empty text takes it away. */
export function note(page, name, text, lines = [], acts = []) {
  const place = page.querySelector("[data-notes]");
  place.querySelector(`[data-note="${name}"]`)?.remove();
  if (!text) return;
  const box = element("div", "");
  box.className = "note";
  box.dataset.note = name;
  box.setAttribute("role", "status");
  box.append(element("span", text), " ");
  if (lines.length) {
    const more = element("details", "");
    more.append(element("summary", _("对照表（{count} 项）", { count: lines.length })), list(lines));
    box.append(more);
  }
  for (const [word, act] of [...acts, [_("知道了"), () => box.remove()]]) {
    const button = element("button", word);
    button.type = "button";
    button.className = "link";
    button.addEventListener("click", act);
    box.append(button, " ");
  }
  place.append(box);
}

/** Give a text to the person as a file. */
export function download(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/xml" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function element(tag, text) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  return made;
}

function list(lines) {
  const made = element("ul", "");
  made.append(...lines.map((line) => element("li", line)));
  return made;
}
