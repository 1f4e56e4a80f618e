"""Story files: read, drawn from parameters, refused with a sentence for everything that is wrong."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from processes.errors import Invalid
from webapp.demo.year.reading import OWN, own_story, own_story_of, story_in

SMALL = Path(__file__).with_name("small_year")
GIVEN = Path(__file__).parents[3] / "shared" / "domain"
"""The files of the demonstration year as they were given; they lie beside the repository, where they are at all."""


WRONG = {
    "an activity outside service": (
        "activities",
        "ZX2025-0270,CP024,CQ-500152,2025-08-21",
        "ZX2025-0270,CP024,CQ-500152,2025-12-21",
        "ZX2025-0270：李文倩在2025-12-21不在聘期内",
    ),
    "more points adopted than made": ("activities", ",2,2,11,5", ",2,2,11,15", "意见份数、条数或采纳条数不一致"),
    "more excellent grades than the ceiling": (
        "appraisal",
        "8990,优秀候选,称职",
        "8990,优秀候选,优秀",
        "优秀13人，超过名额12人（第十四条）",
    ),
    "a day for a report that was never sent": (
        "quarter_reports",
        "2025-04-10,,MISSING",
        "2025-04-10,2025-04-11,MISSING",
        "未报送的没有报送日期",
    ),
    "a unit that does not exist": ("appointments", "CQ-500102", "CQ-999999", "没有服务单元“CQ-999999”"),
    "a line that cannot be read, by its number": (
        "activities",
        "2025-01-21",
        "21.1.2025",
        "activities.csv 第2行无法读取",
    ),
    "a table without a column": ("posts", "unit_id", "unit", "posts.csv 缺少列“unit_id”"),
    "an absence from what may be declined": (
        "activities",
        "CQ-500152,2025-08-21,规划编制",
        "CQ-500152,2025-08-21,其他法定规划",
        "ZX2025-0270：“其他法定规划”可以婉拒",
    ),
    "a report sent before its quarter is over": (
        "quarter_reports",
        "2025Q1,2025-04-10,2025-04-04",
        "2025Q1,2025-04-10,2025-03-04",
        "应在季度结束之后",
    ),
}
"""What is wrong → the table in which it stands, what stands there, what is put in its place, and what is told."""


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(OWN, tmp_path / "story"))


def changed(folder, table, old, new):
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@contextmanager
def parameters_of(source, target):
    """The parameters of a story, to be changed; they are written as those of another one."""
    parameters = json.loads((source / "story.json").read_text(encoding="utf-8"))
    yield parameters
    (target / "story.json").write_text(json.dumps(parameters), encoding="utf-8")


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
    with parameters_of(SMALL, tmp_path) as parameters:
        parameters["seed"] = 8
    other = story_in(tmp_path)
    assert other.consultations != first.consultations
    assert len(other.consultations) == len(first.consultations)


@pytest.mark.parametrize("year", [2024, 2026, 2027, 2030])
def test_the_own_parameters_can_be_told_of_another_year(year):
    story = own_story_of(year)
    assert {row.day.year for row in story.consultations} == {year}
    assert story.grades()["优秀"] <= story.limits["cap"] == len(story.gradings) * 3 // 10
    assert story.term[0] == date(year, 1, 20)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_story_is_refused_with_a_sentence_for(folder, wrong):
    table, old, new, sentence = WRONG[wrong]
    changed(folder, table, old, new)
    assert sentence in told(folder)


def test_a_missing_table_is_named_and_so_are_missing_parameters(folder):
    (folder / "appraisal.csv").unlink()
    assert "缺少表格：appraisal.csv" in told(folder)
    for each in folder.glob("*.csv"):
        each.unlink()
    with parameters_of(folder, folder) as parameters:
        del parameters["activities"]
    assert "参数文件须有：activities" in told(folder)
    (folder / "story.json").write_text("{", encoding="utf-8")
    assert "不是有效的 JSON" in told(folder)
    (folder / "story.json").unlink()
    assert "没有参数文件 story.json" in told(folder)


def test_counts_that_contradict_each_other_are_refused(tmp_path):
    with parameters_of(SMALL, tmp_path) as parameters:
        parameters["activities"]["on_site"] = 3
    assert "参数之间不一致" in told(tmp_path)


def test_an_event_that_cannot_be_read_is_told_by_its_text(folder):
    with parameters_of(folder, folder) as parameters:
        parameters["events"].append({"on": "2025-13-01", "kind": "leave", "unit": "CQ-500101", "text": "休假"})
    assert "事件“休假”无法读取" in told(folder)


def test_nobody_attends_while_on_registered_leave(folder):
    with parameters_of(folder, folder) as parameters:
        for event in parameters["events"]:
            if event["kind"] == "leave":
                event["unit"] = "CQ-500101"
    assert "在登记的休假期间" in told(folder)
