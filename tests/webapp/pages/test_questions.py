"""The 28 questions of a working day, each asked on a small known year: one click, and the right answer on screen."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from processes.engine import definitions
from processes.engine.bundles import bundle_at
from processes.identity.actor import SYSTEM
from processes.registers.appraisals import AppraisalStatus, appraisal_on
from tests.webapp.pages.known_year import known_year

BPMN = Path(__file__).resolve().parents[3] / "bpmn"

ASKED: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (1, "city.clerk", ("渝规资函〔2026〕8号", "万州区人民政府", "49")),
    (2, "city.clerk", ("2026年第三季度", "上季度逾期报送 1 个", "万州区", "编制")),
    (3, "city.clerk", ("丁慢", "戊缺")),
    (4, "city.clerk", ("戊缺", "再缺一次即达解聘情形", "2026-10-28")),
    (5, "city.clerk", ("丁慢", "0/1")),
    (6, "city.clerk", ("丁慢", "待确认", "2026Q4")),
    (7, "city.clerk", ("起草：要补正的事",)),
    (8, "city.clerk", ("2027—2029聘期：距报名截止 5 天（2026-10-25），1 个岗位无人报名", "涪陵区岗位1", "无人报名")),
    (9, "city.clerk", ("待补正 1 人，共 1 项", "白补", "职称证书原件扫描件", "2026-10-23")),
    (10, "city.clerk", ("共 1 条", "壬列")),
    (11, "bureau.500101", ("庚优", "已邀请")),
    (12, "bureau.500101", ("咨询 1 人次，其中实地 1 次", "还有 1 条记录未确认、0 个邀请未登记结果", "2027-01-11")),
    (13, "bureau.500101", ("待审核 1 笔（¥1,234.50）", "待支付 1 笔（¥50.00）", "超过 30 天的 1 笔")),
    (14, "bureau.500101", ("沿江步道应连通",)),
    (15, "p0", ("4／10次", "实地指导／要求")),
    (16, "p0", ("在岗月数", "/registers/attendances?")),
    (17, "p0", ("继续教育减免", "优先推荐", "需连续3年优秀")),
    (18, "employer.7", ("本单位派出 2 人；考核结果存档回执待交 1 份", "丁慢", "待交回执")),
    (19, "hr.clerk", ("已于 2026-10-20 签收", "2026年度考核方案征求意见", "等待意见的事项 1 件", "2026-10-26")),
    (20, "owner", ("区县首席规划师选聘",)),
    (21, "owner", ("个工作日；改为", "复函")),
    (22, "owner", ("解释-2026-001", "系统")),
    (23, "owner", ("出错未处理 1 项，挂起 0 件", "邮局关门")),
    (24, "city.leader", ("考核人数6人，优秀名额上限1人，已用0人，剩余1人", "并列的 2 人，余 1 个名额", "庚优")),
    (25, "city.leader", ("两次公告无人报名", "万州区岗位90")),
    (26, "city.leader", ("渝中区", "采纳率", "上年同期")),
    (27, "city.leader", ("己满", "2026-12-01", "42")),
    (28, "admin", ("离任而账号未停用的", "柳离任", "2026-06-30", "没有备份记录", "市规划自然资源局经办")),
)
"""Number, who asks, what the answer says."""


@pytest.fixture
def year(desk):
    with known_year(desk) as made:
        yield made


def questions(visitor):
    """The questions of somebody, by number, with the address of each answer."""
    page = visitor.get("/questions/").text.split('class="notice-list"', 1)[1].split("</ul>", 1)[0]
    found = re.findall(r'<span class="muted">(\d+)</span><a href="([^"]+)"', page)
    return {int(number): unescape(url) for number, url in found}


def read(page):
    """What a page says, without its tags."""
    return unescape(re.sub(r"<[^>]+>", " ", page))


def test_every_question_is_answered_by_one_click(year, visit):
    with year.db.transaction() as session:
        definitions.deploy(session, SYSTEM, "appointment", bundle_at(BPMN / "appointment"))
    askers = {}
    problems = []
    for number, login, said in ASKED:
        if login not in askers:
            visitor = visit(login)
            askers[login] = (visitor, questions(visitor))
        visitor, mine = askers[login]
        if number not in mine:
            problems.append((number, "is not offered"))
            continue
        answered = visitor.get(mine[number].split("#")[0])
        text = answered.text + read(answered.text)
        problems += [(number, each) for each in said if each not in text]
        if answered.status_code != 200:
            problems.append((number, answered.status_code))
    assert problems == []


def test_all_twenty_eight_are_asked():
    assert [number for number, _login, _said in ASKED] == list(range(1, 29))


def test_every_figure_of_an_answer_leads_to_its_records(year, visit):
    """Whatever an answer links to can be opened, and says as many rows as the figure."""
    clerk = visit("bureau.500101")
    page = clerk.get("/questions/own-quarter").text
    figures = re.findall(r'<a href="(/registers/[^"]+)"[^>]*>(\d+)</a>', page)
    assert len(figures) >= 4
    for url, number in figures:
        listed = clerk.get(unescape(url))
        assert listed.status_code == 200
        if "意见条目" not in url and "opinion_items" not in url:
            assert f"共 {number} 条" in listed.text, url


def test_an_answer_is_for_the_posts_that_ask_it(year, visit):
    for name, login in (("rights", "city.clerk"), ("filings", "city.clerk"), ("excellent", "bureau.500101"),
                        ("deadlines", "bureau.500101")):  # fmt: skip
        assert visit(login).get(f"/questions/{name}").status_code == 403, name
    assert visit("city.clerk").get("/questions/nothing").status_code == 404
    assert visit("bureau.500101").get("/questions/own-quarter?unit_id=CQ-500102").status_code == 403


def test_a_tie_at_the_line_is_told_and_left_to_people(year, visit):
    page = visit("city.leader").get("/questions/excellent?year=2026").text
    tied = read(page.split('id="tied"', 1)[1])
    assert "庚优" in tied
    assert "辛并" in tied
    assert "壬列" not in tied
    assert "由考核组合议" in read(page)
    assert "已用1人，剩余0人" in read(visit("city.leader").get("/questions/excellent?year=2025").text)


def test_a_tie_is_not_left_to_anybody_once_the_panel_has_voted(year, visit):
    with year.db.transaction() as session:
        appraisal_on(session, 2026).status = AppraisalStatus.TOLD
    told = read(visit("city.leader").get("/questions/excellent?year=2026").text)
    assert "并列的 2 人，考核组已研究决定" in told
    assert "由考核组合议" not in told


def test_an_answer_is_a_file_too(year, visit):
    for name in ("quarter-reports", "calls", "supplements", "excellent", "hr-bureau"):
        assert visit("city.clerk").get(f"/questions/{name}?format=xlsx").data.startswith(b"PK"), name


def test_a_deadline_that_a_case_works_out_can_be_asked_about_too(year, visit):
    with year.db.transaction() as session:
        definitions.deploy(session, SYSTEM, "appointment", bundle_at(BPMN / "appointment"))
    page = read(visit("owner").get("/questions/deadlines?step=appointment:reply&days=15").text)
    assert "区县首席规划师选聘：研究并复函（时限按案件计算，在办 0 件）" in page
    assert "“研究并复函”的时限按案件计算" in page
    assert "改为 15 个工作日，有 0 件在办任务的期限会不同" in page


def test_another_deadline_is_foreseen_and_changes_nothing(year, visit):
    owner = visit("owner")
    assert "改为 3 个工作日" in owner.get("/questions/deadlines?step=letter:reply&days=3").text
    assert owner.get("/questions/deadlines?step=letter:nothing").status_code == 404
    assert owner.get("/questions/deadlines?days=999").status_code == 422
