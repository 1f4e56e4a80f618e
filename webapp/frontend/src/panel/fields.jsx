// The fields of the panel. Each keeps what is being typed to itself and hands it on when the typing pauses or ends.
import { createContext } from "preact";
import { useContext, useEffect, useId, useRef, useState } from "preact/hooks";
import { _, named } from "../words/words.js";

/** {modeler, offers, editable, urls}: what every part of the panel may use. */
export const Desk = createContext(null);
export const useDesk = () => useContext(Desk);
const PAUSE = 900;

/** Text that is handed on after a pause, on leaving the field and on Enter. */
export function useTyped(value, commit) {
  const [typed, setTyped] = useState(value);
  const state = useRef({ timer: 0, pending: null });
  const flush = () => {
    clearTimeout(state.current.timer);
    const { pending } = state.current;
    state.current.pending = null;
    if (pending !== null && pending.text !== pending.value) pending.commit(pending.text);
  };
  useEffect(() => {
    if (state.current.pending === null) setTyped(value);
  }, [value]);
  useEffect(() => flush, []);
  const onInput = (text) => {
    setTyped(text);
    state.current.pending = { text, value, commit };
    clearTimeout(state.current.timer);
    state.current.timer = setTimeout(flush, PAUSE);
  };
  return [typed, onInput, flush];
}

/** A group of fields that can be folded. */
export function Group({ title, children, open = true }) {
  return (
    <details class="panel-group" open={open}>
      <summary>{title}</summary>
      <div class="panel-fields">{children}</div>
    </details>
  );
}

export function Field({ label, hint, wrong, children, id, tools }) {
  return (
    <div class={`panel-field${wrong ? " is-wrong" : ""}`}>
      <div class="panel-label">
        <label for={id}>{label}</label>
        {tools}
      </div>
      {children}
      {hint && <p class="panel-hint" id={`${id}-hint`}>{hint}</p>}
      {wrong && <p class="panel-error" role="alert">{wrong}</p>}
    </div>
  );
}

export function TextField({ label, value, onChange, hint, rows, placeholder, check, list, mono, tools }) {
  const { editable } = useDesk();
  const id = useId();
  const [wrong, setWrong] = useState("");
  const commit = (text) => {
    const refusal = check?.(text) ?? "";
    setWrong(refusal);
    if (!refusal) onChange(text);
  };
  const [typed, onInput, flush] = useTyped(value ?? "", commit);
  const given = {
    id,
    value: typed,
    placeholder,
    disabled: !editable,
    class: `panel-input${mono ? " is-code" : ""}`,
    "aria-describedby": hint ? `${id}-hint` : undefined,
    "aria-invalid": wrong ? "true" : undefined,
    onInput: (event) => onInput(event.target.value),
    onBlur: flush,
    spellcheck: false,
    autocomplete: "off",
  };
  return (
    <Field label={label} hint={hint} wrong={wrong} id={id} tools={tools}>
      {rows ? <textarea {...given} rows={rows} /> : <input {...given} type="text" list={list ? `${id}-list` : undefined} onKeyDown={(event) => event.key === "Enter" && flush()} />}
      {list && <datalist id={`${id}-list`}>{list.map((each) => <option key={each} value={each} />)}</datalist>}
    </Field>
  );
}

export function CheckField({ label, value, onChange, hint }) {
  const { editable } = useDesk();
  const id = useId();
  return (
    <div class="panel-field is-check">
      <input id={id} type="checkbox" checked={value} disabled={!editable} onChange={(event) => onChange(event.target.checked)} aria-describedby={hint ? `${id}-hint` : undefined} />
      <label for={id}>{label}</label>
      {hint && <p class="panel-hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}

/** A choice: [[value, text], …] or groups {label, options}; a value that is not offered stays and is shown as it is. */
export function SelectField({ label, value, onChange, options, none, hint, tools }) {
  const { editable } = useDesk();
  const id = useId();
  return (
    <Field label={label} hint={hint} id={id} tools={tools}>
      <Select id={id} value={value} onChange={onChange} options={options} none={none} disabled={!editable} hint={hint} />
    </Field>
  );
}

export function Select({ id, value, onChange, options, none, disabled, label, hint }) {
  const flat = options.flatMap((each) => (Array.isArray(each) ? [each] : each.options));
  const stray = value && !flat.some(([key]) => key === value);
  const option = ([key, text]) => <option key={key} value={key}>{text}</option>;
  return (
    <select id={id} class="panel-input" value={value ?? ""} disabled={disabled} aria-label={label} aria-describedby={hint ? `${id}-hint` : undefined} onChange={(event) => onChange(event.target.value)}>
      {none !== undefined && <option value="">{none}</option>}
      {stray && <option value={value}>{_("{value}（没有这一项）", { value })}</option>}
      {options.map((each) => (Array.isArray(each) ? option(each) : <optgroup key={each.label} label={each.label}>{each.options.map(option)}</optgroup>))}
    </select>
  );
}

export function NumberInput({ label, value, onChange, max = 999 }) {
  const { editable } = useDesk();
  const [typed, onInput, flush] = useTyped(value ?? "", onChange);
  const digits = (text) => text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0)).replace(/\D/g, "");
  return (
    <input class="panel-input is-number" type="text" inputmode="numeric" aria-label={label} value={typed} maxlength={String(max).length} disabled={!editable}
      onInput={(event) => onInput((event.target.value = digits(event.target.value)))} onBlur={flush} onKeyDown={(event) => event.key === "Enter" && flush()} />
  );
}

/** Rows that are added, changed and taken away. */
export function Rows({ label, rows, onChange, empty, add, addText, children, hint }) {
  const { editable } = useDesk();
  const replace = (at, row) => onChange(rows.map((each, place) => (place === at ? { ...each, ...row } : each)));
  return (
    <fieldset class="panel-field panel-rows">
      <legend class="panel-label">{label}</legend>
      {!rows.length && empty && <p class="panel-hint">{empty}</p>}
      {rows.map((row, at) => (
        <div class="panel-row" key={at}>
          {children(row, (changed) => replace(at, changed), at)}
          {editable && <button type="button" class="panel-remove" aria-label={_("去掉第 {number} 项", { number: at + 1 })} title={_("去掉")} onClick={() => onChange(rows.filter((each, place) => place !== at))}>×</button>}
        </div>
      ))}
      {editable && <button type="button" class="button panel-add" onClick={() => onChange([...rows, add()])}>{addText}</button>}
      {hint && <p class="panel-hint">{hint}</p>}
    </fieldset>
  );
}

/** Posts in the reader's language, by value. */
export function usePosts() {
  const { offers } = useDesk();
  return offers.posts.map(({ value, title }) => [value, named(title)]);
}
