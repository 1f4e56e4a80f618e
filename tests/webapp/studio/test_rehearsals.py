"""A rehearsal from its beginning to the scenario that is kept of it, through the pages."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO
from urllib.parse import quote

import pytest
from sqlalchemy import select

from processes import clock
from processes.engine import drafts
from processes.engine.background import Background
from processes.engine.definitions import active_definition
from processes.engine.rehearsing import keeping
from processes.engine.rehearsing.models import Rehearsal, ScenarioRun
from processes.engine.rehearsing.scenario import read_scenario
from processes.errors import Invalid
from tests.webapp.pages import letters
from tests.webapp.visiting import HIDDEN

EVIDENCE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n% what was uploaded"


@pytest.fixture
def draft_id(desk):
    """A draft of the letter, which has a version in force."""
    letters.deploy(desk)
    send = replace(desk.house.operations["letter.send"], run=lambda call: {"units": letters.UNITS})
    desk.house.operations = {**desk.house.operations, send.name: send}
    with desk.db.transaction() as session:
        base = active_definition(session, "letter")
        return drafts.create(session, letters.actor(desk, "owner"), "letter", base_id=base.id).id


@pytest.fixture
def owner(visit):
    return visit("owner")


def begun(desk, owner, draft_id) -> str:
    """A rehearsal whose desk is ready; its id."""
    page = f"/studio/drafts/{draft_id}/rehearsals"
    board = owner.send(page, owner.hidden(page, page), page=page).location
    assert "正在准备" in owner.get(board).text
    Background(desk.db, desk.house).work_off()
    return board.rsplit("/", 1)[1]


def send(owner, page, action, **typed):
    """Send a form of a page: the one with this action, or the page's own that names none."""
    text = owner.get(page).text
    at = text.find(f'action="{action}"')
    form = text[at:].split("</form>", 1)[0] if at >= 0 else text.split("<main", 1)[1]
    hidden = {name: unescape(value) for name, value in HIDDEN.findall(form)}
    return owner.client.post(action, data={**hidden, **typed}, environ_base={"REMOTE_ADDR": owner.address})


def played(desk, owner, draft_id) -> str:
    """A letter that was drafted, answered by one district, and became late at the other."""
    rehearsal = begun(desk, owner, draft_id)
    scratch, board = f"/rehearsal/{rehearsal}", f"/studio/rehearsals/{rehearsal}"
    owner.get(f"{scratch}/as/city.clerk")
    start = f"{scratch}/start/letter/letter"
    assert send(owner, start, start, subject="人选").status_code == 303
    drafted = {"subject": "人选", "copies": "2", "attachment": (BytesIO(EVIDENCE), "依据.pdf")}
    for typed in (drafted, {"opinion": "同意"}):
        link = re.search(r'href="(/rehearsal/[^"]+/as/[\w.]+\?next=[^"]+tasks[^"]+)"', owner.get(board).text)[1]
        task = owner.get(unescape(link)).location
        done = send(owner, task, f"{task}/complete", **typed)
        assert done.status_code == 303, done.text
    moved = send(owner, board, f"{board}/time", how="month")
    assert moved.status_code == 303
    return rehearsal


def test_a_draft_is_played_with_stand_ins_time_passes_and_nothing_touches_the_real_desk(desk, owner, draft_id):
    rehearsal = played(desk, owner, draft_id)
    board = owner.get(f"/studio/rehearsals/{rehearsal}").text
    assert "复函" in board
    assert "彩排环境" not in board  # the board is a page of the real desk
    assert quote(f"/rehearsal/{rehearsal}/start/letter/letter", safe="/") in board
    with desk.db.reading() as session:
        found = session.scalars(select(Rehearsal)).one()
        assert found.clock_at - found.began_at > timedelta(days=28)
    page = owner.get("/cases/").text
    assert "还没有案件" in page
    assert abs((clock.now() - datetime.now(clock.CITY)).total_seconds()) < 5, "time passes in the rehearsal alone"


def test_what_was_played_is_kept_as_a_scenario_that_passes_until_the_procedure_changes(desk, owner, draft_id):
    rehearsal = played(desk, owner, draft_id)
    board = f"/studio/rehearsals/{rehearsal}"
    assert send(owner, board, f"{board}/scenario", title="逾期未复").status_code == 303
    with desk.db.reading() as session:
        files = drafts.files(session, draft_id)
    scenario = read_scenario(files["scenarios/逾期未复.json"])
    assert [act.login for act in scenario.acts][:2] == ["city.clerk", "city.clerk"]
    assert [act.element for act in scenario.acts] == ["", "draft", "reply"]
    assert scenario.acts[1].answers["attachment"] == {"file": "依据.pdf", "content": b64encode(EVIDENCE).decode()}
    assert verdict(desk, draft_id) == (True, [])
    with desk.db.transaction() as session:
        files["process.bpmn"] = files["process.bpmn"].replace("汇总意见".encode(), "汇总各方意见".encode())
        changed = files["process.bpmn"].replace(b'value="10wd"', b'value="3wd"').replace(b'id="reply"', b'id="answer"')
        changed = changed.replace(b"<flowNodeRef>reply", b"<flowNodeRef>answer").replace(
            b'Ref="reply"', b'Ref="answer"'
        )
        drafts.save_files(session, letters.actor(desk, "owner"), draft_id, {"process.bpmn": changed}, 99)
    passed, problems = verdict(desk, draft_id)
    assert not passed
    assert "reply" in problems[0]


