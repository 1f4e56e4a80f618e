// The token simulation in the reader's language. The library writes English into the page and has no hook for other
// words, so what it has written is replaced as it appears; the colours it may not set itself are set here too.
import { _, language } from "../words/words.js";

const WORDS = {
  "Simulation Log": "经过记录",
  "No Entries": "尚无记录",
  "Toggle Simulation Log": "显示或隐藏经过记录",
  "Reset Simulation": "重新开始",
  "Play/Pause Simulation": "继续或暂停",
  "Pause Simulation": "已暂停",
  "Play Simulation": "已继续",
  "Set Sequence Flow": "换一条出路",
  "Trigger Event": "让它发生",
  "Add pause point": "在此停一停",
  "Remove pause point": "不再停留",
  "Found unsupported elements": "有些元素不能模拟",
  "Not supported": "不能模拟",
  "Finished": "已走完",
  "Close": "关闭",
  "Process started": "流程开始",
  "Process finished": "流程走完",
  "Process canceled": "流程取消",
  "SubProcess started": "子流程开始",
  "SubProcess finished": "子流程走完",
  "SubProcess canceled": "子流程取消",
  "Service Task": "服务任务",
  "User Task": "用户任务",
  "Call Activity": "调用流程",
  "Script Task": "脚本任务",
  "Business Rule Task": "规则任务",
  "Manual Task": "手工任务",
  "Receive Task": "接收任务",
  "Send Task": "发送任务",
  "Task": "任务",
  "Exclusive Gateway": "排他网关",
  "Parallel Gateway": "并行网关",
  "Inclusive Gateway": "包容网关",
  "Start Event": "开始事件",
  "Intermediate Event": "中间事件",
  "Boundary Event": "边界事件",
  "End Event": "结束事件",
  "Token Simulation": "模拟",
};
const PATTERNS = [
  [/^Set animation speed = (.+)$/, (speed) => `速度：${{ Slow: "慢", Normal: "中", Fast: "快" }[speed] ?? speed}`],
  [/^Focus process instance (.+)$/, (id) => `只看这一次（${id}）`],
  [/^(.+) started$/, (name) => `${name}：开始`],
  [/^(.+) finished$/, (name) => `${name}：走完`],
  [/^(.+) canceled$/, (name) => `${name}：取消`],
];
const OWNED = "[class*=bts-]";

export const spokenSimulation = { spokenSimulation: ["type", SpokenSimulation], __init__: ["spokenSimulation"] };

function SpokenSimulation(canvas, eventBus) {
  const parent = canvas.getContainer();
  const observer = new MutationObserver((records) => {
    for (const { addedNodes, target, type } of records)
      if (type === "attributes") speak(target);
      else for (const node of addedNodes) speak(node);
  });
  observer.observe(parent, { childList: true, subtree: true, attributes: true, attributeFilter: ["title", "data-style"] });
  eventBus.on("diagram.destroy", () => observer.disconnect());
  // What was written before the observer looked.
  eventBus.on(["import.done", "tokenSimulation.toggleMode"], 100, () => parent.querySelectorAll(OWNED).forEach(speak));
}
SpokenSimulation.$inject = ["canvas", "eventBus"];

function speak(node) {
  if (node.nodeType === Node.TEXT_NODE) return spoken(node);
  if (node.nodeType !== Node.ELEMENT_NODE || !(node.closest(OWNED) || node.querySelector?.(OWNED))) return;
  for (const each of [node, ...node.querySelectorAll("*")]) {
    if (!each.closest(OWNED)) continue;
    if (each.dataset.style) {
      each.style.cssText = each.dataset.style;
      delete each.dataset.style;
    }
    for (const name of ["title", "aria-label"]) {
      const said = each.getAttribute(name);
      if (said && wordOf(said) !== said) each.setAttribute(name, wordOf(said));
    }
    for (const child of each.childNodes) if (child.nodeType === Node.TEXT_NODE) spoken(child);
  }
}

function spoken(text) {
  if (!text.parentElement?.closest(OWNED)) return;
  const said = text.data.trim();
  if (said && wordOf(said) !== said) text.data = text.data.replace(said, wordOf(said));
}

function wordOf(text) {
  if (language === "en") return text;
  if (WORDS[text]) return WORDS[text];
  for (const [pattern, word] of PATTERNS) {
    const found = text.match(pattern);
    if (found) return word(found[1]);
  }
  return text;
}

/** What is said while it runs; meanwhile nothing can be changed, on the canvas or beside it. */
export const simulationWords = () => _("模拟中：点开始事件上的按钮放出一个令牌；网关上的按钮可换一条出路。图形与属性暂不能修改。");
