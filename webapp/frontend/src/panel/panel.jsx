// The panel beside the canvas: properties of what is selected, problems of the diagram, and a list of its steps.
import { render } from "preact";
import { useEffect, useReducer, useState } from "preact/hooks";
import { _ } from "../words/words.js";
import { kindName } from "../words/kinds.js";
import { Desk, useDesk } from "./fields.jsx";
import { ConditionGroup, EventGroup, MessageGroup, RepetitionGroup } from "./flows.jsx";
import { GeneralGroup, OthersGroup, ProcessGroup, WorkersGroup } from "./general.jsx";
import { is, meant, propertiesOf } from "./model.js";
import { Problems } from "./problems.jsx";
import { Steps } from "./steps.jsx";
import { CallGroup, DecisionGroup, DueGroup, FormGroup, OperationGroup, PlainGroup, ReturnGroup, ScriptGroup, SignGroup, isHuman, isOperation } from "./tasks.jsx";

const OF_PROCESS = ["title", "starters", "asks", "code", "stages"];
const WORKERS = ["role", "unit", "person"];
const OF_TASK = [...WORKERS, "form", "title", "check", "tally", "carry", "result", "due", "remind", "escalate", "sign", "pass", "signers", "agree", "return", "reject", "again", "stage", "document"];
const OF_OPERATION = ["operation", "stage", "document"];
const OF_MESSAGE = ["correlation", "payload", "stage"];

/** Draw the panel into its place; `desk` is what its parts may use. */
export function showPanel(place, desk) {
  render(<Desk.Provider value={desk}><Panel /></Desk.Provider>, place);
}

function Panel() {
  const desk = useDesk();
  const { modeler, state } = desk;
  const [tab, setTab] = useState("properties");
  const [, again] = useReducer((count) => count + 1, 0);
  useEffect(() => {
    const bus = modeler.get("eventBus");
    const events = ["selection.changed", "commandStack.changed", "import.done", "root.set", "element.changed"];
    events.forEach((name) => bus.on(name, again));
    state.onChange(again);
    desk.showTab = setTab;
    return () => events.forEach((name) => bus.off(name, again));
  }, []);
  const errors = state.problems.filter(({ severity }) => severity === "error").length;
  const tabs = [["properties", _("属性")], ["problems", state.problems.length ? _("问题 {count}", { count: state.problems.length }) : _("问题")], ["steps", _("步骤")]];
  const onKeyDown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.findIndex(([key]) => key === tab) + step + tabs.length) % tabs.length][0];
    setTab(next);
    requestAnimationFrame(() => document.getElementById(`tab-${next}`).focus());
  };
  return (
    <>
      <div class="panel-tabs" role="tablist" aria-label={_("流程图旁边")} onKeyDown={onKeyDown}>
        {tabs.map(([key, text]) => (
          <button key={key} type="button" role="tab" id={`tab-${key}`} aria-selected={tab === key ? "true" : "false"} aria-controls="panel-body" tabIndex={tab === key ? 0 : -1}
            class={key === "problems" && errors ? "has-errors" : ""} onClick={() => setTab(key)}>{text}</button>
        ))}
      </div>
      <div class="panel-body" id="panel-body" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0} data-panel={tab}>
        {tab === "properties" && <Properties />}
        {tab === "problems" && <Problems />}
        {tab === "steps" && <Steps />}
      </div>
    </>
  );
}

function Properties() {
  const { modeler, state, offers } = useDesk();
  const selected = modeler.get("selection").get();
  if (selected.length > 1) return <p class="panel-hint">{_("选中了 {count} 个元素。只选一个即可修改其属性。", { count: selected.length })}</p>;
  const element = selected.length ? meant(selected[0]) : modeler.get("canvas").getRootElement();
  if (!element?.businessObject?.$type) return <p class="panel-hint">{_("请在图中选择一个元素。")}</p>;
  const own = state.problems.filter((each) => each.element === element.businessObject.id || each.element === processOnly(element)?.id);
  return (
    <div key={`${element.id}`}>
      <header class="panel-head">
        <h2>{element.businessObject.name || kindName(element.businessObject)}</h2>
        <p>{kindName(element.businessObject)}</p>
      </header>
      {own.length > 0 && <ul class="panel-own">{own.map((each) => <li key={each.code + each.message} class={`is-${each.severity}`}>{each.message}</li>)}</ul>}
      <fieldset class="panel-all" disabled={state.simulating}>
        <GeneralGroup element={element} />
        <Groups element={element} />
        <OthersGroup element={element} shown={new Set(["name_en", ...shownFor(element, offers.operations)])} />
      </fieldset>
    </div>
  );
}