def verb(owner, rehearsal, login, verb, step, **typed):
    """Use a verb on the first open task of a step in a rehearsal, as one of its stand-ins."""
    link = re.search(rf'href="(/rehearsal/{rehearsal}/as/{re.escape(login)}\?next=[^"]+tasks[^"]+)"[^>]*>[^<]*</a>',
                     owner.get(f"/studio/rehearsals/{rehearsal}").text.split(step, 1)[1])[1]  # fmt: skip
    task = owner.get(unescape(link)).location
    done = send(owner, f"{task}/verbs/{verb}", f"{task}/verbs/{verb}", **typed)
    assert done.status_code == 303, done.text


def test_verbs_of_a_rehearsal_are_played_again_and_what_is_left_out_is_said(desk, owner, draft_id):
    rehearsal = begun(desk, owner, draft_id)
    scratch, board = f"/rehearsal/{rehearsal}", f"/studio/rehearsals/{rehearsal}"
    owner.get(f"{scratch}/as/city.clerk")
    start = f"{scratch}/start/letter/letter"
    assert send(owner, start, start, subject="人选").status_code == 303
    verb(owner, rehearsal, "city.clerk", "copy", "起草：人选", to="city.leader", text="请阅")
    verb(owner, rehearsal, "city.clerk", "reject", "起草：人选", reason="不办了")
    assert send(owner, board, f"{board}/scenario", title="驳回").status_code == 303
    assert "不影响案件走向的动作没有记入场景：抄送。" in owner.get(f"/studio/drafts/{draft_id}/rehearsals").text
    with desk.db.reading() as session:
        scenario = read_scenario(drafts.files(session, draft_id)["scenarios/驳回.json"])
    assert [(act.verb, act.element) for act in scenario.acts] == [("", ""), ("work.reject", "draft")]
    assert verdict(desk, draft_id) == (True, [])
    with desk.db.transaction() as session:
        files = drafts.files(session, draft_id)
        refused = files["process.bpmn"].replace(b'name="form" value="draft"', b'name="reject" value="no"')
        drafts.save_files(session, letters.actor(desk, "owner"), draft_id, {"process.bpmn": refused}, 99)
    passed, problems = verdict(desk, draft_id)
    assert not passed
    assert problems[0].endswith("不能驳回“起草函件”：这项任务不能驳回。")


def test_a_rehearsal_with_what_cannot_be_done_again_is_not_kept_and_says_why(desk, owner, draft_id):
    rehearsal = begun(desk, owner, draft_id)
    scratch, board = f"/rehearsal/{rehearsal}", f"/studio/rehearsals/{rehearsal}"
    owner.get(f"{scratch}/as/city.clerk")
    start = f"{scratch}/start/letter/letter"
    assert send(owner, start, start, subject="人选").status_code == 303
    owner.get(f"{scratch}/as/manager")
    asked, given = "leaver=city.clerk&successor=city.section", {"leaver": "city.clerk", "successor": "city.section"}
    page = f"{scratch}/hand-overs/"
    assert send(owner, f"{page}?{asked}", page, reason="调离", **given).status_code == 303
    refused = send(owner, board, f"{board}/scenario", title="交接")
    assert refused.status_code == 422
    assert "彩排中有不能重演的动作（工作交接），不能存为场景。" in refused.text


def verdict(desk, draft_id):
    """Play the scenarios; whether they passed and what they said."""
    with desk.db.transaction() as session:
        keeping.ask_scenarios(session, letters.actor(desk, "owner"), draft_id)
    Background(desk.db, desk.house).work_off()
    with desk.db.reading() as session:
        run = session.scalars(select(ScenarioRun).order_by(ScenarioRun.asked_at.desc()).limit(1)).one()
        told = keeping.judge(session, draft_id, drafts.files(session, draft_id))
    assert told.passed is run.passed
    return run.passed, [str(line) for each in run.results for line in run.problems(each["path"])]


def test_only_owners_enter_and_an_ended_rehearsal_is_gone(desk, owner, visit, draft_id):
    rehearsal = begun(desk, owner, draft_id)
    assert visit("manager").get(f"/rehearsal/{rehearsal}/as/city.clerk").status_code == 403
    assert visit().get(f"/rehearsal/{rehearsal}/inbox").location.startswith("/log-in")
    board = f"/studio/rehearsals/{rehearsal}"
    assert owner.get("/as/city.clerk").status_code == 404, "the real desk has no such entry"
    assert send(owner, board, f"{board}/end").status_code == 303
    assert owner.get(f"/rehearsal/{rehearsal}/inbox").status_code == 404
    assert not list((desk.settings.home / "rehearsals").glob(f"{rehearsal}*"))


@pytest.mark.parametrize("how", ["", "day", "never"])
def test_time_goes_forward_by_what_was_asked_or_not_at_all(desk, owner, draft_id, how):
    board = f"/studio/rehearsals/{begun(desk, owner, draft_id)}"
    assert send(owner, board, f"{board}/time", how=how, day="2001-01-01").status_code == 422


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b'{"title": 1}', b"\xff", b"[" * 5000,
     json.dumps({"title": "x", "begins": "2026-01-01", "lasts": 1, "acts": [], "expected": []}).encode(),
     json.dumps({"title": "x", "begins": "2026-01-01T00:00:00Z", "lasts": -1, "acts": [], "expected": []}).encode()],
)  # fmt: skip
def test_a_file_that_is_no_scenario_is_refused_with_a_sentence(content):
    with pytest.raises(Invalid):
        read_scenario(content)
