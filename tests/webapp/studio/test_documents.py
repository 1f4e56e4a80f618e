from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from docx import Document

from processes.engine import definitions, drafts
from processes.engine.bundles import bundle_at
from processes.identity.actor import SYSTEM
from tests.webapp.pages.letters import actor

FOLDER = Path(__file__).resolve().parents[3] / "bpmn"
MANIFEST = "documents/documents.json"


@pytest.fixture
def draft(desk):
    """A draft of a procedure that issues documents."""
    with desk.db.transaction() as session:
        return drafts.create(session, actor(desk, "owner"), "dismissal", files=bundle_at(FOLDER / "dismissal"))


def docx(*paragraphs):
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def with_part(content, name):
    written = io.BytesIO(content)
    with zipfile.ZipFile(written, "a") as archive:
        archive.writestr(name, b"x")
    return written.getvalue()


def entry(kept, key="proposal_notice"):
    return next(each for each in json.loads(kept(MANIFEST))["documents"] if each["key"] == key)


def send(visitor, draft, content, revision=1):
    page = f"/studio/drafts/{draft.id}/documents/proposal_notice"
    data = {"file": (io.BytesIO(content), "a.docx"), "revision": str(revision)}
    return visitor.send(f"{page}/template", data, page=page)


def change(visitor, draft, revision=1, **given):
    page = f"/studio/drafts/{draft.id}/documents/proposal_notice"
    whole = {
        "title_zh": "拟解聘告知书", "title_en": "Notice", "code": "T19", "layout": "信函格式", "issuer": "某局",
        "number_pattern": "某函〔{year}〕{n}号", "revision": revision, **given,
    }  # fmt: skip
    return visitor.send(page, whole, page=page)


def test_documents_are_listed_with_their_number_series_and_shown_filled_in(visit, draft):
    owner, page = visit("owner"), f"/studio/drafts/{draft.id}/documents"
    listed = owner.get(page).text
    for words in ("拟解聘告知书", "渝规资函〔{year}〕{n}号", "没有错误"):
        assert words in listed
    sample = owner.get(f"{page}/proposal_notice/sample").text
    assert "丁一" in sample
    assert "{{" not in sample.split("letter-frame", 1)[1]
    file = owner.get(f"{page}/proposal_notice/sample/file")
    assert Document(io.BytesIO(file.data)).paragraphs
    assert visit("manager").get(f"{page}/proposal_notice").status_code == 200
    assert visit("city.clerk").get(page).status_code == 403
    assert owner.get(f"{page}/nothing").status_code == 404


def test_a_certificate_is_printed_by_the_program(visit, desk):
    with desk.db.transaction() as session:
        made = drafts.create(session, actor(desk, "owner"), "renewal", files=bundle_at(FOLDER / "term_renewal"))
    owner, page = visit("owner"), f"/studio/drafts/{made.id}/documents/certificate"
    assert "PDF" in owner.get(f"{page}/sample").text
    assert owner.get(f"{page}/sample/file").data.startswith(b"%PDF")
    assert owner.get(page).status_code == 200


def test_an_entry_is_changed_and_what_is_wrong_is_told_beside_its_field(visit, draft, kept):
    owner = visit("owner")
    assert change(owner, draft, title_zh="告知书").status_code == 303
    assert (entry(kept)["title"], entry(kept)["issuer"]) == ({"zh": "告知书", "en": "Notice"}, "某局")
    before = kept(MANIFEST)
    for wrong in ({"number_pattern": "第{n}号"}, {"code": ""}, {"title_en": " "}):
        answered = change(owner, draft, 2, **wrong)
        assert answered.status_code == 422
        assert "aria-invalid" in answered.text
    assert kept(MANIFEST) == before
    assert change(owner, draft, 1, title_zh="旧页面").status_code == 409


