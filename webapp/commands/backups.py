"""Backups on the command line: made, checked, put back, drilled."""

from __future__ import annotations

import time
from pathlib import Path

import click

from processes.consistency.problems import Report
from processes.migrations.running import current, need_newest
from webapp.backup.drilling import drill as drilled
from webapp.backup.keeping import keep_backup
from webapp.backup.making import make_backup
from webapp.backup.manifest import Manifest, differences, read_manifest
from webapp.backup.noting import note_backup
from webapp.backup.restoring import Place, put_back
from webapp.backup.soundness import check_restored
from webapp.commands.opening import Found, opened_desk, print_json, tell
from webapp.desk import open_desk

FOLDER = click.Path(file_okay=False, path_type=Path)
EXISTING = click.Path(exists=True, file_okay=False, path_type=Path)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")


@click.command(help="备份到一个新文件夹：数据库、附件、密钥；可在运行中进行。")
@click.argument("target", type=FOLDER)
@click.option(
    "--keep", type=click.IntRange(1, 10_000), help="在文件夹内按时间另建一份，只保留最近几份；未变的附件不重复存放。"
)
@AS_JSON
def backup(target: Path, keep: int | None, as_json: bool) -> None:
    """The database first, then the files that it names; ends with 1 when a stored file is missing or damaged."""
    removed: list[Path] = []
    with opened_desk(any_schema=True) as desk:  # an upgrade begins with a backup of what is older than this program
        if current(desk.db) is None:
            need_newest(desk.db)
        if keep is None:
            manifest = make_backup(desk, target)
        else:
            target, manifest, removed = keep_backup(desk, target, keep)
        note_backup(desk, target, manifest)
    if as_json:
        print_json({"backup": str(target), **_facts(manifest), "removed": [each.name for each in removed]})
    else:
        _tell_made(target, manifest, removed)
    if manifest.damaged:
        raise Found


def _tell_made(target: Path, manifest: Manifest, removed: list[Path]) -> None:
    tell(f"已备份到 {target}（附件和公文 {manifest.stored_files} 份）。其中有密钥和个人信息，请妥善保管。")
    if removed:
        tell(f"已删除较早的备份 {len(removed)} 份：{'、'.join(each.name for each in removed)}")
    for name in manifest.damaged:
        tell(f"文件已缺失或损坏，备份无法弥补：{name}")


@click.command(help="从备份恢复到空的数据目录（CHIEF_PLANNER_HOME）和空的数据库。")
@click.argument("source", type=EXISTING)
@click.option("--check", is_flag=True, help="只核对备份是否完整，不恢复。")
@AS_JSON
def restore(source: Path, check: bool, as_json: bool) -> None:
    """The backup is verified before anything is written, and the installation as a whole after."""
    if check:
        _check(source, as_json)
        return
    place = Place.from_environment()
    manifest = put_back(source, place)
    desk = open_desk(place.settings())
    try:
        report = check_restored(desk, manifest)
    finally:
        desk.db.close()
    if as_json:
        print_json({**_facts(manifest), **report.as_json()})
    else:
        _tell_problems(report)
        tell(
            "已恢复，数据库完整，审计日志相符，附件齐全。若备份来自旧版程序，请运行 chief-planner init 升级。"
            if report.sound
            else "已恢复，但与备份前不符，请勿使用。"
        )
    if not report.sound:
        raise Found


def _check(source: Path, as_json: bool) -> None:
    manifest = read_manifest(source)
    problems = [str(each) for each in differences(source, manifest)]
    if as_json:
        print_json({"whole": not problems, **_facts(manifest), "problems": problems})
    else:
        for text in problems:
            tell(text)
        tell("备份不完整。" if problems else f"备份完整：{len(manifest.files)} 个文件，建于 {manifest.made_at}。")
    if problems:
        raise Found


@click.command(help="恢复演练：备份、恢复到临时位置、全面核对、报告、清除；不影响运行。")
@click.option("--backup", "source", type=EXISTING, help="用已有的备份演练，不另备份。")
@click.option("--database-url", help="演练用的空数据库（仅 PostgreSQL；不指定则临时建立一个）。")
@click.option("--place", type=EXISTING, help="临时位置，默认为系统的临时目录。")
@AS_JSON
def drill(source: Path | None, database_url: str | None, place: Path | None, as_json: bool) -> None:
    """Ends with 1 when what came back could not be used."""
    begun = time.monotonic()
    with opened_desk() as desk:
        found = drilled(desk, source, database_url, place)
    seconds = round(time.monotonic() - begun, 1)
    if as_json:
        print_json({**_facts(found.manifest), **found.report.as_json(), "sound": found.sound, "seconds": seconds})
    else:
        _tell_problems(found.report)
        checked = found.report.counted
        counts = f"案件 {checked.get('cases', 0)}、提交 {checked.get('submissions', 0)}、文件 {checked.get('files', 0)}"
        ending = "恢复演练成功" if found.sound else "恢复演练失败"
        tell(f"{ending}：已核对 {counts}、审计日志 {checked.get('audit_entries', 0)} 条，用时 {seconds} 秒。")
    if not found.sound:
        raise Found


def _tell_problems(report: Report) -> None:
    for each in report.problems:
        tell(str(each.text))


def _facts(manifest: Manifest) -> dict[str, object]:
    return {
        "made_at": manifest.made_at,
        "database": manifest.database,
        "revision": manifest.revision,
        "audit": {"seq": manifest.audit.seq, "mac": manifest.audit.mac} if manifest.audit else None,
        "stored_files": manifest.stored_files,
        "damaged": manifest.damaged,
    }
