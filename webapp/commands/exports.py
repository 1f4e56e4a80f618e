"""Taking a whole case away on the command line."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select

from processes.engine.models import Case
from processes.errors import Conflict, NotFound
from processes.messages import message
from webapp.commands.opening import Found, command_line, opened_desk, tell
from webapp.dossier.exporting import export_case


@click.command(help="把一个案件导出为案卷（zip）：数据、公文、附件、流程图、履历。")
@click.argument("number")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def export(number: str, target: Path) -> None:
    """By the number of the case; ends with 1 when the content of a file is missing."""
    with opened_desk() as desk:
        with desk.db.reading() as session:
            case_id = session.scalar(select(Case.id).where(Case.number == number))
        if case_id is None:
            raise NotFound(message("没有编号为“%(number)s”的案件。", number=number))
        if target.exists():
            raise Conflict(message("“%(path)s”已存在，请指定另一个文件名。", path=str(target)))
        try:
            with target.open("xb") as file:
                target.chmod(0o600)
                done = export_case(desk, command_line(), case_id, file)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    tell(f"已导出 {target}：案件 {done.cases} 件，文件 {done.files} 个。其中有个人信息，请妥善保管。")
    if done.missing:
        tell(f"有 {done.missing} 个文件的内容已缺失，详见 case.json。")
        raise Found
