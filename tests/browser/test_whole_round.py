"""A round of selection from its opening to the certificates, by eight parties in a browser, each through own pages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from processes import clock
from processes.engine import definitions
from processes.engine.background import Background
from processes.engine.bundles import bundle_at
from processes.engine.models import Case
from processes.identity import people
from processes.identity.actor import SYSTEM
from processes.identity.models import Organization
from processes.registers.appointments import Appointment
from tests.webapp.pages.letters import PDF

FOLDER = Path(__file__).resolve().parents[2] / "bpmn" / "appointment"
MONDAY = datetime(2026, 11, 2, 1, tzinfo=UTC)
CALL_IS_OVER = datetime(2026, 12, 1, 1, tzinfo=UTC)
SCAN = {"name": "盖章件.pdf", "mimeType": "application/pdf", "buffer": PDF}
OTHERS = {
    "city.section": ("李文倩", "city_bureau.section", "city_bureau"),
    "employer.1": ("沈人事", "employer.clerk", "employer:1"),
    "applicant.1": ("田静宜", "applicant", None),
    "applicant.2": ("何书琴", "applicant", None),
}
PRACTICE = (
    "长期主持区县国土空间规划编制与实施评估，牵头完成多项山地城市更新规划，成果获行业奖项，能提出可操作的技术意见。"
)
PANEL = [("王建业", "市规划自然资源局"), ("李文倩", "市规划自然资源局"), ("杨正平", "市人力社保局"),
         ("刘晓岚", "市人力社保局"), ("向一帆", "专家")]  # fmt: skip


@pytest.fixture
def moving(desk):
    """The procedure is published, everybody has an account, and the clock stands still until it is moved."""
    found = clock.MovableClock(MONDAY)
    with clock.running_on(found):
        with desk.db.transaction() as session:
            files = bundle_at(FOLDER)
            definitions.deploy(session, SYSTEM, "appointment", files)
            session.add(Organization(id="employer:1", kind="employer", name="渝江规划设计研究院"))
            session.flush()
            for login, (name, role, place) in OTHERS.items():
                who = people.create_person(session, SYSTEM, login, name, "demo", demonstration=True)
                people.hold(session, SYSTEM, who, role, session.get_one(Organization, place) if place else None)
        yield found


class Windows:
    """The browser windows of all who work on the round."""

    def __init__(self, open_page) -> None:
        self.open_page = open_page
        self.open = {}

    def of(self, login):
        """Somebody's window, in which he has logged in."""
        return self.open.get(login) or self.open.setdefault(login, self.open_page(login))

    def work(self, login, task, **answers) -> None:
        """Somebody opens a task from the inbox, fills it in and sends it."""
        page = self.of(login)
        page.goto("/inbox")
        page.locator("td.cell-title a", has_text=task).first.click()
        page.wait_for_url("**/tasks/**")
        send(page, answers)


def send(page, answers) -> None:
    """Fill in the form of a task and send it."""
    fill(page, answers)
    with page.expect_response("**/complete") as answered:
        page.locator("form[data-quick-submit]").get_by_role("button", name="提交").click()
    page.wait_for_load_state()
    assert answered.value.status == 303, page.get_by_role("alert").first.inner_text()


def fill(page, answers) -> None:
    """Answer by the names of the controls, in this order."""
    for name, answer in answers.items():
        control = page.locator(f'form[data-quick-submit] [name="{name}"]:not([type=hidden])')
        kind = control.first.evaluate("each => each.type")
        if kind in ("radio", "checkbox"):
            for value in answer if isinstance(answer, list) else [answer]:
                page.locator(f'form[data-quick-submit] [name="{name}"][value="{value}"]').check()
        elif kind == "file":
            control.set_input_files(answer)
        elif kind.startswith("select"):
            control.select_option(label=answer) if isinstance(answer, str) else control.select_option(index=answer)
        else:
            control.fill(answer)


def need(specialty="城市设计") -> dict:
    contact = {"contact": "政府办", "phone": "023-58000000", "signed_scan": SCAN}
    project = {"key_projects-0-name": "滨江更新规划", "annual_demand": "8"}
    return {"handling": "直接填报", "has_need": "需要", "posts": "1", "specialties": [specialty], **project, **contact}


def application(route) -> dict:
    person = {"birth": "1975-04", "mobile": "13900000001", "specialties": ["城市设计"], "avoid": "无"}
    if route == "A":
        papers = {"title_level": "正高级", "planner_cert": "注册城乡规划师", "title_name": "正高级规划师"}
        papers |= {"title_cert_no": "ZC1", "title_cert_file": SCAN, "planner_cert_no": "GH1", "planner_cert_file": SCAN}
    else:
        papers = {"title_level": "无", "planner_cert": "无", "claimed_route": "B", "practical_reasons": PRACTICE}
        papers |= {"experience_evidence": SCAN, "influence_evidence": SCAN}
    promises = {"accept_assign": "true", "volunteers": "true", "duty_commitment": "true"}
    return {**person, **papers, "claimed_route": route, **promises}


