"""案卷履历: a case as an official paper, every step in its order with who did it, as whom, and what was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from processes import clock
from processes.documents.dates import chinese_date
from processes.documents.fonts import FontFolder
from processes.engine.models import CaseEvent
from processes.engine.recording import HUMAN
from processes.files import StoredFile
from processes.forms.describing import AnsweredFiles, AnsweredTable, Described
from webapp.dossier.contents import Dossier, Step
from webapp.dossier.sheet import WIDTH, Sheet
from webapp.pages.histories import history_rows
from webapp.pages.parties import Party

INDENT = 6.0
STATUSES = {
    "running": "办理中",
    "suspended": "已挂起",
    "completed": "已办结",
    "terminated": "已结束",
    "cancelled": "已终止",
}
EVENTS = {
    "started": "发起", "completed": "完成", "cancelled": "撤出待办", "claimed": "签收", "released": "退回待办池",
    "transferred": "转办", "timer": "到时", "message": "收到消息", "document": "形成公文", "reminded": "催办提醒",
    "escalated": "升级提醒", "comment": "批注", "suspended": "挂起", "resumed": "恢复", "ended": "终止",
    "incident": "发生故障", "retried": "故障重试成功", "version_moved": "迁移版本", "version_restored": "恢复原版本",
}  # fmt: skip
"""What a line of the history is called; lines of other kinds keep their own word."""
NOT_TOLD = frozenset({"entered", "claimed", "released"})
"""Movements of a task between inboxes; they are in `case.json`."""
DONE_BY_ITSELF = frozenset(
    {"serviceTask", "sendTask", "receiveTask", "businessRuleTask", "scriptTask", "callActivity", "boundaryEvent"}
)
"""Steps without a person whose completion is told; beginnings, ends and parts of the diagram are not."""
NUMBERS = "一二三四五六七八九"


@dataclass(frozen=True)
class Told:
    """One entry of 办理经过: a form that was sent, or a line of the history."""

    at: datetime
    what: Step | CaseEvent
    times: int = 1


def history_pdf(dossier: Dossier, fonts: FontFolder) -> bytes:
    """The paper of a case, with a chapter for each case that belongs to it."""
    sheet = Sheet(f"案卷履历　{dossier.case.number}", dossier.as_of, fonts)
    sheet.title("案卷履历")
    sheet.bookmark(f"{dossier.case.number}　{dossier.case.title}")
    _chapter(sheet, dossier)
    for number, each in enumerate(list(dossier.whole())[1:], 1):
        sheet.pdf.add_page()
        sheet.bookmark(f"{each.case.number}　{each.case.title}", level=1)
        sheet.title(f"所属案件之{number}", 16)
        _chapter(sheet, each)
    return sheet.finished()


def _chapter(sheet: Sheet, dossier: Dossier) -> None:
    sheet.title(dossier.case.title, 16)
    parts = iter(NUMBERS)
    sheet.heading(f"{next(parts)}、基本情况")
    _facts(sheet, dossier)
    sheet.heading(f"{next(parts)}、办理经过")
    for number, entry in _numbered(told(dossier)):
        if isinstance(entry.what, Step):
            _step(sheet, number, entry.what, dossier.case.title)
        else:
            _event(sheet, entry.what, entry.times)
    if dossier.waiting:
        sheet.heading(f"{next(parts)}、尚待办理")
        _waiting(sheet, dossier)
    if dossier.letters:
        sheet.heading(f"{next(parts)}、公文")
        _letters(sheet, dossier)
    if dossier.attachments or dossier.missing:
        sheet.heading(f"{next(parts)}、附件")
        _attachments(sheet, dossier)
    if dossier.children:
        sheet.heading(f"{next(parts)}、所属案件")
        _children(sheet, dossier)


def told(dossier: Dossier) -> list[Told]:
    """What was sent and what happened, oldest first; a person's step is told by what was sent."""
    events = [each for each in dossier.history if each.kind not in NOT_TOLD and _is_told(each)]
    rows = [Told(row.event.at, row.event, row.times) for row in history_rows(events)]
    sent = [Told(each.said.at, each) for each in dossier.steps]
    return sorted([*rows, *sent], key=lambda each: (each.at, not _begins(each), not isinstance(each.what, Step)))


def _begins(entry: Told) -> bool:
    return isinstance(entry.what, CaseEvent) and entry.what.kind == "started"


def _is_told(event: CaseEvent) -> bool:
    kind = event.detail.get("kind")
    if event.kind == "completed":
        return kind in DONE_BY_ITSELF
    return event.kind != "cancelled" or kind in HUMAN


def _numbered(entries: list[Told]) -> Iterator[tuple[int, Told]]:
    number = 0
    for entry in entries:
        number += isinstance(entry.what, Step)
        yield number, entry


