"""Checking and deploying diagrams, running rule vectors, printing the API's description."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from processes.engine import deployment, publishing
from processes.engine.bundles import bundle_at
from processes.engine.check import Problem, as_report, is_deployable
from processes.engine.models import Definition
from processes.engine.packages import DIAGRAM
from processes.errors import Invalid
from processes.rules.vector_inputs import VectorError
from processes.rules.vectors import run_vectors
from webapp.api.openapi import document
from webapp.api.routes import CALLS
from webapp.commands.opening import Found, command_line, opened_desk, print_json, tell
from webapp.desk import make_house
from webapp.language import in_english
from webapp.settings import Settings

EXISTING = click.Path(exists=True, path_type=Path)
BESIDE = ("forms", "documents")
SEVERITIES = {"error": "错误", "warning": "提示"}


@click.command(help="检查流程图能否部署：BPMN 文件、流程包文件夹或 zip。")
@click.argument("files", nargs=-1, required=True, type=EXISTING, metavar="FILE…")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--portable", is_flag=True, help="其他引擎会忽略而本系统能执行的画法，也算错误。")
def check(files: tuple[Path, ...], as_json: bool, portable: bool) -> None:
    """Every problem of every file; ends with 1 when one of them cannot be deployed."""
    reports = [(file, _problems(file, portable=portable)) for file in files]
    if as_json:
        print_json({"files": [as_report(str(file), problems) for file, problems in reports]})
    else:
        for file, problems in reports:
            _tell_problems(str(file), problems)
    if not all(is_deployable(problems) for _file, problems in reports):
        raise Found


def _problems(file: Path, *, portable: bool) -> list[Problem]:
    try:
        files = _package(file)
        return list(deployment.found_problems(None, make_house(_settings()), files, portable=portable))
    except Invalid as refusal:
        zh, en = str(refusal.text), in_english(refusal.text)
        return [Problem("error", "", "", "package-unreadable", zh, f"The package cannot be read: {en}")]


def _settings() -> Settings:
    """The check needs no installation; it asks for operations and posts alone."""
    return Settings(home=Path(), database_url="", secret="")


def _package(file: Path) -> dict[str, bytes]:
    """The files of a package; a `process.bpmn` with forms or documents beside it stands for its folder."""
    if file.name == DIAGRAM and any((file.parent / each).is_dir() for each in BESIDE):
        return bundle_at(file.parent)
    return bundle_at(file)


def _tell_problems(file: str, problems: list[Problem]) -> None:
    verdict = "可以部署" if is_deployable(problems) else "不能部署"
    tell(f"{file}：{verdict}")
    for each in problems:
        tell(f"  [{SEVERITIES[each.severity]}] {each.message_zh}（{each.code}）")


@click.command(help="检查并部署流程包文件夹、zip 或 BPMN 文件；新案件从此按它办理。")
@click.argument("path", type=EXISTING, metavar="FOLDER|FILE")
@click.option("--key", default="", help="流程键；默认为文件夹名，单个文件则为流程标识。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def deploy(path: Path, key: str, as_json: bool) -> None:
    """The check comes first; nothing is deployed when it finds errors."""
    files = _package(path)
    name = key or (path.resolve().name if path.is_dir() else "")
    with opened_desk() as desk:
        try:
            with desk.db.transaction() as session:
                found = publishing.deliver(session, desk.house, command_line(), files, name)
                made = _made(found)
        except deployment.Rejected as rejected:
            problems = list(rejected.problems)
            _report(as_report(str(path), problems), as_json, str(path), problems)
            raise Found from rejected
    problems = list(found.checked.problems)
    _report({**made, **as_report(str(path), problems)}, as_json, str(path), problems)
    if as_json:
        return
    completion = _completion(found.checked.completed_from)
    if made["state"] == "submitted":
        tell(f"{made['key']} 已提交为草稿，须由管理者审核后发布。{completion}")
    else:
        tell(f"已部署 {made['key']} 第 {made['version']} 版。{completion}")


def _made(found: publishing.Delivered) -> dict[str, Any]:
    """What became of the package: a version, or a draft that waits for an approval."""
    definition, waiting = found.definition, found.publication
    return {
        "id": str(definition.id) if definition else None,
        "key": found.checked.key,
        "version": definition.version if definition else None,
        "state": "published" if waiting is None else "submitted",
        "draft": str(waiting.draft_id) if waiting else None,
    }


def _completion(giver: Definition | None) -> str:
    return f"表单和文书沿用第 {giver.version} 版。" if giver is not None else ""


def _report(content: dict[str, Any], as_json: bool, file: str, problems: list[Problem]) -> None:
    if as_json:
        print_json(content)
    else:
        _tell_problems(file, problems)


@click.command(help="运行规则例题。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def vectors(file: Path, as_json: bool) -> None:
    """Ends with 1 when one fails."""
    try:
        report = run_vectors(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, RecursionError, VectorError) as wrong:
        raise click.UsageError(f"{file} 不是规则例题文件：{wrong}") from wrong
    if as_json:
        print_json(json.loads(json.dumps(report.as_json(), default=str)))
    else:
        tell(f"通过 {report.passed}，未通过 {report.failed}")
        for each in report.failures:
            expected, got = (json.dumps(each[name], ensure_ascii=False, default=str) for name in ("expected", "got"))
            tell(f"  {each['id']}\n    应为 {expected}\n    实为 {got}")
    if report.failed:
        raise Found


@click.command(help="输出 HTTP 接口说明（OpenAPI 3.1）。")
def openapi() -> None:
    """The same document as `/api/v1/openapi.json`."""
    print_json(document(CALLS))
