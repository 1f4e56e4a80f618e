// What the check says of the diagram: a list that leads to each element.
import { _ } from "../words/words.js";
import { useDesk } from "./fields.jsx";

export function Problems() {
  const { state } = useDesk();
  if (state.checking === "failed") return <p class="note is-warn">{_("检查没有完成：{reason}", { reason: state.checkReason })}</p>;
  if (state.checking === "never") return <p class="panel-hint">{_("正在检查 …")}</p>;
  if (!state.problems.length) return <p class="note is-good">{_("检查通过，没有问题。")}</p>;
  const errors = state.problems.filter(({ severity }) => severity === "error").length;
  return (
    <>
      <p class="panel-hint">{_("错误 {errors} 个（有错误不能发布），提示 {warnings} 个。", { errors, warnings: state.problems.length - errors })}</p>
      <ul class="panel-problems">
        {state.problems.map((each, at) => (
          <li key={`${each.code}.${each.element}.${at}`} class={`is-${each.severity}`}>
            <span class="panel-severity">{each.severity === "error" ? _("错误") : _("提示")}</span>
            <Told problem={each} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** A problem as the way to where it is: an element of the diagram, or a form beside it. */
function Told({ problem: { element, message } }) {
  const { goTo, modeler, urls } = useDesk();
  const form = element.match(/^forms\/(.+)\.json$/);
  if (modeler.get("elementRegistry").get(element)) return <button type="button" class="link" onClick={() => goTo(element)}>{message}</button>;
  if (form) return <a href={urls.form(form[1])}>{message}</a>;
  return <span>{message}</span>;
}
