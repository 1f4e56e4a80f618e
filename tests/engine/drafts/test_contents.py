from __future__ import annotations

import json
from pathlib import Path

import pytest

from processes.engine import contents, tables
from processes.engine.bundles import bundle, bundle_at, packed
from processes.engine.drafts import documents
from processes.engine.drafts.losses import losses
from processes.engine.packages import DIAGRAM
from processes.engine.tables import Input, Output, Rule, Table, Trial
from processes.engine.variables import naming, uses
from processes.errors import Invalid
from tests.webapp.pages import letters

FOLDER = Path(__file__).resolve().parents[3] / "bpmn"
LEVELS = Table(
    id="levels",
    name="审批层级",
    inputs=(Input("input_1", "金额", "amount", "number"),),
    outputs=(Output("output_1", "level", "层级"),),
    rules=(Rule("rule_1", ("< 1000",), ('"科长"',)), Rule("rule_2", (">= 1000",), ('"局长"',))),
)


def form(**field):
    return json.dumps({"key": "a", "title": "甲", "fields": [{"key": "x", "label": "乙", **field}]}).encode()


def said(files, **more):
    return [(each.path, each.place, each.severity) for each in contents.file_problems(files, **more)]


@pytest.mark.parametrize("folder", sorted(each.name for each in FOLDER.iterdir() if (each / DIAGRAM).is_file()))
def test_nothing_beside_the_diagrams_that_are_delivered_is_wrong(folder):
    files = bundle_at(FOLDER / folder)
    assert said(files) == []
    assert bundle(packed(files)) == files


def test_each_file_is_told_with_its_path_and_place():
    files = {
        "forms/a.json": form(type="text", pattern="("),
        "forms/b.json": form(type="text"),
        "tables/t.dmn": b"<a/>",
        "tables/u.tests.json": b"{}",
        "documents/documents.json": b'{"documents": [{"key": "x"}]}',
    }
    found = said(files)
    assert ("forms/a.json", "fields[0].pattern", "error") in found
    assert ("forms/b.json", "key", "warning") in found
    assert ("tables/t.dmn", "", "error") in found
    assert ("tables/u.tests.json", "", "warning") in found
    assert ("documents/documents.json", "documents[0].kind", "error") in found
    with pytest.raises(Invalid):
        contents.demand(files)


def test_a_list_that_the_desk_does_not_have_is_a_warning():
    files = {"forms/a.json": form(type="choice", options_from="planets")}
    assert said(files, lists=["planets"]) == []
    assert said(files, lists=[]) == [("forms/a.json", "fields[0].options_from", "warning")]
    contents.demand(files)


def test_a_table_whose_tests_fail_is_not_published():
    files = {"tables/levels.dmn": tables.write_table(LEVELS)}
    assert said(files) == []
    trials = [Trial("边界", {"input_1": 1000}, {"level": "科长"})]
    files["tables/levels.tests.json"] = tables.write_trials(trials)
    assert said(files) == [("tables/levels.tests.json", "tests[0]", "error")]
    with pytest.raises(Invalid, match="边界"):
        contents.demand(files)


def test_rules_that_meet_are_an_error_and_gaps_a_warning():
    meeting = Table(**{**LEVELS.__dict__, "rules": (LEVELS.rules[0], Rule("r", ("< 500",), ('"局长"',)))})
    found = said({"tables/levels.dmn": tables.write_table(meeting)})
    assert [each[2] for each in found] == ["error", "warning"]


def test_a_broken_file_is_replaced_by_something_harmless_for_the_check_of_the_diagram():
    files = {"forms/a.json": b"{", "documents/documents.json": b'{"documents": [{"key": "letter"}]}'}
    kept = contents.readable(files)
    assert contents.file_problems({"forms/a.json": kept["forms/a.json"]})[0].severity == "warning"
    assert json.loads(kept["documents/documents.json"]) == {"documents": [{"key": "letter"}]}


def test_a_template_that_is_too_large_is_refused_before_it_is_opened():
    files = bundle_at(FOLDER / "dismissal")
    with pytest.raises(Invalid, match="5 MB"):
        documents.with_template(files, "proposal_notice", bytes(documents.LARGEST_TEMPLATE + 1))


def test_the_names_that_a_diagram_reads_are_found_with_their_places():
    found = {name: each.name for each in uses(letters.DIAGRAM.encode()) for name in each.names}
    assert found["subject"] == "起草函件"
    assert found["units"] == "复函"
    assert naming(letters.DIAGRAM.encode(), "form", "reply") == ["复函"]
    assert uses(b"<no") == []


def test_an_option_that_a_condition_compares_with_is_missed():
    condition = '<conditionExpression>decision == "同意"</conditionExpression>'
    diagram = letters.DIAGRAM.replace(
        "</process>", f'<sequenceFlow id="q" name="去">{condition}</sequenceFlow></process>'
    )
    before = {"fields": [{"key": "decision", "type": "choice", "options": ["同意", "不同意"]}]}
    after = {"fields": [{"key": "decision", "type": "choice", "options": ["准予", "不同意"]}]}
    (loss,) = losses({DIAGRAM: diagram.encode()}, "reply", [before], after)
    assert "同意" in str(loss.text)
    assert losses({DIAGRAM: diagram.encode()}, "reply", [before], before) == []


def test_what_another_form_asks_for_as_well_is_not_missed():
    before = {"fields": [{"key": "subject", "type": "text"}]}
    files = {DIAGRAM: letters.DIAGRAM.encode()}
    assert len(losses(files, "draft", [before], {"fields": []})) == 1
    other = json.dumps({"key": "b", "title": "乙", "fields": before["fields"]}).encode()
    assert losses({**files, "forms/b.json": other}, "draft", [before], {"fields": []}) == []
