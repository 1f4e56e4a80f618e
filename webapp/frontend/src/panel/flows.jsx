// Events, flows and repetition: conditions, timers, messages and other signals, lists that are gone through.
import { _ } from "../words/words.js";
import { ExpressionField } from "./expression.jsx";
import { CheckField, Group, SelectField, TextField, useDesk } from "./fields.jsx";
import { StageField, useProperties } from "./general.jsx";
import { change, definitionsOf, expression, is, namedRoot } from "./model.js";
import { TimerFields } from "./times.jsx";

export function ConditionGroup({ element }) {
  const { modeler } = useDesk();
  const flow = element.businessObject;
  const source = flow.sourceRef;
  const chooses = is(source, "bpmn:ExclusiveGateway", "bpmn:InclusiveGateway", "bpmn:ComplexGateway", "bpmn:Activity");
  if (!chooses && !flow.conditionExpression) return null;
  const isDefault = source?.default === flow;
  const setDefault = (yes) =>
    change(modeler, element, [[source, { default: yes ? flow : undefined }], ...(yes && flow.conditionExpression ? [[flow, { conditionExpression: undefined }]] : [])]);
  return (
    <Group title={_("走这条路的条件")}>
      {chooses && <CheckField label={_("其他条件都不成立时走这里（默认流向）")} value={isDefault} onChange={setDefault} />}
      {!isDefault && (
        <ExpressionField label={_("条件")} rows={2} value={flow.conditionExpression?.body} element={element} placeholder={'decision == "同意"'}
          onChange={(text) => change(modeler, element, [[flow, { conditionExpression: expression(modeler, flow, text) }]])} hint={_("输入变量名时会提示；也可用 and、or、not、in")} />
      )}
    </Group>
  );
}

export function EventGroup({ element }) {
  const [definition] = element.businessObject.eventDefinitions ?? [];
  if (!definition) return null;
  if (is(definition, "bpmn:TimerEventDefinition")) return <Group title={_("定时")}><TimerFields element={element} definition={definition} /></Group>;
  if (is(definition, "bpmn:MessageEventDefinition")) return <MessageGroup element={element} object={definition} throws={throws(element)} />;
  if (is(definition, "bpmn:SignalEventDefinition")) return <Group title={_("信号")}><RootField element={element} object={definition} property="signalRef" type="bpmn:Signal" label={_("信号名称")} /></Group>;
  if (is(definition, "bpmn:ErrorEventDefinition")) return <CodeGroup element={element} object={definition} property="errorRef" type="bpmn:Error" code="errorCode" title={_("错误")} />;
  if (is(definition, "bpmn:EscalationEventDefinition")) return <CodeGroup element={element} object={definition} property="escalationRef" type="bpmn:Escalation" code="escalationCode" title={_("上报")} />;
  if (is(definition, "bpmn:ConditionalEventDefinition")) return <ConditionalGroup element={element} definition={definition} />;
  if (is(definition, "bpmn:LinkEventDefinition")) return <LinkGroup element={element} definition={definition} />;
  return null;
}

const throws = (element) => is(element.businessObject, "bpmn:ThrowEvent", "bpmn:SendTask");

export function MessageGroup({ element, object, throws: sends }) {
  const [given, set] = useProperties(element);
  return (
    <Group title={_("消息")}>
      <RootField element={element} object={object} property="messageRef" type="bpmn:Message" label={_("消息名称")} hint={_("发出与等待的消息名称相同才能收到")} />
      <ExpressionField label={_("对应的值")} value={given.correlation} element={element} onChange={set("correlation")} hint={_("变量，值相同的案件才收到，例如 unit_id")} />
      {sends && <TextField label={_("随消息带上的变量（逗号分隔）")} mono value={given.payload} onChange={set("payload")} />}
      <StageField element={element} />
    </Group>
  );
}

/** A message, signal … of the file, by its name: one that is there, or a new one. */
function RootField({ element, object, property, type, label, hint, by = "name" }) {
  const { modeler } = useDesk();
  const names = definitionsOf(modeler).rootElements.filter((each) => each.$type === type).map((each) => each[by]).filter(Boolean);
  const set = (name) => {
    if (!name.trim()) return change(modeler, element, [[object, { [property]: undefined }]]);
    const [root, added] = namedRoot(modeler, type, name.trim(), by);
    return change(modeler, element, [...added, [object, { [property]: root }]]);
  };
  return <TextField label={label} value={object[property]?.[by]} list={[...new Set(names)]} onChange={set} hint={hint} />;
}

function CodeGroup({ element, object, property, type, code, title }) {
  return (
    <Group title={title}>
      <RootField element={element} object={object} property={property} type={type} by={code} label={_("代码")} hint={_("抛出与捕获的代码相同才能接住；捕获时不填则接住所有")} />
    </Group>
  );
}

