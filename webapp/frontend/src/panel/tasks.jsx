// What tasks say: forms, deadlines, signing together; operations with their parameters; scripts and called processes.
import { useId } from "preact/hooks";
import { _, named } from "../words/words.js";
import { ExpressionField } from "./expression.jsx";
import { CheckField, Field, Group, Select, SelectField, TextField, useDesk } from "./fields.jsx";
import { StageField, useProperties } from "./general.jsx";
import { change, definitionsOf, is, processOf, stagesOf } from "./model.js";
import { DeadlineField, EscalateField, RemindField } from "./times.jsx";

export function FormGroup({ element }) {
  const { offers, urls, editable } = useDesk();
  const [given, set] = useProperties(element);
  const id = useId();
  const known = offers.forms.some(({ key }) => key === given.form);
  return (
    <Group title={_("表单与办理")}>
      <Field label={_("表单")} id={id} hint={given.form ? "" : _("不选表单时，按流程图中的变量生成")}
        tools={<span class="panel-links">{known && <a href={urls.form(given.form)}>{_("打开表单")}</a>}{editable && <a href={urls.newForm}>{_("新建表单")}</a>}</span>}>
        <Select id={id} value={given.form} none={_("由变量生成")} disabled={!editable} onChange={set("form")}
          options={offers.forms.map(({ key, title, broken }) => [key, broken ? _("{key}（表单有误）", { key }) : `${named(title)}（${key}）`])} />
      </Field>
      <TextField label={_("任务标题")} value={given.title} onChange={set("title")} hint={_("可用 {变量}；不填则用名称", {})} />
      <CarryField given={given} set={set} />
      <SelectField label={_("提交时核对")} value={given.check} none={_("只按表单核对")} options={byProcedure(offers.checks)} hint={given.check ?? ""} onChange={set("check")} />
      {offers.tallies.length > 0 && <SelectField label={_("填写时统计")} value={given.tally} none={_("不统计")} options={byProcedure(offers.tallies)} hint={given.tally ?? ""} onChange={set("tally")} />}
      <TextField label={_("结果摘要")} value={given.result} onChange={set("result")} hint={_("列表中显示的几个字，例如 {opinion}", {})} />
      <DocumentField given={given} set={set} />
      <StageField element={element} />
    </Group>
  );
}

function CarryField({ given, set }) {
  const { offers } = useDesk();
  const form = offers.forms.find(({ key }) => key === given.form);
  const mode = !given.carry ? "" : given.carry.trim() === "*" ? "*" : "list";
  const names = (given.carry ?? "").split(/[,，]/).map((name) => name.trim()).filter(Boolean);
  const options = [["", _("除表格、附件与长文本外的全部")], ["*", _("全部答案")], ["list", _("只有所选的答案")]];
  const choose = (wanted) => set("carry")(wanted === "list" ? names.filter((name) => name !== "*").join(", ") || form?.fields[0]?.name || "" : wanted);
  return (
    <>
      <SelectField label={_("成为变量的答案")} value={mode} options={options} onChange={choose} />
      {mode === "list" && <TextField label={_("所选的答案（逗号分隔）")} mono value={given.carry} onChange={set("carry")} hint={form ? _("表单中的字段：{names}", { names: form.fields.map(({ name }) => name).join(", ") }) : ""} />}
    </>
  );
}

export function DocumentField({ given, set }) {
  const { offers } = useDesk();
  if (!offers.documents.length && !given.document) return null;
  return <SelectField label={_("文书")} value={given.document} none={_("无")} options={offers.documents.map(({ key, title }) => [key, named(title)])} onChange={set("document")} />;
}

export function DueGroup({ element }) {
  const [given, set] = useProperties(element);
  return (
    <Group title={_("时限")}>
      <DeadlineField label={_("办理期限")} value={given.due ?? ""} element={element} onChange={set("due")} />
      <RemindField value={given.remind ?? ""} onChange={set("remind")} />
      <EscalateField value={given.escalate ?? ""} onChange={set("escalate")} />
    </Group>
  );
}

const RULES = () => [["", _("听取全部意见")], ["1/2", _("一半以上")], ["2/3", _("三分之二")], ["3/4", _("四分之三")], ["100%", _("全体")], ["other", _("其他比例或人数")]];

export function SignGroup({ element }) {
  const { editable } = useDesk();
  const [given, set] = useProperties(element);
  const id = useId();
  const sign = given.sign && given.sign !== "one" ? given.sign : "";
  const known = RULES().some(([value]) => value === (given.pass ?? ""));
  return (
    <Group title={_("会签")} open={Boolean(sign)}>
      <SelectField label={_("签署方式")} value={sign} options={[["", _("一人办理")], ["all", _("会签：都要签")], ["any", _("或签：一人签即可")], ["sequence", _("依次签")]]} onChange={set("sign")} />
      {sign && <ExpressionField label={_("签署人")} value={given.signers} element={element} onChange={set("signers")} hint={_("变量，值为人员（登录名或代码）的名单；不填则为办理岗位的全体人员")} />}
      {(sign === "all" || sign === "sequence") && (
        <Field label={_("通过规则")} id={id}>
          <div class="panel-line">
            <Select id={id} value={known ? given.pass ?? "" : "other"} options={RULES()} disabled={!editable} onChange={(value) => set("pass")(value === "other" ? "3/5" : value)} />
          </div>
        </Field>
      )}
      {(sign === "all" || sign === "sequence") && !known && (
        <TextField label={_("比例或人数")} value={given.pass} mono onChange={set("pass")} hint={_("例如 3/5、60% 或 3")} check={(text) => (!text || /^([1-9]\d{0,3}\/[1-9]\d{0,3}|([1-9]\d?|100)%|[1-9]\d{0,3})$/.test(text) ? "" : _("请写成 3/5、60% 或人数"))} />
      )}
      {sign && <ExpressionField label={_("何为同意")} value={given.agree} element={element} onChange={set("agree")} hint={_("不填则以意见或决定一栏为“同意”算作同意")} />}
    </Group>
  );
}