const processOnly = (element) => (is(element.businessObject, "bpmn:Participant") ? element.businessObject.processRef : null);

function Groups({ element }) {
  const object = element.businessObject;
  if (is(object, "bpmn:Process")) return <ProcessGroup element={element} />;
  if (is(object, "bpmn:Participant")) return object.processRef ? <ProcessGroup element={element} /> : null;
  if (is(object, "bpmn:Lane")) return <WorkersGroup element={element} title={_("谁在这条泳道办理")} inherited={_("按泳道名称")} />;
  if (is(object, "bpmn:SequenceFlow")) return <ConditionGroup element={element} />;
  if (isHuman(element))
    return (
      <>
        <FormGroup element={element} />
        <DueGroup element={element} />
        <SignGroup element={element} />
        <ReturnGroup element={element} />
        <RepetitionGroup element={element} />
        <WorkersGroup element={element} title={_("由谁办理（不填则按泳道）")} inherited={inheritedWords(element)} />
      </>
    );
  if (isOperation(element)) return <><OperationGroup element={element} /><RepetitionGroup element={element} /></>;
  if (is(object, "bpmn:BusinessRuleTask")) return <><DecisionGroup element={element} /><RepetitionGroup element={element} /></>;
  if (is(object, "bpmn:SendTask")) return <><MessageGroup element={element} object={object} throws /><OperationGroup element={element} /><RepetitionGroup element={element} /></>;
  if (is(object, "bpmn:ReceiveTask")) return <><MessageGroup element={element} object={object} /><RepetitionGroup element={element} /></>;
  if (is(object, "bpmn:ScriptTask")) return <><ScriptGroup element={element} /><RepetitionGroup element={element} /></>;
  if (is(object, "bpmn:CallActivity")) return <><CallGroup element={element} /><RepetitionGroup element={element} /></>;
  if (is(object, "bpmn:SubProcess")) return <><PlainGroup element={element} /><RepetitionGroup element={element} /></>;
  if (is(object, "bpmn:Event")) return <><EventGroup element={element} /><PlainGroup element={element} /></>;
  if (is(object, "bpmn:Gateway")) return <PlainGroup element={element} />;
  return null;
}

function inheritedWords(element) {
  const lane = (element.businessObject.lanes ?? [])[0];
  return lane?.name ? _("按泳道：{name}", { name: lane.name }) : _("按泳道");
}

/** Names of properties that the fields of an element show; the parameters of its operation are among them. */
function shownFor(element, operations) {
  const object = element.businessObject;
  const { operation } = propertiesOf(object);
  const parameters = () => (operations.find(({ name }) => name === operation)?.parameters ?? []).map(({ name }) => name);
  if (is(object, "bpmn:Process", "bpmn:Participant")) return new Set(OF_PROCESS);
  if (is(object, "bpmn:Lane")) return new Set(WORKERS);
  if (isHuman(element)) return new Set(OF_TASK);
  if (isOperation(element)) return new Set([...OF_OPERATION, ...parameters()]);
  if (is(object, "bpmn:BusinessRuleTask")) return new Set(["table", ...OF_OPERATION, ...parameters()]);
  if (is(object, "bpmn:SendTask")) return new Set([...OF_MESSAGE, ...OF_OPERATION, ...parameters()]);
  if (is(object, "bpmn:ReceiveTask") || object.eventDefinitions?.some((each) => is(each, "bpmn:MessageEventDefinition"))) return new Set(OF_MESSAGE);
  return new Set(["stage"]);
}
