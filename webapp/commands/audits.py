"""Looking after the audit trail."""

from __future__ import annotations

import click

from processes import audit as trail
from webapp.commands.opening import Found, opened_desk, print_json, tell


@click.group(help="审计日志。")
def audit() -> None:
    """Commands about the audit trail."""


@audit.command(help="核验审计日志未被改动。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def verify(as_json: bool) -> None:
    """Read the whole chain; ends with 1 at the first entry that is wrong."""
    with opened_desk() as desk, desk.db.reading() as session:
        verdict = trail.verify(session, desk.settings.audit_key)
    if as_json:
        print_json(
            {
                "intact": verdict.intact,
                "entries": verdict.entries,
                "first_bad": verdict.first_bad,
                "reason": verdict.reason,
            }
        )
    elif verdict.intact:
        tell(f"审计日志完整，共 {verdict.entries} 条。")
    else:
        tell(f"审计日志自第 {verdict.first_bad} 条起与封印不符，应立即查明原因。")
    if not verdict.intact:
        raise Found
