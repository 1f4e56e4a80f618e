from __future__ import annotations

import hashlib
import io
import json
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from processes.audit import AuditEntry
from processes.engine.models import Case, CaseDocument, CaseEvent, Submission, WorkItem
from processes.engine.work import comment
from processes.errors import Conflict, NotAllowed, NotFound
from processes.files import StoredFile
from processes.forms.definition import FormDefinition
from tests.dossier.conftest import ID_NUMBER, OTHER_NUMBER, PDF
from webapp.api import drawing
from webapp.dossier import exporting
from webapp.dossier.history import history_pdf


def words(pdf: bytes) -> str:
    """The words of a PDF without line ends; pypdf puts a NUL before each character of a CFF face."""
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return "".join(text.replace("\0", "").split())


def rows(desk, table, *conditions):
    with desk.db.reading() as session:
        return session.scalars(select(table).where(*conditions)).all()


def test_every_fact_of_the_database_is_in_the_folder(desk, office, people, take):
    case = office.whole()
    taken = take(people.clerk, case)
    for found in rows(desk, Case):
        place = "" if found.id == case.id else f"cases/{found.number}/"
        told = taken.json(f"{place}case.json")
        assert (told["format"], told["case"]["number"], told["case"]["id"]) == (1, found.number, str(found.id))
        same_rows(told["submissions"], rows(desk, Submission, Submission.case_id == found.id), person="person")
        same_rows(
            told["work_items"], rows(desk, WorkItem, WorkItem.case_id == found.id), title="title", status="status"
        )
        same_rows(told["history"], rows(desk, CaseEvent, CaseEvent.case_id == found.id), kind="kind", text="text")
        same_rows(told["documents"], rows(desk, CaseDocument, CaseDocument.case_id == found.id), number="number")
        sent = {each["id"]: each for each in told["submissions"]}
        for each in rows(desk, Submission, Submission.case_id == found.id):
            assert sent[str(each.id)]["answers"] == json.loads(json.dumps(drawing.values(each.answers)))
            form = taken.json(f"{place}{sent[str(each.id)]['form']}")
            assert FormDefinition.parse(form).version == each.form_version
        paths = {each["id"]: each["path"] for each in told["attachments"]}
        letters = {
            str(each.file_id): next(one["path"] for one in told["documents"] if one["id"] == str(each.id))
            for each in rows(desk, CaseDocument, CaseDocument.case_id == found.id)
        }
        for stored in rows(desk, StoredFile, StoredFile.case_id == found.id):
            content = taken.read(place + {**paths, **letters}[str(stored.id)])
            assert hashlib.sha256(content).hexdigest() == stored.sha256


def same_rows(told, found, **members):
    """As many of them, each with what it says."""
    by_id = {str(each["id"]): each for each in told}
    assert set(by_id) == {str(each.id) for each in found}
    for each in found:
        for name, attribute in members.items():
            assert by_id[str(each.id)][name] == getattr(each, attribute)