def _facts(sheet: Sheet, dossier: Dossier) -> None:
    case, facts = dossier.case, dossier.facts["case"]
    rows = [
        ("案件编号", case.number, "所属流程", f"{dossier.process}（第 {dossier.version} 版）"),
        ("办理状态", STATUSES.get(case.status, case.status), "所处阶段", facts["stage_title"] or "—"),
        ("发起人", case.started_by, "发起时间", _moment(case.started_at)),
        ("办理结果", case.outcome or "—", "结束时间", _moment(case.ended_at) if case.ended_at else "—"),
    ]
    if facts["unit"] or facts["subject"]:
        rows.append(("服务区县", facts["unit"] or "—", "当事人", facts["subject"] or "—"))
    sheet.table(rows, (22, 50, 22, WIDTH - 94))
    sheet.space(1.5)
    sheet.text(f"本履历反映至{_moment(dossier.as_of)}的办理情况；与之一致的数据见 case.json。", faint=True, size=9.5)


def _step(sheet: Sheet, number: int, step: Step, case_title: str) -> None:
    said = step.said
    sheet.space(1.5)
    sheet.need(22)
    sheet.rule()
    about = step.title.removeprefix(said.step).strip("：:（）() ")
    title = f"（{about}）" if about and about != case_title else ""
    result = f"　【{said.result}】" if said.result else ""
    sheet.text(f"{number}．{said.step}{title}{result}", bold=True)
    sheet.text(f"{_moment(said.at)}　{_party(step.party, said.person)}", faint=True, indent=INDENT)
    for answer in said.answers:
        _answer(sheet, answer)


def _party(party: Party, person: str) -> str:
    """Organization, post and person, each once."""
    return "　".join(dict.fromkeys(part for part in (party.name, party.post, person) if part))


def _answer(sheet: Sheet, answer: Described) -> None:
    value = answer.value
    if isinstance(value, AnsweredTable):
        sheet.text(f"{answer.label}：{'' if value.rows else '（无）'}", indent=INDENT)
        for number, row in enumerate(value.rows, 1):
            cells = "；".join(f"{head}：{cell}" for head, cell in zip(value.columns, row, strict=True) if str(cell))
            sheet.text(f"（{number}）{cells}", indent=2 * INDENT)
    elif isinstance(value, AnsweredFiles):
        sheet.labelled(answer.label, "、".join(name for _id, name in value.files), INDENT)
    else:
        sheet.labelled(answer.label, str(value), INDENT)


def _event(sheet: Sheet, event: CaseEvent, times: int) -> None:
    who = "　".join(part for part in (event.organization, event.person) if part) or "系统"
    what = EVENTS.get(event.kind, event.kind)
    step = f"“{event.step}”" if event.step else ""
    count = f"（{times} 件）" if times > 1 else ""
    text = f"：{event.text}" if event.text else ""
    sheet.text(f"{_moment(event.at)}　{who}　{step}{what}{count}{text}", faint=True, size=9.5)


def _waiting(sheet: Sheet, dossier: Dossier) -> None:
    rows = [
        (item.step, f"{party.name} {party.post}".strip(), _moment(item.created_at), _day(item.due_at))
        for item, party in dossier.waiting
    ]
    sheet.table([("环节", "办理单位、人员", "收到时间", "办理期限"), *rows], (38, 54, 34, WIDTH - 126), head=True)


def _letters(sheet: Sheet, dossier: Dossier) -> None:
    rows = [
        (
            str(number),
            each.document.title,
            each.document.number or "（未编号）",
            each.for_whom or "—",
            chinese_date(each.document.dated),
        )
        for number, each in enumerate(dossier.letters, 1)
    ]
    heads = ("序号", "标题", "文号", "对象", "成文日期")
    sheet.table([heads, *rows], (12, 43, 41, 24, WIDTH - 120), head=True)


def _attachments(sheet: Sheet, dossier: Dossier) -> None:
    kept = [(each.facts, each.path.rsplit("/", 1)[-1]) for each in dossier.attachments]
    gone: list[tuple[StoredFile, str]] = [(each, f"{each.name}（内容缺失）") for each in dossier.missing]
    rows = [
        (str(number), name, stored.owner, _moment(stored.at)) for number, (stored, name) in enumerate([*kept, *gone], 1)
    ]
    sheet.table([("序号", "文件", "提交人", "提交时间"), *rows], (12, 76, 24, WIDTH - 112), head=True)


def _children(sheet: Sheet, dossier: Dossier) -> None:
    rows = [
        (str(number), each.case.number, each.case.title, STATUSES.get(each.case.status, each.case.status))
        for number, each in enumerate(dossier.children, 1)
    ]
    sheet.table([("序号", "编号", "标题", "状态"), *rows], (12, 42, 80, WIDTH - 134), head=True)


def _moment(moment: datetime) -> str:
    local = clock.local(moment)
    return f"{chinese_date(local.date())} {local:%H:%M}"


def _day(moment: datetime | None) -> str:
    return chinese_date(clock.local(moment).date()) if moment else "不限时"
