from __future__ import annotations

import json

import pytest

from handlers.operations import OPTIONS
from processes.engine import drafts
from tests.webapp.pages.letters import actor


def ask(visitor, draft, form, key="reply"):
    headers = {"X-CSRFToken": visitor.token("/keys")}
    content = form if isinstance(form, bytes) else json.dumps(form).encode()
    address = f"/studio/drafts/{draft.id}/forms/{key}/preview.json"
    return visitor.client.post(address, data=content, headers=headers)


def form_of(kept, key="reply"):
    return json.loads(kept(f"forms/{key}.json"))


def with_field(**given):
    return {"key": "reply", "title": "x", "fields": [{"key": "a", "label": "甲", **given}]}


def test_the_editor_is_there_for_owners_and_readable_for_those_who_look(visit, draft):
    path = f"/studio/drafts/{draft.id}/forms/reply"
    page = visit("owner").get(path).text
    assert 'data-editable="yes"' in page
    assert "用于：复函" in page
    assert 'data-editable="no"' in visit("manager").get(path).text
    assert visit("city.clerk").get(path).status_code == 403
    assert visit("owner").get(f"/studio/drafts/{draft.id}/forms/nothing").status_code == 404


def test_a_form_is_drawn_by_the_server_in_both_languages(visit, draft, kept):
    told = ask(visit("owner"), draft, form_of(kept)).json
    assert told["problems"] == []
    assert "意见" in told["html"]["zh"]
    assert "（必填）" in told["html"]["zh"]
    assert "Opinion" in told["html"]["en"]
    assert "（必填）" not in told["html"]["en"]
    assert "data-show-if" in told["html"]["zh"]


@pytest.mark.parametrize(
    ("given", "path", "said"),
    [
        ({"type": "text", "pattern": "(a"}, "fields[0].pattern", "正则表达式无效"),
        ({"type": "text", "pattern": r"(a)\1"}, "fields[0].pattern", "反向引用"),
        ({"type": "text", "min_length": 9, "max_length": 1}, "fields[0].min_length", "不能大于"),
        ({"type": "choice"}, "fields[0].options", "缺少选项"),
        ({"type": "text", "show_if": {"key": "b", "in": ["x"]}}, "fields[0].show_if", "没有“b”这一项"),
        ({"type": "table", "columns": []}, "fields[0].columns", "1 至 30 列"),
        ({"type": "nonsense"}, "fields[0].type", "没有“nonsense”这种表单项"),
        ({"type": "date", "not_before": "sometime"}, "fields[0].not_before", "不是另一个日期项"),
    ],
)
def test_each_problem_is_told_with_its_place(visit, draft, given, path, said):
    problems = ask(visit("owner"), draft, with_field(**given)).json["problems"]
    assert path in [each["path"] for each in problems]
    assert any(said in each["text"] for each in problems)


def test_a_pattern_that_would_run_away_is_harmless(visit, draft):
    told = ask(visit("owner"), draft, with_field(type="text", pattern="(a+)+$", default="a" * 40 + "!")).json
    assert told["problems"] == []


def test_a_wrong_field_keeps_the_others_in_the_preview(visit, draft, kept):
    form = form_of(kept)
    form["fields"].append({"key": "x y", "type": "text", "label": "坏的"})
    told = ask(visit("owner"), draft, form).json
    assert "意见" in told["html"]["zh"]
    assert "坏的" not in told["html"]["zh"]
    assert told["whole"] is False


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"a": 1, "a": 2}', b"\xff", b"[" * 5000, b'{"k": "' + b"x" * 600_000 + b'"}']
)
def test_what_is_no_form_at_all_is_told_with_a_sentence(visit, draft, content):
    answered = ask(visit("owner"), draft, content)
    assert (answered.status_code, answered.content_type) == (422, "application/problem+json")


def test_texts_of_a_form_never_become_markup(visit, draft):
    form = with_field(type="text", help="<script>alert(1)</script>")
    form["title"] = "<b>粗</b>"
    html = ask(visit("owner"), draft, form).json["html"]["zh"]
    assert "<script>" not in html
    assert "<b>" not in html


def test_a_variable_that_the_diagram_reads_is_missed_when_its_field_goes(visit, draft, kept):
    form = form_of(kept, "draft")
    form["fields"] = [each for each in form["fields"] if each["key"] != "subject"]
    told = ask(visit("owner"), draft, form, "draft").json
    assert [each["field"] for each in told["losses"]] == ["subject"]
    assert "起草函件" in told["losses"][0]["text"]
    assert ask(visit("owner"), draft, form_of(kept, "draft"), "draft").json["losses"] == []


def test_a_form_is_added_and_another_one_copied(visit, draft, kept):
    owner, page = visit("owner"), f"/studio/drafts/{draft.id}"
    answered = owner.send(f"{page}/forms", {"key": "view", "form_title": "意见", "revision": 1}, page=page)
    assert answered.location == f"{page}/forms/view"
    assert form_of(kept, "view")["title"] == {"zh": "意见"}
    owner.send(f"{page}/forms", {"key": "twin", "copied": "reply", "revision": 2}, page=page)
    assert form_of(kept, "twin") == {**form_of(kept), "key": "twin"}
    for key in ("reply", "x y", "", "../x"):
        answered = owner.send(f"{page}/forms", {"key": key, "revision": 3}, page=page)
        assert answered.status_code == 422
        assert "aria-invalid" in answered.text
    assert owner.get(f"{page}/forms/view").status_code == 200


def test_a_broken_form_can_still_be_opened(visit, desk, draft):
    with desk.db.transaction() as session:
        drafts.save_files(session, actor(desk, "owner"), draft.id, {"forms/reply.json": b"{"}, 1)
    assert visit("owner").get(f"/studio/drafts/{draft.id}/forms/reply").status_code == 200


def test_a_form_may_offer_any_list_of_the_desk_in_its_preview(visit, draft):
    fields = [
        {"key": f"k{place}", "type": "choice", "label": name, "options_from": name}
        for place, name in enumerate(sorted(OPTIONS))
    ]
    answered = ask(visit("owner"), draft, {"key": "reply", "title": "x", "fields": fields})
    assert answered.status_code == 200
    assert answered.json["problems"] == []
