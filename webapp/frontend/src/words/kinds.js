// What the shapes of BPMN are called.
import { named } from "./words.js";

const KINDS = {
  "bpmn:Process": ["流程", "Process"],
  "bpmn:Collaboration": ["协作", "Collaboration"],
  "bpmn:Participant": ["参与方", "Participant"],
  "bpmn:Lane": ["泳道", "Lane"],
  "bpmn:Task": ["任务", "Task"],
  "bpmn:UserTask": ["用户任务", "User task"],
  "bpmn:ManualTask": ["手工任务", "Manual task"],
  "bpmn:ServiceTask": ["服务任务", "Service task"],
  "bpmn:ScriptTask": ["脚本任务", "Script task"],
  "bpmn:SendTask": ["发送任务", "Send task"],
  "bpmn:ReceiveTask": ["接收任务", "Receive task"],
  "bpmn:BusinessRuleTask": ["规则任务", "Business rule task"],
  "bpmn:CallActivity": ["调用流程", "Call activity"],
  "bpmn:SubProcess": ["子流程", "Sub-process"],
  "bpmn:Transaction": ["事务子流程", "Transaction"],
  "bpmn:AdHocSubProcess": ["自由子流程", "Ad-hoc sub-process"],
  "bpmn:StartEvent": ["开始事件", "Start event"],
  "bpmn:EndEvent": ["结束事件", "End event"],
  "bpmn:IntermediateCatchEvent": ["中间捕获事件", "Intermediate catch event"],
  "bpmn:IntermediateThrowEvent": ["中间抛出事件", "Intermediate throw event"],
  "bpmn:BoundaryEvent": ["边界事件", "Boundary event"],
  "bpmn:ExclusiveGateway": ["排他网关", "Exclusive gateway"],
  "bpmn:ParallelGateway": ["并行网关", "Parallel gateway"],
  "bpmn:InclusiveGateway": ["包容网关", "Inclusive gateway"],
  "bpmn:EventBasedGateway": ["事件网关", "Event-based gateway"],
  "bpmn:ComplexGateway": ["复杂网关", "Complex gateway"],
  "bpmn:SequenceFlow": ["流向", "Sequence flow"],
  "bpmn:MessageFlow": ["消息流", "Message flow"],
  "bpmn:Association": ["关联", "Association"],
  "bpmn:DataInputAssociation": ["数据关联", "Data association"],
  "bpmn:DataOutputAssociation": ["数据关联", "Data association"],
  "bpmn:TextAnnotation": ["注释", "Text annotation"],
  "bpmn:Group": ["分组", "Group"],
  "bpmn:DataObjectReference": ["数据对象", "Data object"],
  "bpmn:DataStoreReference": ["数据存储", "Data store"],
  "bpmn:DataInput": ["输入数据", "Data input"],
  "bpmn:DataOutput": ["输出数据", "Data output"],
};
const TRIGGERS = {
  "bpmn:TimerEventDefinition": ["定时", "timer"],
  "bpmn:MessageEventDefinition": ["消息", "message"],
  "bpmn:SignalEventDefinition": ["信号", "signal"],
  "bpmn:ErrorEventDefinition": ["错误", "error"],
  "bpmn:EscalationEventDefinition": ["上报", "escalation"],
  "bpmn:ConditionalEventDefinition": ["条件", "conditional"],
  "bpmn:LinkEventDefinition": ["链接", "link"],
  "bpmn:TerminateEventDefinition": ["终止", "terminate"],
  "bpmn:CompensateEventDefinition": ["补偿", "compensation"],
  "bpmn:CancelEventDefinition": ["取消", "cancel"],
};

/** The kind of an element in the reader's language, with its trigger where it is an event. */
export function kindName(object) {
  const kind = said(KINDS[object.$type]) ?? object.$type;
  const trigger = (object.eventDefinitions ?? []).map((each) => said(TRIGGERS[each.$type])).filter(Boolean)[0];
  return trigger ? `${kind} · ${trigger}` : kind;
}

function said(pair) {
  return pair && named({ zh: pair[0], en: pair[1] });
}
