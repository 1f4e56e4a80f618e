// A field for an expression: while a name is typed the variables that exist at this place are offered.
import { useId, useRef, useState } from "preact/hooks";
import { _, named } from "../words/words.js";
import { Field, useDesk, useTyped } from "./fields.jsx";
import { variablesAt } from "./variables.js";

const MOST = 8;

export function ExpressionField({ label, value, onChange, element, hint, rows = 1, placeholder }) {
  const { editable, modeler, offers } = useDesk();
  const id = useId();
  const input = useRef(null);
  const [typed, onInput, flush] = useTyped(value ?? "", onChange);
  const [shown, setShown] = useState([]);
  const [at, setAt] = useState(0);

  // What is whole already is left as it stands: Tab and Enter then take nothing unless an offer was chosen by arrow.
  const offer = ({ asked = false } = {}) => {
    const { word, after } = around(input.current);
    if (!asked && !word && !after) return close();
    const variables = variablesAt(modeler, element, offers);
    const found = after ? optionsOf(variables, after, word) : namesLike(variables, offers.functions, word);
    setShown(found.slice(0, MOST));
    setAt(!after && isWhole(word, variables, offers.functions) ? -1 : 0);
  };
  const close = () => setShown([]);
  const take = (choice) => {
    const field = input.current;
    const { start, end } = around(field);
    const text = field.value.slice(0, start) + choice.insert + field.value.slice(end);
    field.value = text; // at once, so that what is typed next comes after it
    field.focus();
    field.setSelectionRange(start + choice.insert.length, start + choice.insert.length);
    onInput(text);
    close();
  };
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    if (event.key === " " && event.ctrlKey) return event.preventDefault(), offer({ asked: true });
    if (event.key === "Enter" && !shown.length && rows === 1) return event.preventDefault(), flush();
    if (!shown.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setAt((Math.max(at, event.key === "ArrowDown" ? -1 : 0) + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length);
    } else if (at < 0 && (event.key === "Enter" || event.key === "Tab")) {
      close();
      if (event.key === "Enter" && rows === 1) event.preventDefault(), flush();
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      take(shown[at]);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
  };

  return (
    <Field label={label} hint={hint} id={id}>
      <div class="panel-expression">
        <textarea ref={input} id={id} class="panel-input is-code" rows={rows} value={typed} disabled={!editable} placeholder={placeholder} spellcheck={false} autocomplete="off"
          role="combobox" aria-autocomplete="list" aria-expanded={shown.length > 0 ? "true" : "false"} aria-controls={`${id}-offers`}
          aria-activedescendant={shown.length && at >= 0 ? `${id}-offer-${at}` : undefined} aria-describedby={hint ? `${id}-hint` : undefined}
          onInput={(event) => (onInput(event.target.value), offer())} onKeyDown={onKeyDown} onBlur={() => (flush(), setTimeout(close, 150))} />
        <ul class="panel-offers" id={`${id}-offers`} role="listbox" aria-label={_("可用的变量")} hidden={!shown.length}>
          {shown.map((each, place) => (
            <li key={each.insert} id={`${id}-offer-${place}`} role="option" aria-selected={place === at ? "true" : "false"} onMouseDown={(event) => (event.preventDefault(), take(each))}>
              <code>{each.insert}</code> <span>{each.words}</span>
            </li>
          ))}
        </ul>
      </div>
    </Field>
  );
}

/** The name that is being typed, and the name before `==` where a value is being typed. */
function around(field) {
  const end = field.selectionStart ?? field.value.length;
  const before = field.value.slice(0, end);
  const compared = before.match(/([\p{L}_][\p{L}\p{N}_]*)\s*(?:==|!=)\s*(["']?[^"'=]*)$/u);
  if (compared) return { start: end - compared[2].length, end, word: compared[2].replace(/^["']/, ""), after: compared[1] };
  const [word] = before.match(/[\p{L}_][\p{L}\p{N}_]*$/u) ?? [""];
  return { start: end - word.length, end, word, after: "" };
}

function optionsOf(variables, name, typed) {
  const options = variables.find((each) => each.name === name)?.options ?? [];
  return options
    .filter(({ value, title }) => !typed || value.includes(typed) || named(title).includes(typed))
    .map(({ value, title }) => ({ insert: `"${value}"`, words: value === named(title) ? "" : named(title) }));
}

const OPERATORS = ["and", "or", "not", "in", "is", "if", "else"];

function isWhole(word, variables, functions) {
  return OPERATORS.includes(word) || functions.includes(word) || variables.some(({ name }) => name === word);
}

function namesLike(variables, functions, word) {
  const fits = (text) => !word || text.toLowerCase().includes(word.toLowerCase());
  const found = variables
    .filter((each) => each.name !== word && (fits(each.name) || (each.title && fits(named(each.title)))))
    .map((each) => ({ insert: each.name, words: [each.title && named(each.title), each.from].filter(Boolean).join(" · ") }));
  const called = word ? functions.filter((name) => name !== word && name.startsWith(word)).map((name) => ({ insert: `${name}(`, words: _("函数") })) : [];
  return [...found, ...called];
}
