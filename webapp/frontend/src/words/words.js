// What the studio says, in the language of the page: Chinese is written in the code, English stands in english.js;
// the libraries are written in English, and their Chinese stands in diagram.js.
import { english } from "./english.js";
import { chineseOfDiagrams } from "./diagram.js";

export const language = document.documentElement.lang.startsWith("en") ? "en" : "zh";

/** Strings of the libraries for which there is no Chinese; a test sees that it stays empty. */
export const untranslated = new Set();

/** A sentence in the reader's language; `{name}` is replaced by the value of that name. */
export function _(text, values) {
  return filled(language === "en" ? english[text] ?? text : text, values);
}

/** One of two names, by the reader's language. */
export function named(title) {
  return (language === "en" && title.en) || title.zh;
}

function translate(text, values) {
  if (language === "zh") {
    const own = chineseOfDiagrams[text];
    if (own === undefined && /[A-Za-z]/.test(text)) untranslated.add(text);
    return filled(own ?? text, values);
  }
  return filled(text, values);
}

function filled(text, values) {
  return values ? text.replace(/\{([^}]+)\}/g, (all, name) => (name in values ? values[name] : all)) : text;
}

export default { translate: ["value", translate] };
