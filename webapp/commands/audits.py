"""Looking after the audit trail."""

from __future__ import annotations

from pathlib import Path

import click

from processes import audit as trail
from webapp.backup.manifest import read_manifest
from webapp.backup.soundness import anchored
from webapp.commands.opening import Found, opened_desk, print_json, tell


@click.group(help="审计日志。")
def audit() -> None:
    """Commands about the audit trail."""


@audit.command(help="核验审计日志未被改动。")
@click.option(
    "--backup",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="并核对该备份时的最后一条仍在：末尾被截断时，只有这样能发现。",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def verify(backup: Path | None, as_json: bool) -> None:
    """Read the whole chain; ends with 1 at the first entry that is wrong."""
    with opened_desk() as desk, desk.db.reading() as session:
        verdict = trail.verify(session, desk.settings.audit_key)
        cut = list(anchored(session, desk.settings.audit_key, read_manifest(backup))) if backup else []
    if as_json:
        print_json(
            {
                "intact": verdict.intact,
                "entries": verdict.entries,
                "first_bad": verdict.first_bad,
                "reason": verdict.reason,
                **({"anchored": not cut} if backup else {}),
            }
        )
    elif verdict.intact:
        tell(f"审计日志完整，共 {verdict.entries} 条。")
    else:
        tell(f"审计日志自第 {verdict.first_bad} 条起与封印不符，应立即查明原因。")
    if not as_json:
        for each in cut:
            tell(str(each.text))
    if cut or not verdict.intact:
        raise Found
