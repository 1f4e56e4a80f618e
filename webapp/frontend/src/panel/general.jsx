// What every element has: name, id, remarks, stage; and what a process and a lane say.
import { useId } from "preact/hooks";
import { _, named } from "../words/words.js";
import { ExpressionField } from "./expression.jsx";
import { CheckField, Field, Group, Rows, Select, SelectField, TextField, useDesk, usePosts } from "./fields.jsx";
import { change, definitionsOf, foreignOf, holder, idsOf, is, processOf, propertiesOf, setProperties, stagesOf, writtenStages } from "./model.js";

const PORTABLE = /^[A-Za-z_][\w.-]*$/;

/** The desk's properties of an element, and a function that sets one. */
export function useProperties(element) {
  const { modeler } = useDesk();
  const object = holder(element);
  const set = (name) => (value) => setProperties(modeler, element, object, { [name]: value });
  return [propertiesOf(object), set];
}

export function GeneralGroup({ element }) {
  const { modeler } = useDesk();
  const [given, set] = useProperties(element);
  const shape = element.businessObject;
  const object = holder(element) ?? shape;
  const modeling = modeler.get("modeling", false);
  const text = is(shape, "bpmn:TextAnnotation");
  const name = text ? shape.text : is(shape, "bpmn:Group") ? shape.categoryValueRef?.value : shape.name;
  const rename = (value) => (text || is(shape, "bpmn:Group") ? modeling.updateLabel(element, value) : modeling.updateProperties(element, { name: value || undefined }));
  const checkId = (id) => {
    if (!PORTABLE.test(id)) return _("标识以英文字母开头，由英文字母、数字和 _ - . 组成");
    return id !== shape.id && idsOf(definitionsOf(modeler)).has(id) ? _("这个标识已被使用") : "";
  };
  return (
    <Group title={_("基本")}>
      <TextField label={text ? _("文字") : _("名称")} value={name} rows={2} onChange={rename} />
      {is(object, "bpmn:FlowNode", "bpmn:Process", "bpmn:Lane") && <TextField label={_("英文名称")} value={given.name_en} onChange={set("name_en")} hint={_("英文页面上显示；不填则显示中文名称")} />}
      <TextField label={_("标识")} value={shape.id} mono onChange={(id) => modeling.updateProperties(element, { id })} check={checkId} hint={_("在办案件按标识找到步骤；已发布过的不要改")} />
      {object !== shape && object && <TextField label={_("流程标识")} value={object.id} mono check={(id) => (id === object.id ? "" : checkId(id))} onChange={(id) => change(modeler, element, [[object, { id }]])} />}
      <DocumentationField element={element} object={object} />
    </Group>
  );
}

function DocumentationField({ element, object }) {
  const { modeler } = useDesk();
  const set = (value) => {
    const made = value ? [modeler.get("moddle").create("bpmn:Documentation", { text: value })] : [];
    made.forEach((each) => (each.$parent = object));
    change(modeler, element, [[object, { documentation: [...made, ...(object.documentation ?? []).slice(1)] }]]);
  };
  return <TextField label={_("说明（依据条款等）")} rows={3} value={object.documentation?.[0]?.text} onChange={set} />;
}

export function StageField({ element }) {
  const [given, set] = useProperties(element);
  const stages = stagesOf(processOf(element));
  if (!stages.length && !given.stage) return null;
  return <SelectField label={_("进入的阶段")} value={given.stage} none={_("不变")} options={stages.map((each) => [each.key, named(each)])} onChange={set("stage")} />;
}

export function ProcessGroup({ element }) {
  const { modeler } = useDesk();
  const [given, set] = useProperties(element);
  const process = holder(element);
  const starters = (given.starters ?? "").split(/[,，]/).map((each) => each.trim()).filter(Boolean);
  return (
    <Group title={_("流程")}>
      {process !== element.businessObject && <TextField label={_("流程名称")} value={process.name} onChange={(name) => change(modeler, element, [[process, { name: name || undefined }]])} />}
      <CheckField label={_("可以执行")} value={Boolean(process.isExecutable)} onChange={(yes) => change(modeler, element, [[process, { isExecutable: yes }]])} hint={_("不勾选的流程只作说明，不能发起")} />
      <TextField label={_("案件标题")} value={given.title} onChange={set("title")} hint={_("可用 {变量}，例如 差旅费：{trip_title}", {})} />
      <CheckField label={_("发起时先填写标题中的变量")} value={given.asks !== "none"} onChange={(yes) => set("asks")(yes ? undefined : "none")} hint={_("第一个环节会填写这些变量的，请不勾选")} />
      <TextField label={_("编号简称")} value={given.code} onChange={set("code")} />
      <StartersField starters={starters} onChange={(all) => set("starters")(all.join(", "))} />
      <StagesField value={given.stages} onChange={set("stages")} process={process} />
    </Group>
  );
}