function ConditionalGroup({ element, definition }) {
  const { modeler } = useDesk();
  return (
    <Group title={_("条件")}>
      <ExpressionField label={_("何时发生")} rows={2} value={definition.condition?.body} element={element} onChange={(text) => change(modeler, element, [[definition, { condition: expression(modeler, definition, text) }]])} />
    </Group>
  );
}

function LinkGroup({ element, definition }) {
  const { modeler } = useDesk();
  return (
    <Group title={_("链接")}>
      <TextField label={_("链接名称")} value={definition.name} onChange={(name) => change(modeler, element, [[definition, { name: name || undefined }]])} hint={_("名称相同的一出一入连在一起")} />
    </Group>
  );
}

export function RepetitionGroup({ element }) {
  const loop = element.businessObject.loopCharacteristics;
  if (!loop) return null;
  return is(loop, "bpmn:MultiInstanceLoopCharacteristics") ? <MultiGroup element={element} loop={loop} /> : <LoopGroup element={element} loop={loop} />;
}

function MultiGroup({ element, loop }) {
  const { modeler } = useDesk();
  const set = (properties) => change(modeler, element, [[loop, properties]]);
  const item = (name) => {
    if (!name) return undefined;
    const made = modeler.get("moddle").create("bpmn:DataInput", { name });
    made.$parent = loop;
    return made;
  };
  const output = (name) => {
    if (!name) return undefined;
    const made = modeler.get("moddle").create("bpmn:DataOutput", { name });
    made.$parent = loop;
    return made;
  };
  const counted = loop.loopCardinality !== undefined;
  const ways = [["list", _("名单中每一项办一次")], ["count", _("办固定的次数")]];
  const choose = (way) => set(way === "count" ? { loopCardinality: expression(modeler, loop, "2"), loopDataInputRef: undefined, inputDataItem: undefined } : { loopCardinality: undefined });
  return (
    <Group title={_("多次办理")}>
      <SelectField label={_("办几次")} value={counted ? "count" : "list"} options={ways} onChange={choose} />
      {counted ? (
        <ExpressionField label={_("次数")} value={loop.loopCardinality?.body} element={element} onChange={(text) => set({ loopCardinality: expression(modeler, loop, text) })} />
      ) : (
        <>
          <ExpressionField label={_("名单")} value={loop.loopDataInputRef} element={element} onChange={(text) => set({ loopDataInputRef: text || undefined })} hint={_("变量，值为一个名单")} />
          <TextField label={_("每一项的变量名")} mono value={loop.inputDataItem?.name ?? loop.inputDataItem?.id} onChange={(name) => set({ inputDataItem: item(name) })} check={variableName} />
        </>
      )}
      <SelectField label={_("先后")} value={loop.isSequential ? "sequential" : "parallel"} options={[["parallel", _("同时办理")], ["sequential", _("依次办理")]]} onChange={(way) => set({ isSequential: way === "sequential" })} />
      <ExpressionField label={_("提前结束的条件")} value={loop.completionCondition?.body} element={element} onChange={(text) => set({ completionCondition: expression(modeler, loop, text) })} hint={_("不填则全部办完才继续")} />
      <TextField label={_("每一项结果的变量名")} mono value={loop.outputDataItem?.name ?? loop.outputDataItem?.id} onChange={(name) => set({ outputDataItem: output(name) })} check={variableName} />
      <TextField label={_("结果汇总到的变量名")} mono value={loop.loopDataOutputRef} onChange={(text) => set({ loopDataOutputRef: text || undefined })} check={variableName} hint={_("两项结果都填或都不填")} />
    </Group>
  );
}

const variableName = (text) => (!text || /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text) ? "" : _("变量名由字母、汉字、数字和 _ 组成，不以数字开头"));

function LoopGroup({ element, loop }) {
  const { modeler } = useDesk();
  const set = (properties) => change(modeler, element, [[loop, properties]]);
  return (
    <Group title={_("重复办理")}>
      <ExpressionField label={_("继续重复的条件")} value={loop.loopCondition?.body} element={element} onChange={(text) => set({ loopCondition: expression(modeler, loop, text) })} />
      <TextField label={_("最多几次")} value={loop.loopMaximum === undefined ? "" : String(loop.loopMaximum)} onChange={(text) => set({ loopMaximum: text ? Number(text) : undefined })} check={(text) => (/^\d*$/.test(text) ? "" : _("请填数字"))} />
      <CheckField label={_("先看条件再办理")} value={Boolean(loop.testBefore)} onChange={(yes) => set({ testBefore: yes })} />
    </Group>
  );
}