def test_the_list_names_every_file_with_its_hash(office, people, take):
    taken = take(people.clerk, office.whole())
    listed = taken.json("manifest.json")["files"]
    assert {f"{taken.root}/{name}" for name in listed} == set(taken.names) - {f"{taken.root}/manifest.json"}
    for name, facts in listed.items():
        content = taken.read(name)
        assert facts == {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_the_same_case_gives_the_same_bytes(office, people, take):
    case = office.whole()
    assert take(people.clerk, case).content == take(people.clerk, case).content


def test_names_are_safe_and_none_is_given_twice(office, people, take):
    taken = take(people.clerk, office.whole())
    assert len({name.casefold() for name in taken.names}) == len(taken.names)
    for name in taken.names:
        assert name.startswith(f"{taken.root}/")
        assert ".." not in name
        assert not set(name) & set('\\:*?"<>| ')
    own = [name.split("/", 2)[2] for name in taken.names if name.startswith(f"{taken.root}/attachments/")]
    assert sorted(own) == ["001_材料.pdf", "002_材料.pdf", "003_passwd_a.pdf"]


@pytest.mark.parametrize("who", ["manager", "auditor"])
def test_what_the_reader_may_not_see_is_nowhere_in_it(office, people, take, who):
    taken = take(getattr(people, who), office.whole())
    told = taken.json("case.json")
    assert told["submissions"][0]["answers"]["id_no"] == "110***********002X"
    assert told["variables"]["id_no"] == "110***********002X"
    for name in taken.names:
        for secret in (ID_NUMBER, OTHER_NUMBER, "13800001234"):
            assert secret.encode() not in taken.zip.read(name), name
    paper = words(taken.read("history.pdf"))
    assert not any(secret in paper for secret in (ID_NUMBER, OTHER_NUMBER, "13800001234"))
    assert "138****1234" in json.dumps(told["submissions"][0]["answers"])


def test_who_works_with_it_gets_it_as_it_is(office, people, take):
    taken = take(people.clerk, office.whole())
    assert taken.json("case.json")["submissions"][0]["answers"]["id_no"] == ID_NUMBER
    assert ID_NUMBER in words(taken.read("history.pdf"))


@pytest.mark.parametrize(("who", "refusal"), [("wanzhou", NotAllowed), ("planner", NotFound)])
def test_who_sees_only_a_part_or_nothing_takes_nothing(desk, office, people, take, who, refusal):
    case = office.whole()
    with pytest.raises(refusal):
        take(getattr(people, who), case)
    assert rows(desk, AuditEntry, AuditEntry.action == "case.export") == []


def test_every_export_stands_in_the_audit_trail(desk, office, people, take):
    case = office.whole()
    take(people.manager, case)
    entries = rows(desk, AuditEntry, AuditEntry.action == "case.export")
    assert [each.actor for each in entries] == ["管理者", "管理者"]
    assert entries[0].subject == f"case:{case.id}"
    assert entries[1].detail == {"part_of": case.number}


def test_the_paper_tells_each_step_in_its_order(desk, office, people, take):
    case = office.whole()
    with desk.db.transaction() as session:
        item = session.query(WorkItem).where(WorkItem.element_id == "sum_up", WorkItem.case_id == case.id).one()
        comment(session, people.manager, item.id, "请抓紧汇总")
    text = words(take(people.clerk, case).read("history.pdf"))
    order = ["案卷履历", "征求首轮意见", "一、基本情况", case.number, "二、办理经过", "1．填报", "经办甲", "意向：一名",
             "费用：1,234.50", "重庆市万州区人民政府", "万州某", "意见：同意", "涪陵某", "理由：人选专业不符",
             "请抓紧汇总", "三、尚待办理", "四、公文", "渝规资函〔2026〕1号", "五、附件", "六、所属案件",
             "征求补充意见", "两名"]  # fmt: skip
    place = 0
    for each in order:
        place = text.find(each.replace(" ", ""), place)
        assert place >= 0, each
    assert "请另行推荐𠮷" in text or "请另行推荐〓" in text, "a rare character is drawn or marked"
    assert "🙂" not in text


def test_the_picture_stands_by_itself(office, people, take):
    taken = take(people.clerk, office.whole())
    picture = ElementTree.fromstring(taken.read("diagram.svg"))
    assert picture.tag.endswith("svg")
    assert b"--bpmn-ink" in taken.read("diagram.svg")
    assert ElementTree.fromstring(taken.read("diagram.bpmn")).tag.endswith("definitions")


def test_a_content_that_is_gone_is_told_and_the_rest_is_there(desk, office, people, take):
    case = office.whole()
    stored = rows(desk, StoredFile, StoredFile.name == "材料.pdf")[0]
    desk.house.files.path(stored.id).unlink()
    taken = take(people.clerk, case)
    gone = [each for each in taken.json("case.json")["attachments"] if each["path"] is None]
    assert [each["id"] for each in gone] == [str(stored.id)]
    assert "内容缺失" in words(taken.read("history.pdf"))
    assert sum(1 for name in taken.names if "/attachments/" in name) == 3


def test_nobody_waits_while_a_case_is_packed(desk, office, people, take, monkeypatch):
    """No transaction is open while the paper is set and files are copied."""
    case = office.whole()

    def meanwhile(dossier, fonts):
        office.complete(case, "sum_up", people.clerk)
        return history_pdf(dossier, fonts)

    monkeypatch.setattr("webapp.dossier.packing.history_pdf", meanwhile)
    taken = take(people.clerk, case)
    assert taken.json("case.json")["case"]["status"] == "running", "one moment, before it was completed"
    assert rows(desk, Case, Case.id == case.id)[0].status == "completed"


def test_a_few_exports_at_once_and_no_more(office, people, take, monkeypatch):
    case = office.whole()

    def another(dossier, fonts):
        monkeypatch.setattr("webapp.dossier.packing.history_pdf", third)
        return PDF if take(people.clerk, case).content else b""

    def third(dossier, fonts):
        with pytest.raises(Conflict):
            take(people.clerk, case)
        return PDF

    monkeypatch.setattr("webapp.dossier.packing.history_pdf", another)
    assert take(people.clerk, case).content
    monkeypatch.undo()
    assert take(people.clerk, case).content, "its place is free again"
    assert exporting.AT_ONCE == 2