function StartersField({ starters, onChange }) {
  const posts = usePosts();
  return (
    <Rows label={_("可以发起的岗位")} rows={starters.map((role) => ({ role }))} onChange={(rows) => onChange(rows.map(({ role }) => role).filter(Boolean))}
      add={() => ({ role: posts.map(([value]) => value).find((value) => !starters.includes(value)) })} addText={_("添加岗位")} empty={_("各流程都不填写时，工作人员均可发起")}>
      {(row, replace) => <PostSelect value={row.role} onChange={(role) => replace({ role })} label={_("岗位")} more={[["none", _("不由人发起")]]} />}
    </Rows>
  );
}

export function PostSelect({ value, onChange, label, none, more = [] }) {
  const { editable } = useDesk();
  return <Select label={label} value={value} onChange={onChange} options={[...usePosts(), ...more]} none={none} disabled={!editable} />;
}

function StagesField({ value, onChange, process }) {
  const stages = stagesOf(process);
  const free = () => {
    let number = stages.length + 1;
    while (stages.some(({ key }) => key === `stage_${number}`)) number += 1;
    return `stage_${number}`;
  };
  return (
    <Rows label={_("阶段（按先后）")} rows={stages} onChange={(rows) => onChange(writtenStages(rows))} add={() => ({ key: free(), zh: "新阶段", en: "" })} addText={_("添加阶段")} empty={_("不分阶段")}>
      {(row, replace, at) => <StageInputs row={row} replace={replace} at={at} />}
    </Rows>
  );
}

function StageInputs({ row, replace, at }) {
  const plain = (text) => text.replace(/[:;]/g, " ").trim();
  const number = at + 1;
  return (
    <span class="panel-stage">
      <Plain label={_("第 {number} 阶段的标识", { number })} placeholder={_("标识")} value={row.key} onChange={(key) => replace({ key: key.replace(/[^\w-]/g, "_") })} />
      <Plain label={_("第 {number} 阶段的中文名", { number })} placeholder={_("中文")} value={row.zh} onChange={(zh) => replace({ zh: plain(zh) })} />
      <Plain label={_("第 {number} 阶段的英文名", { number })} placeholder={_("英文")} value={row.en} onChange={(en) => replace({ en: plain(en) })} />
    </span>
  );
}

function Plain({ label, value, onChange, placeholder }) {
  const { editable } = useDesk();
  return <input class="panel-input" type="text" aria-label={label} placeholder={placeholder} value={value} disabled={!editable} onChange={(event) => onChange(event.target.value)} />;
}

/** Who works in a lane or on a task. */
export function WorkersGroup({ element, title, inherited }) {
  const [given, set] = useProperties(element);
  const { editable } = useDesk();
  const id = useId();
  return (
    <Group title={title}>
      <Field label={_("办理岗位")} id={id}>
        <Select id={id} value={given.role} none={inherited} options={usePosts()} disabled={!editable} onChange={set("role")} />
      </Field>
      <ExpressionField label={_("所在单位")} value={given.unit} element={element} onChange={set("unit")} hint={_("变量，值为单位或区县的代码；不填则按案件所属单位")} />
      <ExpressionField label={_("指定人员")} value={given.person} element={element} onChange={set("person")} hint={_("变量，值为人员的代码，例如 started_by")} />
    </Group>
  );
}

/** Properties that no other field shows, and what other tools have written: kept, and shown. */
export function OthersGroup({ element, shown }) {
  const { modeler } = useDesk();
  const object = holder(element);
  const given = propertiesOf(object);
  const rest = Object.keys(given).filter((name) => !shown.has(name));
  const foreign = foreignOf(object);
  if (!rest.length && !foreign.length) return null;
  return (
    <Group title={_("其他属性")} open={rest.length > 0}>
      {rest.map((name) => <TextField key={name} label={name} mono value={given[name]} onChange={(value) => setProperties(modeler, element, object, { [name]: value })} />)}
      {foreign.length > 0 && <p class="panel-hint">{_("其他工具写入的内容，原样保留：{names}", { names: foreign.join("、") })}</p>}
    </Group>
  );
}