export function ReturnGroup({ element }) {
  const [given, set] = useProperties(element);
  const back = [["any", _("可以，逐步重走")], ["straight", _("可以，改后直接送回")], ["no", _("不可以")]];
  return (
    <Group title={_("退回与驳回")} open={Boolean(given.return || given.reject || given.again)}>
      <SelectField label={_("可以退回")} value={given.return} none={_("按规则自动判断")} options={back} onChange={set("return")} />
      <SelectField label={_("可以驳回")} value={given.reject} none={_("按规则自动判断")} options={[["yes", _("可以")], ["no", _("不可以")]]} onChange={set("reject")} />
      <CheckField label={_("退回后保留上次填写")} value={given.again === "keep"} onChange={(yes) => set("again")(yes ? "keep" : undefined)} hint={_("勾选后，再次打开时显示上次提交的内容")} />
    </Group>
  );
}

/** A business rule task decides by a table of the draft, or by an operation. */
export function DecisionGroup({ element }) {
  const { offers, urls, editable } = useDesk();
  const [given, set] = useProperties(element);
  const id = useId();
  const known = offers.tables.some(({ key }) => key === given.table);
  return (
    <>
      <Group title={_("决策")}>
        <Field label={_("决策表")} id={id} tools={known && <span class="panel-links"><a href={urls.table(given.table)}>{_("打开决策表")}</a></span>}>
          <Select id={id} value={given.table} none={_("不用决策表，用操作")} disabled={!editable} onChange={set("table")} options={offers.tables.map(({ key, title }) => [key, named(title)])} />
        </Field>
      </Group>
      {!given.table && <OperationGroup element={element} />}
    </>
  );
}

export function OperationGroup({ element }) {
  const { offers, editable } = useDesk();
  const [given, set] = useProperties(element);
  const id = useId();
  const operation = offers.operations.find(({ name }) => name === given.operation);
  return (
    <Group title={_("操作")}>
      <Field label={_("执行的操作")} id={id} hint={operation ? operation.name : ""}>
        <Select id={id} value={given.operation} none={_("请选择操作")} options={byProcedure(offers.operations)} disabled={!editable} onChange={set("operation")} />
      </Field>
      {operation?.parameters.map((each) => <ParameterField key={`${operation.name}.${each.name}`} parameter={each} value={given[each.name]} onChange={set(each.name)} element={element} />)}
      {operation && !operation.parameters.length && <p class="panel-hint">{_("这项操作不需要参数。")}</p>}
      <DocumentField given={given} set={set} />
      <StageField element={element} />
    </Group>
  );
}

function ParameterField({ parameter, value, onChange, element }) {
  const { offers } = useDesk();
  const label = parameter.required ? _("{name}（必填）", { name: named(parameter.title) }) : named(parameter.title);
  if (parameter.kind === "choice") return <SelectField label={label} value={value} none={_("未选择")} options={parameter.choices.map((each) => [each, each])} onChange={onChange} />;
  if (parameter.kind === "document") return <SelectField label={label} value={value} none={_("未选择")} options={offers.documents.map(({ key, title }) => [key, named(title)])} onChange={onChange} />;
  if (parameter.kind === "text") return <TextField label={label} value={value} onChange={onChange} />;
  return <ExpressionField label={label} value={value} element={element} onChange={onChange} />;
}

/** Operations, checks and counts under the procedure to which they belong. */
function byProcedure(operations) {
  const groups = new Map();
  for (const { name, title, group } of operations) groups.set(group, [...(groups.get(group) ?? []), [name, named(title)]]);
  return [...groups].flatMap(([label, options]) => (label ? [{ label, options }] : options));
}

export function ScriptGroup({ element }) {
  const { modeler } = useDesk();
  const object = element.businessObject;
  return (
    <Group title={_("脚本")}>
      <TextField label={_("脚本")} rows={8} mono value={object.script} onChange={(script) => change(modeler, element, [[object, { script: script || undefined }]])} hint={_("每行一句，例如 days = 5；可用的函数与条件相同")} />
      {object.scriptFormat && <TextField label={_("脚本语言")} mono value={object.scriptFormat} onChange={(scriptFormat) => change(modeler, element, [[object, { scriptFormat: scriptFormat || undefined }]])} />}
      <StageField element={element} />
    </Group>
  );
}

export function CallGroup({ element }) {
  const { modeler } = useDesk();
  const object = element.businessObject;
  const processes = definitionsOf(modeler).rootElements.filter((each) => is(each, "bpmn:Process"));
  return (
    <Group title={_("调用的流程")}>
      <SelectField label={_("流程")} value={object.calledElement} none={_("请选择流程")} options={processes.map((each) => [each.id, each.name || each.id])} onChange={(id) => change(modeler, element, [[object, { calledElement: id || undefined }]])} hint={_("同一文件中的流程")} />
      <StageField element={element} />
    </Group>
  );
}

/** The stage of nodes that say nothing else. */
export function PlainGroup({ element }) {
  const [given] = useProperties(element);
  if (!given.stage && !stagesOf(processOf(element)).length) return null;
  return (
    <Group title={_("进度")}>
      <StageField element={element} />
    </Group>
  );
}

export const isHuman = (element) => is(element.businessObject, "bpmn:UserTask", "bpmn:ManualTask") || element.businessObject.$type === "bpmn:Task";
export const isOperation = (element) => is(element.businessObject, "bpmn:ServiceTask");
