// Deadlines, timers, reminders and who is told when something is late.
import { useId, useState, useEffect } from "preact/hooks";
import { _ } from "../words/words.js";
import { ExpressionField } from "./expression.jsx";
import { Field, NumberInput, Rows, Select, TextField, useDesk, usePosts } from "./fields.jsx";
import { change, expression } from "./model.js";
import { UNITS, deadline, escalations, offsets, timerOf, timerWords, writtenDeadline, writtenEscalations, writtenOffsets, writtenTimer } from "./times.js";

/** A deadline: a number of working days, days or hours, or an expression. */
export function DeadlineField({ label, value, onChange, element }) {
  const { editable } = useDesk();
  const id = useId();
  const [state, set] = useHeld(value, deadline, writtenDeadline, onChange);
  const unsaid = state.unit && !writtenDeadline(state);
  return (
    <>
      <Field label={label} id={id} wrong={unsaid ? _("还没有填写时间，现在等于不限时") : ""} hint={state.unit && state.unit !== "expression" && state.count ? _("办理之日起 {count} {unit}内", { count: state.count, unit: Object.fromEntries(UNITS())[state.unit] }) : ""}>
        <div class="panel-line">
          {state.unit && state.unit !== "expression" && <NumberInput label={_("数量")} value={state.count} onChange={(count) => set({ count })} />}
          <Select id={id} value={state.unit} disabled={!editable} onChange={(unit) => set({ unit })}
            options={[["", _("不限时")], ...UNITS().filter(([key]) => key !== "min"), ["expression", _("由变量算出")]]} />
        </div>
      </Field>
      {state.unit === "expression" && <ExpressionField label={_("期限算式")} value={state.text} element={element} onChange={(text) => set({ text })} hint={_("算出日期、时刻或“10wd”，例如 workdays(5, published_on)")} />}
    </>
  );
}

/** When a timer event happens. */
export function TimerFields({ element, definition }) {
  const { modeler, editable } = useDesk();
  const id = useId();
  const write = (state) => {
    const made = writtenTimer(state);
    const properties = Object.fromEntries(["timeDate", "timeDuration", "timeCycle"].map((name) => [name, expression(modeler, definition, made[name])]));
    change(modeler, element, [[definition, properties]]);
  };
  const said = ["timeDate", "timeDuration", "timeCycle"].map((name) => `${name}=${definition[name]?.body ?? ""}`).join("&");
  const [state, set] = useHeld(said, () => timerOf(definition), (each) => JSON.stringify(writtenTimer(each)), (text, each) => write(each));
  const unit = <Select label={_("单位")} value={state.unit} disabled={!editable} onChange={(each) => set({ unit: each })} options={UNITS().filter(([key]) => state.kind !== "every" || key !== "wd")} />;
  return (
    <>
      <Field label={_("何时发生")} id={id}>
        <Select id={id} value={state.kind} disabled={!editable} onChange={(kind) => set({ kind, ...(kind === "every" && (state.unit ?? "wd") === "wd" ? { unit: "d" } : { unit: state.unit ?? "wd" }) })}
          options={[["after", _("一段时间之后")], ["date", _("到某一天")], ["every", _("每隔一段时间")], ["expression", _("由变量算出")]]} />
      </Field>
      {state.kind === "after" && <div class="panel-line"><NumberInput label={_("数量")} value={state.count} onChange={(count) => set({ count })} />{unit}<span class="panel-words">{_("之后")}</span></div>}
      {state.kind === "every" && (
        <div class="panel-line"><span class="panel-words">{_("每隔")}</span><NumberInput label={_("数量")} value={state.count} onChange={(count) => set({ count })} />{unit}<span class="panel-words">{_("共")}</span>
          <NumberInput label={_("次数（不填则不限）")} value={state.times} onChange={(times) => set({ times })} /><span class="panel-words">{_("次")}</span></div>
      )}
      {state.kind === "date" && <TextField label={_("日期")} value={state.text} placeholder="2026-03-01" onChange={(text) => set({ text })} check={(text) => (text && !/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2})?)?$/.test(text) ? _("请写成 2026-03-01 或 2026-03-01T09:00") : "")} />}
      {state.kind === "expression" && <ExpressionField label={_("算式")} value={state.text} element={element} onChange={(text) => set({ text, form: state.form ?? "timeDate" })} hint={_("算出日期或时刻，例如 workdays(1, due_by)")} />}
      <p class="panel-sum" data-timer-words>{timerWords(state)}</p>
    </>
  );
}

const WHEN = () => [["before", _("期限前")], ["on", _("期限当天")], ["after", _("期限后")]];

export function RemindField({ value, onChange }) {
  const [rows, setRows] = useHeldRows(value, offsets, writtenOffsets, onChange);
  return (
    <Rows label={_("提醒")} rows={rows} onChange={setRows} add={() => ({ when: "before", count: "3", unit: "wd" })} addText={_("添加提醒")} empty={_("不提醒")}>
      {(row, set) => <OffsetInputs row={row} set={set} />}
    </Rows>
  );
}

export function EscalateField({ value, onChange }) {
  const posts = usePosts();
  const { editable } = useDesk();
  const [rows, setRows] = useHeldRows(value, escalations, writtenEscalations, onChange);
  return (
    <Rows label={_("逾期上报")} rows={rows} onChange={setRows} add={() => ({ role: "", when: "after", count: "5", unit: "wd" })} addText={_("添加上报")} empty={_("不上报")}>
      {(row, set) => (
        <>
          <Select label={_("上报给")} value={row.role} none={_("请选择岗位")} options={posts} disabled={!editable} onChange={(role) => set({ role })} />
          <OffsetInputs row={row} set={set} />
        </>
      )}
    </Rows>
  );
}

function OffsetInputs({ row, set }) {
  const { editable } = useDesk();
  if (row.when === "other") return <code>{row.text}</code>;
  return (
    <span class="panel-line">
      <Select label={_("何时")} value={row.when} disabled={!editable} onChange={(when) => set({ when, count: when === "on" ? "0" : row.count === "0" ? "1" : row.count, unit: row.unit ?? "wd" })} options={WHEN()} />
      {row.when !== "on" && <NumberInput label={_("数量")} value={row.count} onChange={(count) => set({ count })} />}
      {row.when !== "on" && <Select label={_("单位")} value={row.unit} disabled={!editable} onChange={(unit) => set({ unit })} options={[["wd", _("个工作日")], ["d", _("天")]]} />}
    </span>
  );
}

/** Parts of a value that are not written before they are whole, and follow what others change. */
function useHeld(value, read, write, onChange) {
  const [state, setState] = useState(() => read(value));
  useEffect(() => {
    if (write(state) !== write(read(value))) setState(read(value));
  }, [value]);
  const set = (changed) => {
    const next = { ...state, ...changed };
    setState(next);
    if (write(next) !== write(read(value))) onChange(write(next), next);
  };
  return [state, set];
}

function useHeldRows(value, read, write, onChange) {
  const [rows, setRows] = useState(() => read(value));
  useEffect(() => {
    if (write(rows) !== write(read(value))) setRows(read(value));
  }, [value]);
  const set = (next) => {
    setRows(next);
    if (write(next) !== write(read(value))) onChange(write(next));
  };
  return [rows, set];
}
