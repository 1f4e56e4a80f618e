"""Reading the files of a story: tables with a head line, one file of parameters; what is wrong is said in sentences."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from processes.errors import Invalid
from processes.messages import message
from webapp.demo.year.checking import check_story
from webapp.demo.year.happenings import events_of, letters_of, moved
from webapp.demo.year.sample import drawn
from webapp.demo.year.story import Applicant, Consultation, Grading, Report, Service, YearStory

OWN = Path(__file__).parents[1] / "data" / "year"
"""The story that the desk brings with it."""
PARAMETERS = ("story.json", "demo_params.json")
TABLES = ("applicants", "posts", "appointments", "activities", "quarter_reports", "appraisal")
Row = Mapping[str, str]
T = TypeVar("T")


@cache
def own_story() -> YearStory:
    """The story that the desk brings with it."""
    return story_in(OWN)


def own_story_of(year: int) -> YearStory:
    """The desk's own parameters told of another year: its tables are drawn anew, with the days moved."""
    told = _parameters(OWN)
    story = drawn(moved(told, year - int(told["case_year"])))
    check_story(story)
    return story


def story_in(folder: Path) -> YearStory:
    """The story of a folder: parameters and tables; tables that are not there are drawn from the parameters."""
    told = _parameters(folder)
    found = {name: _table(folder, name) for name in TABLES}
    if not any(found.values()):
        story = drawn(told)
    elif missing := [f"{name}.csv" for name, rows in found.items() if rows is None]:
        raise Invalid(message("故事目录 %(folder)s 缺少表格：%(missing)s。", folder=folder, missing="、".join(missing)))
    else:
        story = _story(told, {name: rows or [] for name, rows in found.items()})
    check_story(story)
    return story


def _parameters(folder: Path) -> Mapping[str, Any]:
    for name in PARAMETERS:
        path = folder / name
        if path.is_file():
            try:
                told = json.loads(path.read_text(encoding="utf-8-sig"))
            except ValueError as failure:
                problem = message("参数文件 %(name)s 不是有效的 JSON：%(why)s。", name=name, why=str(failure))
                raise Invalid(problem) from failure
            if isinstance(told, dict):
                return told
            raise Invalid(message("参数文件 %(name)s 应是一个对象。", name=name))
    raise Invalid(message("故事目录 %(folder)s 中没有参数文件 story.json。", folder=folder))


def _table(folder: Path, name: str) -> list[Row] | None:
    for path in (folder / f"{name}.csv", folder / "demo" / f"{name}.csv"):
        if path.is_file():
            return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    return None


def _story(told: Mapping[str, Any], tables: Mapping[str, list[Row]]) -> YearStory:
    timeline = _of(told, "timeline")
    applicants = _rows("applicants", tables, _applicant)
    posts = _rows("posts", tables, lambda row: (row["unit_id"], int(row["post_no"]), row["filled"] in ("是", "1")))
    units = told.get("units", {})
    listed = dict.fromkeys([unit for unit, _, _ in posts] + list(units.get("no_need", ())))
    employers = told.get("employers") or sorted({each.employer for each in applicants})
    return YearStory(
        year=int(told.get("case_year") or _of(told, "year")),
        timeline=timeline,
        posts=tuple(posts),
        applicants=tuple(applicants),
        services=tuple(_rows("appointments", tables, _service)),
        consultations=tuple(_rows("activities", tables, _consultation)),
        reports=tuple(_rows("quarter_reports", tables, _report)),
        gradings=tuple(_rows("appraisal", tables, _grading)),
        events=tuple(events_of(told)),
        letters=letters_of(_of(told, "consultation_letters")),
        units=tuple(listed),
        employers=tuple(employers),
        limits={key: int(told["appraisal"][key]) for key in ("cap", "graded", "in_service_31dec")},
    )


def _of(told: Mapping[str, Any], name: str) -> Any:
    if name not in told:
        raise Invalid(message("参数文件缺少“%(name)s”。", name=name))
    return told[name]


def _rows(name: str, tables: Mapping[str, list[Row]], made: Callable[[Row], T]) -> list[T]:
    found = []
    for number, row in enumerate(tables[name], 2):
        try:
            found.append(made(row))
        except KeyError as failure:
            problem = message("表格 %(name)s.csv 缺少列“%(column)s”。", name=name, column=str(failure.args[0]))
            raise Invalid(problem) from failure
        except (ValueError, TypeError) as failure:
            problem = message(
                "表格 %(name)s.csv 第%(line)s行无法读取：%(why)s。", name=name, line=number, why=str(failure)
            )
            raise Invalid(problem) from failure
    return found


def _applicant(row: Row) -> Applicant:
    return Applicant(
        row["applicant_id"], row["name"], row["employer"], row["title_level"], row["planner_cert"], row["outcome"]
    )


def _service(row: Row) -> Service:
    return Service(
        row["planner_id"], row["planner"], row["unit_id"], int(row["post_no"]), date.fromisoformat(row["start"]),
        date.fromisoformat(row["end"]), row["end_reason"], int(row["visits"]), int(row["target"]),
        int(row["absent_total"]), int(row["absent_run"]), row["absence_level"], row["appraisal_status"], row["why"],
    )  # fmt: skip


def _consultation(row: Row) -> Consultation:
    counts = (int(row[key]) for key in ("schemes", "opinions", "items", "adopted"))
    return Consultation(
        row["activity_id"], row["planner_id"], row["unit_id"], date.fromisoformat(row["date"]), row["kind"],
        row["mode"], row["outcome"], *counts,
    )  # fmt: skip


def _report(row: Row) -> Report:
    submitted = date.fromisoformat(row["submitted"]) if row["submitted"] else None
    return Report(
        row["unit_id"], row["quarter"], date.fromisoformat(row["due"]), submitted, row["status"],
        int(row["days_late"]), int(row["activities"]), row["zero_report"] in ("是", "1"),
    )  # fmt: skip


def _grading(row: Row) -> Grading:
    attended, invited, visits = (int(row[key]) for key in ("attended", "invited", "visits"))
    quality, duties, points = (int(row[key]) for key in ("quality", "duties", "score_x100"))
    return Grading(row["planner_id"], attended, invited, visits, quality, duties, points, row["suggest"], row["grade"])
