"""Story files: read, drawn from parameters, refused with a sentence for everything that is wrong."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from processes.errors import Invalid
from webapp.demo.year.reading import OWN, own_story, own_story_of, story_in

SMALL = Path(__file__).with_name("small_year")
GIVEN = Path(__file__).parents[3] / "shared" / "domain"
"""The files of the demonstration year as they were given; they lie beside the repository, where they are at all."""


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(OWN, tmp_path / "story"))


def changed(folder, table, old, new):
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(folder):
    with pytest.raises(Invalid) as refused:
        story_in(folder)
    return " ".join([str(refused.value.text), *map(str, refused.value.fields.values())])


def test_the_desk_s_own_story_is_the_year_2025():
    story = own_story()
    assert (story.year, len(story.consultations), len(story.reports), len(story.services)) == (2025, 500, 164, 46)
    assert story.grades() == {"优秀": 12, "称职": 29, "不称职": 1}
    assert story.limits == {"cap": 12, "graded": 42, "in_service_31dec": 44}


@pytest.mark.skipif(not GIVEN.is_dir(), reason="the given files are not here")
def test_the_desk_s_own_story_says_what_the_given_files_say():
    own, given = own_story(), story_in(GIVEN)
    assert own.consultations == given.consultations
    assert own.reports == given.reports
    assert own.services == given.services
    assert own.gradings == given.gradings
    assert own.applicants == given.applicants
    assert (own.posts, own.limits, own.term) == (given.posts, given.limits, given.term)
    assert [(each.on, each.kind, each.units, each.by, each.until) for each in own.events] == [
        (each.on, each.kind, each.units, each.by, each.until) for each in given.events
    ]


def test_equal_parameters_draw_equal_tables_and_another_seed_others(tmp_path):
    first, again = story_in(SMALL), story_in(SMALL)
    assert first == again
    parameters = json.loads((SMALL / "story.json").read_text(encoding="utf-8")) | {"seed": 8}
    (tmp_path / "story.json").write_text(json.dumps(parameters), encoding="utf-8")
    other = story_in(tmp_path)
    assert other.consultations != first.consultations
    assert len(other.consultations) == len(first.consultations)


@pytest.mark.parametrize("year", [2024, 2026, 2027, 2030])
def test_the_own_parameters_can_be_told_of_another_year(year):
    story = own_story_of(year)
    assert {row.day.year for row in story.consultations} == {year}
    assert story.grades()["优秀"] <= story.limits["cap"] == len(story.gradings) * 3 // 10
    assert story.term[0] == date(year, 1, 20)


def test_an_activity_outside_service_is_refused(folder):
    changed(folder, "activities", "ZX2025-0270,CP024,CQ-500152,2025-08-21", "ZX2025-0270,CP024,CQ-500152,2025-12-21")
    assert "ZX2025-0270：李文倩在2025-12-21不在聘期内" in told(folder)


def test_more_points_adopted_than_made_are_refused(folder):
    changed(folder, "activities", ",2,2,11,5", ",2,2,11,15")
    assert "意见份数、条数或采纳条数不一致" in told(folder)


def test_more_excellent_grades_than_the_ceiling_are_refused(folder):
    changed(folder, "appraisal", "8990,优秀候选,称职", "8990,优秀候选,优秀")
    assert "优秀13人，超过名额12人（第十四条）" in told(folder)


def test_a_report_that_was_never_sent_has_no_day(folder):
    changed(folder, "quarter_reports", "2025-04-10,,MISSING", "2025-04-10,2025-04-11,MISSING")
    assert "未报送的没有报送日期" in told(folder)


def test_a_unit_that_does_not_exist_is_named(folder):
    changed(folder, "appointments", "CQ-500102", "CQ-999999")
    assert "没有服务单元“CQ-999999”" in told(folder)


def test_a_line_that_cannot_be_read_is_named_by_its_number(folder):
    changed(folder, "activities", "2025-01-21", "21.1.2025")
    assert "activities.csv 第2行无法读取" in told(folder)


def test_a_table_without_a_column_says_which(folder):
    changed(folder, "posts", "unit_id", "unit")
    assert "posts.csv 缺少列“unit_id”" in told(folder)


def test_a_missing_table_is_named_and_so_are_missing_parameters(folder):
    (folder / "appraisal.csv").unlink()
    assert "缺少表格：appraisal.csv" in told(folder)
    for each in folder.glob("*.csv"):
        each.unlink()
    parameters = json.loads((folder / "story.json").read_text(encoding="utf-8"))
    del parameters["activities"]
    (folder / "story.json").write_text(json.dumps(parameters), encoding="utf-8")
    assert "参数文件须有：activities" in told(folder)
    (folder / "story.json").write_text("{", encoding="utf-8")
    assert "不是有效的 JSON" in told(folder)
    (folder / "story.json").unlink()
    assert "没有参数文件 story.json" in told(folder)


def test_counts_that_contradict_each_other_are_refused(tmp_path):
    parameters = json.loads((SMALL / "story.json").read_text(encoding="utf-8"))
    parameters["activities"]["on_site"] = 3
    (tmp_path / "story.json").write_text(json.dumps(parameters), encoding="utf-8")
    assert "参数之间不一致" in told(tmp_path)


def test_an_event_that_cannot_be_read_is_told_by_its_text(folder):
    parameters = json.loads((folder / "story.json").read_text(encoding="utf-8"))
    parameters["events"].append({"on": "2025-13-01", "kind": "leave", "unit": "CQ-500101", "text": "休假"})
    (folder / "story.json").write_text(json.dumps(parameters), encoding="utf-8")
    assert "事件“休假”无法读取" in told(folder)


def test_an_absence_from_what_may_be_declined_is_refused(folder):
    changed(folder, "activities", "CQ-500152,2025-08-21,规划编制", "CQ-500152,2025-08-21,其他法定规划")
    assert "ZX2025-0270：“其他法定规划”可以婉拒" in told(folder)


def test_nobody_attends_while_on_registered_leave(folder):
    parameters = json.loads((folder / "story.json").read_text(encoding="utf-8"))
    for event in parameters["events"]:
        if event["kind"] == "leave":
            event["unit"] = "CQ-500101"
    (folder / "story.json").write_text(json.dumps(parameters), encoding="utf-8")
    assert "在登记的休假期间" in told(folder)


def test_a_report_sent_before_its_quarter_is_over_is_refused(folder):
    changed(folder, "quarter_reports", "2025Q1,2025-04-10,2025-04-04", "2025Q1,2025-04-10,2025-03-04")
    assert "应在季度结束之后" in told(folder)
