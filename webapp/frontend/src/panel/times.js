// Times as people say them and as the engine reads them: 5 working days, 3 days, 2 hours, a date, a cycle, an expression.
import { _ } from "../words/words.js";

export const UNITS = () => [
  ["wd", _("个工作日")],
  ["d", _("天")],
  ["h", _("小时")],
  ["min", _("分钟")],
];

/** `10wd`, `P3D`, `PT2H` or anything else of a deadline: {unit, count} or {unit: "expression", text}. */
export function deadline(text) {
  const value = (text ?? "").trim();
  if (!value) return { unit: "", count: "" };
  const found = value.match(/^(\d{1,3})\s*wd$/i);
  if (found) return { unit: "wd", count: found[1] };
  return span(value) ?? { unit: "expression", text: value };
}

export function writtenDeadline({ unit, count, text }) {
  if (unit === "expression") return (text ?? "").trim();
  if (!unit || !count) return "";
  return unit === "wd" ? `${count}wd` : written(unit, count);
}

function span(value) {
  const found = value.replace(/^(['"])(.*)\1$/, "$2").match(/^P(?:(\d+)D|T(\d+)H|T(\d+)M)$/i);
  if (!found) return null;
  if (found[1]) return { unit: "d", count: found[1] };
  return found[2] ? { unit: "h", count: found[2] } : { unit: "min", count: found[3] };
}

const written = (unit, count) => ({ d: `P${count}D`, h: `PT${count}H`, min: `PT${count}M` })[unit] ?? "";

/** A timer of the diagram as its editor shows it. */
export function timerOf(definition) {
  const date = definition.timeDate?.body?.trim();
  const duration = definition.timeDuration?.body?.trim();
  const cycle = definition.timeCycle?.body?.trim();
  const workdays = date?.match(/^workdays\((\d{1,3})\)$/);
  if (workdays) return { kind: "after", unit: "wd", count: workdays[1] };
  if (duration && span(duration)) return { kind: "after", ...span(duration) };
  const day = date?.replace(/^(['"])(.*)\1$/, "$2");
  if (day && /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?/.test(day)) return { kind: "date", text: day };
  const every = cycle?.replace(/^(['"])(.*)\1$/, "$2").match(/^R(\d*)\/(P[^/]+)$/i);
  if (every && span(every[2])) return { kind: "every", times: every[1], ...span(every[2]) };
  if (date || duration || cycle) {
    const form = date ? "timeDate" : duration ? "timeDuration" : "timeCycle";
    return { kind: "expression", form, text: date || duration || cycle };
  }
  return { kind: "after", unit: "wd", count: "" };
}

/** Which of timeDate, timeDuration and timeCycle a timer is, and its text. */
export function writtenTimer({ kind, unit, count, times, text, form }) {
  if (kind === "after") {
    if (!count) return {};
    return unit === "wd" ? { timeDate: `workdays(${count})` } : { timeDuration: written(unit, count) };
  }
  if (kind === "every") return count ? { timeCycle: `R${times ?? ""}/${written(unit === "wd" ? "d" : unit, count)}` } : {};
  if (kind === "date") return text ? { timeDate: text } : {};
  return text ? { [form ?? "timeDate"]: text } : {};
}

/** A timer in words: «5 个工作日后». */
export function timerWords({ kind, unit, count, times, text }) {
  const name = Object.fromEntries(UNITS())[unit];
  if (kind === "after") return count ? _("{count} {unit}后", { count, unit: name }) : _("尚未填写时间");
  if (kind === "every") {
    if (!count) return _("尚未填写时间");
    return times ? _("每隔 {count} {unit}，共 {times} 次", { count, unit: name, times }) : _("每隔 {count} {unit}，不限次数", { count, unit: name });
  }
  if (kind === "date") return text ? _("到 {day}", { day: text.replace("T", " ") }) : _("尚未填写时间");
  const from = text?.match(/^workdays\((-?\d{1,3}),\s*(\w+)\)$/);
  if (from) return from[1] < 0 ? _("{name} 之前 {count} 个工作日", { name: from[2], count: -from[1] }) : _("{name} 之后 {count} 个工作日", { name: from[2], count: from[1] });
  return text ? _("由变量算出：{text}", { text }) : _("尚未填写时间");
}

/** `-3wd, 0wd, +3d` as rows: [{when: before|on|after, count, unit}]. */
export function offsets(text) {
  return (text ?? "").split(/[,，]/).map((part) => offset(part)).filter(Boolean);
}

export function offset(part) {
  const found = part.trim().match(/^([+-]?)(\d{1,3})\s*(wd|d)?$/i);
  if (!found) return part.trim() ? { when: "other", text: part.trim() } : null;
  const when = Number(found[2]) === 0 ? "on" : found[1] === "-" ? "before" : "after";
  return { when, count: found[2], unit: (found[3] ?? "wd").toLowerCase() };
}

export function writtenOffset({ when, count, unit, text }) {
  if (when === "other") return text;
  if (when === "on") return "0wd";
  return count ? `${when === "before" ? "-" : "+"}${count}${unit}` : "";
}

export const writtenOffsets = (rows) => rows.map(writtenOffset).filter(Boolean).join(", ");

/** `role@+5wd, …` as rows: [{role, when, count, unit}]. */
export function escalations(text) {
  return (text ?? "").split(/[,，]/).filter((part) => part.trim()).map((part) => {
    const [role, when] = part.trim().split("@");
    return { role: role.trim(), ...offset(when || "0wd") };
  });
}

export const writtenEscalations = (rows) => rows.filter(({ role }) => role).map((row) => `${row.role}@${writtenOffset(row) || "0wd"}`).join(", ");