def finding(result) -> dict:
    rows = {f"check_items-{row}-ok": "符合" for row in range(8)}
    reasons = (
        {}
        if result == "符合一般条件"
        else {"reasons": "经核验材料并听取处室意见，综合判断后提出本结论，提请合议认定。"}
    )
    return {"conflict": "无", "certificate_false": "false", **rows, "result": result, **reasons}


def minutes() -> dict:
    meeting = {"meet_at": "2026-12-01T08:30", "place": "第一会议室", "chair": "王建业", "recorder": "陈思源"}
    panel = {}
    for row, (name, body) in enumerate(PANEL):
        panel |= {f"members-{row}-name": name, f"members-{row}-body": body, f"members-{row}-conflict": "无"}
    posts = {}
    for row, name in enumerate(("田静宜", "何书琴")):
        posts |= {f"per_post-{row}-how": "建议人选", f"per_post-{row}-nominee": f"{name}（渝江规划设计研究院）"}
    recognised = {"route_b-0-recognised": "认定", "route_b-0-reasons": "实践经验突出，成果获行业认可"}
    recognised |= {"route_b-0-votes": "同意5票"}
    return meeting | panel | posts | recognised


def apply(page, route) -> None:
    page.goto("/apply/")
    page.get_by_role("link", name="查看岗位并报名").click()
    page.get_by_label("所在单位").select_option("渝江规划设计研究院")
    page.get_by_role("button", name="开始报名").click()
    page.wait_for_url("**/tasks/**")
    send(page, application(route))
    assert "已提交" in page.get_by_role("status").first.inner_text()


def test_a_round_is_played_by_hand_from_its_opening_to_the_certificates(desk, moving, open_page):
    windows = Windows(open_page)
    survey(windows)
    applications(windows)
    moving.move_to(CALL_IS_OVER)
    Background(desk.db, desk.house).work_off()
    windows.open.clear()  # a month has passed, nobody is logged in any more
    selection(windows)
    Background(desk.db, desk.house).work_off()  # the applications are told the result
    complaints = [each for page in windows.open.values() for each in page.complaints]
    assert complaints == []
    with desk.db.reading() as session:
        assert {each.status for each in session.scalars(select(Case))} == {"completed"}
        assert sorted(each.status for each in session.scalars(select(Appointment))) == ["in_office"] * 2


def survey(windows) -> None:
    """The owner opens the round, both districts state their needs, the call is published."""
    owner = windows.of("owner")
    owner.goto("/start/appointment/appointment")
    owner.get_by_label("轮次名称").fill("2027—2029聘期")
    owner.locator("main").get_by_role("button", name="发起").click()
    owner.wait_for_url("**/cases/**")
    notice = {"scope": "部分服务单元", "unit_ids": ["CQ-500101", "CQ-500102"], "contact": "陈思源"}
    windows.work("city.clerk", "制定需求调查通知", **notice, phone="023-60000000")
    windows.work("city.leader", "签发需求调查", decision="签发")
    for unit in ("500101", "500102"):
        windows.work(f"gov.{unit}", "填报需求", **need())
    windows.work("city.clerk", "确定岗位")
    windows.work("city.clerk", "发布报名通知", apply_until="2026-11-30")


def applications(windows) -> None:
    """Two people apply, one on each route; the employer agrees and the section finds them fit."""
    apply(windows.of("applicant.1"), "A")
    apply(windows.of("applicant.2"), "B")
    consent = {"consent": "同意", "pay_kept": "true", "conduct": "良好", "release_days": "24", "seal": SCAN}
    for name, result in (("田静宜", "符合一般条件"), ("何书琴", "建议按实践经验认定")):
        windows.work("employer.1", f"单位意见：{name}", **consent)
        windows.work("city.section", f"资格审核：{name}", **finding(result))


def selection(windows) -> None:
    """The panel names both, nobody objects, the list is published and the certificates are accepted."""
    windows.work("city.section", "遴选合议", **minutes())
    hr = windows.of("hr.clerk")
    hr.goto("/inbox")
    hr.locator("td.cell-title a", has_text="确认合议结果").click()
    hr.wait_for_url("**/tasks/**")
    assert hr.locator("#earlier").get_by_text("田静宜（渝江规划设计研究院）").first.is_visible()
    assert hr.get_by_role("link", name="遴选合议纪要", exact=True).is_visible()
    send(hr, {"opinion": "同意"})
    windows.work("city.leader", "签发征求意见函", decision="签发")
    for unit in ("500101", "500102"):
        windows.work(f"gov.{unit}", "征求意见函", opinion="同意", scan=SCAN)
    windows.work("city.leader", "研究确定名单", meeting_name="局长办公会")
    windows.work("city.clerk", "公布名单", confirmed="true")
    for login in ("applicant.1", "applicant.2"):
        page = windows.of(login)
        page.goto("/my/applications/")
        page.get_by_role("link", name="去办理").click()
        page.wait_for_url("**/tasks/**")
        send(page, {"accept": "接受"})