def test_a_template_takes_the_place_of_the_old_one_when_it_asks_for_what_is_given_alone(visit, draft, kept):
    owner = visit("owner")
    good = docx("{{ 姓名 }}：{{ 事实 }}", "{{ document_number }}")
    assert send(owner, draft, good).status_code == 303
    assert kept("documents/proposal_notice.docx") == good
    answered = send(owner, draft, docx("{{ 姓名 }}", "{{ 事实清单 }}", "{{ 名 }"), 2)
    assert answered.status_code == 422
    answered = send(owner, draft, docx("{{ 事实呢 }}"), 2)
    assert "没有填写项“事实呢”，是否为“事实”？" in answered.text
    assert kept("documents/proposal_notice.docx") == good


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "请选择一份Word模板"),
        (b"not a zip", "不是Word文档"),
        (b"PK\x03\x04 broken", "不是Word文档"),
        (with_part(docx("{{ 姓名 }}"), "word/vbaProject.bin"), "含有宏"),
        (docx("{{ 姓名.__class__ }}"), "不能使用"),
        (docx("{% for a in b %}"), "模板填写项有误"),
    ],
)
def test_a_file_that_is_no_safe_template_is_refused_and_the_old_one_stays(visit, draft, kept, content, said):
    before = kept("documents/proposal_notice.docx")
    answered = send(visit("owner"), draft, content)
    assert answered.status_code == 422
    assert said in answered.text
    assert kept("documents/proposal_notice.docx") == before


def test_a_document_is_added_like_another_one_and_taken_off_the_list_again(visit, draft, kept):
    owner, page = visit("owner"), f"/studio/drafts/{draft.id}/documents"
    given = {"key": "second_notice", "model": "proposal_notice", "title": "再次告知书", "revision": 1}
    assert owner.send(page, given, page=page).location == f"{page}/second_notice"
    assert entry(kept, "second_notice")["title"]["zh"] == "再次告知书"
    assert kept("documents/second_notice.docx") == kept("documents/proposal_notice.docx")
    for wrong in ({"key": "proposal_notice"}, {"key": "x y"}, {"key": "z", "model": "nothing"}):
        assert owner.send(page, {**given, "revision": 2, **wrong}, page=page).status_code in (404, 422)
    assert owner.send(f"{page}/second_notice/remove", {"revision": 2}, page=page).status_code == 303
    assert kept("documents/second_notice.docx") is None
    assert "second_notice" not in kept(MANIFEST).decode()


def test_nobody_but_an_owner_changes_documents(visit, draft):
    assert change(visit("manager"), draft).status_code == 403
    assert send(visit("manager"), draft, docx("x")).status_code == 403


def test_a_broken_list_is_told_and_hides_nothing_else(visit, desk, draft):
    with desk.db.transaction() as session:
        drafts.save_files(session, actor(desk, "owner"), draft.id, {MANIFEST: b"{"}, 1)
    page = visit("owner").get(f"/studio/drafts/{draft.id}/documents").text
    assert "文书清单应写作" in page
    assert visit("owner").get(f"/studio/drafts/{draft.id}").status_code == 200


def test_a_document_from_nothing_gets_its_own_words_and_template(visit, desk):
    with desk.db.transaction() as session:
        made = drafts.create(session, actor(desk, "owner"), "fresh")
    owner, page = visit("owner"), f"/studio/drafts/{made.id}/documents"
    assert owner.send(page, {"key": "reminder", "revision": 1}, page=page).location == f"{page}/reminder"
    words = "document_number 发文字号\nplanner 姓名\nremark 附言 可缺"
    given = {
        "title_zh": "催办函", "title_en": "Reminder", "code": "C1", "layout": "信函格式", "issuer": "某局",
        "number_pattern": "", "words": words, "revision": 2,
    }  # fmt: skip
    assert owner.send(f"{page}/reminder", given, page=page).status_code == 303
    wrong = owner.send(f"{page}/reminder", {**given, "words": "姓名", "revision": 3}, page=page)
    assert wrong.status_code == 422
    assert "填写项第 1 行" in wrong.text
    sent = {"file": (io.BytesIO(docx("{{ 姓名 }}{{ 附言 }}")), "a.docx"), "revision": "3"}
    assert owner.send(f"{page}/reminder/template", sent, page=page).status_code == 303
    assert "姓名" in owner.get(f"{page}/reminder/sample").text


def test_the_words_that_an_operation_gives_are_not_changed(visit, desk):
    files = bundle_at(FOLDER / "dismissal")
    with desk.db.transaction() as session:
        base = definitions.deploy(session, SYSTEM, "dismissal", files)
        made = drafts.create(session, actor(desk, "owner"), "dismissal", base_id=base.id)
    owner = visit("owner")
    assert "由程序的操作给出" in owner.get(f"/studio/drafts/{made.id}/documents/proposal_notice").text
    assert change(owner, made, words="x 乙").status_code == 303
    with desk.db.reading() as session:
        listed = json.loads(drafts.file(session, made.id, MANIFEST))["documents"][0]
    assert len(listed["variables"]) == 7
