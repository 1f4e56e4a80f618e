"""What the people of the demonstration write into their forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from processes import clock
from processes.engine.task_forms import TaskForm
from processes.rules.terms import term
from webapp.demo.people import Candidate

Answers = dict[str, Any]
SPECIALTIES = ("总体规划", "详细规划", "村庄规划", "城市设计", "建筑设计", "历史文化保护", "交通市政", "生态修复")
PHONE = "023-60000000"
PRACTICE = (
    "长期主持区县国土空间规划编制与实施评估，牵头完成多项山地城市更新和乡村振兴规划，成果获行业奖项，"
    "担任行业学术委员会委员，能够结合区县实际提出可操作的技术意见，具有较强的实践经验和理论水准。"
)


def specialties_of(number: int, count: int = 2) -> list[str]:
    """Some directions; equal numbers give equal ones, in the order of the list."""
    chosen = {SPECIALTIES[(number * 3 + step * 5) % len(SPECIALTIES)] for step in range(count)}
    return [each for each in SPECIALTIES if each in chosen]


def need(unit_number: int, posts: int) -> Answers:
    """What a district government asks for; none with zero posts."""
    common = {"handling": "直接填报", "contact": "政府办公室", "phone": PHONE, "signed_scan": "file:需求表（盖章）"}
    if not posts:
        return common | {"has_need": "不需要", "reason": "本区规划技术力量较为充足，本轮暂不需要选派。"}
    return common | {
        "has_need": "需要",
        "posts": posts,
        "specialties": specialties_of(unit_number),
        "annual_demand": 10 + unit_number % 8,
        "key_projects": [{"name": "中心城区城市更新专项规划", "stage": None, "expected_time": None}],
    }


def application(candidate: Candidate, wishes: Sequence[str], assigned: bool = True, complete: bool = True) -> Answers:
    """What somebody sends who applies; an incomplete one claims a route that its papers do not show."""
    number = int(candidate.id[2:])
    given: Answers = {
        "name": candidate.name,
        "gender": "男" if number % 3 else "女",
        "birth": f"{1966 + number % 20}-{1 + number % 12:02d}",
        "mobile": f"139{number:08d}",
        "employer": f"employer:{candidate.employer}",
        "position": "规划师",
        "title_level": candidate.title_level,
        "planner_cert": candidate.planner_cert,
        "claimed_route": "A" if candidate.general else "B",
        "specialties": specialties_of(number),
        "units_wanted": [{"unit": unit} for unit in wishes],
        "accept_assign": assigned,
        "avoid": "无",
        "volunteers": True,
        "duty_commitment": True,
    }
    if candidate.title_level != "无":
        given |= {"title_name": "高级规划师", "title_cert_no": f"ZC{number:06d}", "title_cert_file": "file:职称证书"}
    if candidate.planner_cert != "无":
        given |= {"planner_cert_no": f"GH{number:06d}", "planner_cert_file": "file:规划师资格证书"}
    if not candidate.general:
        given |= {
            "practical_reasons": PRACTICE,
            "experience_evidence": ["file:主持项目清单"],
            "influence_evidence": ["file:学术任职证明"] if complete else ["file:个人简介"],
        }
    return given


def consent() -> Answers:
    """An employer who lets the applicant serve (第九条(四))."""
    return {"consent": "同意", "pay_kept": True, "conduct": "良好", "release_days": 24, "seal": "file:单位意见（盖章）"}


def refusal() -> Answers:
    """An employer who does not."""
    return {
        "consent": "不同意",
        "reason": "该同志承担本单位重点项目，近期无法保证服务时间。",
        "seal": "file:单位意见（盖章）",
    }


def finding(result: str, reasons: str = "", supplement: Sequence[str] = ()) -> Any:
    """What the reviewer finds: every item of 第四条 answered, then a result."""

    def answer(form: TaskForm) -> Answers:
        ok = {"不符合": "不符合", "需补正": "需补正"}.get(result, "符合")
        rows = form.values.get("check_items") or []
        items = [_item(row, ok if place == len(rows) - 1 else "符合") for place, row in enumerate(rows)]
        given: Answers = {"conflict": "无", "certificate_false": False, "check_items": items, "result": result}
        if result != "符合一般条件":
            given["reasons"] = reasons or "经核验材料并听取处室意见，综合判断其从业经历、成果与行业影响后提出本结论。"
        if supplement:
            due = form.context.add_workdays(clock.today(), 5).isoformat()
            given["supplement"] = [{"item": item, "due": due} for item in supplement]
        return given

    return answer


def _item(row: Mapping[str, Any], ok: str) -> Answers:
    return {"ok": ok, "remark": None if ok == "符合" else "材料不足，详见理由"}


def members() -> list[Answers]:
    """The panel: five of the city bureau and experts, two of the HR bureau (第六条(三))."""
    bodies = ["市规划自然资源局"] * 3 + ["市人力社保局"] * 2 + ["专家"] * 2
    names = ["王建业", "李文倩", "陈思源", "杨正平", "刘晓岚", "向一帆", "邓书琴"]
    return [
        {"name": name, "body": body, "role": "成员", "conflict": "无", "conflict_with": None}
        for name, body in zip(names, bodies, strict=True)
    ]


def deliberation(
    nominees: Mapping[str, Sequence[str]], vacant: Mapping[str, str], unrecognised: Sequence[str] = ()
) -> Any:
    """The minutes of the meeting: for each post its nominee and reserves by name, or why it stays vacant.

    Posts without either keep nobody: they are vacant for want of applicants.
    """

    def answer(form: TaskForm) -> Answers:
        ids = {option.text("zh").split("（")[0]: option.value for option in form.context.options["candidates"]}
        rows = [_put(row, nominees, vacant, ids) for row in form.values.get("per_post") or []]
        names = {value: name for name, value in ids.items()}
        recognised = [
            _recognised(names.get(row["applicant"], ""), unrecognised) for row in form.values.get("route_b") or []
        ]
        return {
            "meet_at": clock.local(clock.now()).strftime("%Y-%m-%dT09:30"),
            "place": "市规划自然资源局第一会议室",
            "chair": "王建业",
            "recorder": "陈思源",
            "members": members(),
            "per_post": rows,
            "route_b": recognised,
        }

    return answer


def _put(
    row: Mapping[str, Any], nominees: Mapping[str, Sequence[str]], vacant: Mapping[str, str], ids: Mapping[str, str]
) -> Answers:
    named = list(nominees.get(row["post"], ()))
    if not named:
        reason = vacant.get(row["post"], "本岗位没有合适的报名人选")
        return {"how": "空缺", "nominee": None, "reserve1": None, "reserve2": None, "votes": None, "reason": reason}
    chosen = [ids[name] for name in named] + [None, None]
    return {
        "how": "建议人选",
        "nominee": chosen[0],
        "reserve1": chosen[1],
        "reserve2": chosen[2],
        "votes": "同意7票",
        "reason": "专业方向与区县需求相符",
    }


def _recognised(name: str, unrecognised: Sequence[str]) -> Answers:
    if name in unrecognised:
        return {
            "recognised": "不予认定",
            "reasons": "实践成果与行业影响的佐证不足，本次不予认定",
            "votes": "同意2票，反对5票",
        }
    return {"recognised": "认定", "reasons": "实践经验突出，成果获行业认可，具有一定影响力", "votes": "同意7票"}


def reply(opinion: str, advice: str = "", wish: str = "") -> Any:
    """What a district government answers."""

    def answer(form: TaskForm) -> Answers:
        given: Answers = {"opinion": opinion, "reply_date": clock.today().isoformat(), "scan": "file:复函（盖章）"}
        if opinion != "同意":
            given["advice"] = advice
        if opinion == "不同意":
            given["objected"] = [option.value for option in form.context.options["nominees"]]
            given["other_wish"] = wish or None
        return given

    return answer


def final_list(meeting: str, start: date, end: date | None = None) -> Any:
    """The list as it was consulted upon, for a term that begins on a day: each post with its person, or vacant."""
    last = end or term(start).end

    def answer(form: TaskForm) -> Answers:
        return {
            "meeting_name": meeting,
            "meeting_date": clock.today().isoformat(),
            "final": [_settled(row, start, last) for row in form.values.get("final") or []],
            "silent_units": [
                {"decision": "仍按建议人选聘任", "reason": "已按程序征求意见，经局领导研究推进"}
                for _ in form.values.get("silent_units") or []
            ],
        }

    return answer


def _settled(row: Mapping[str, Any], start: date, end: date) -> Answers:
    filled = row.get("settled") == "聘任"
    return {
        "settled": row.get("settled"),
        "person": row.get("person"),
        "term_start": start.isoformat() if filled else None,
        "term_end": end.isoformat() if filled else None,
        "reason": None if filled else row.get("reason") or "没有合适人选",
        "next_step": None if filled else row.get("next_step") or "再次遴选",
    }
