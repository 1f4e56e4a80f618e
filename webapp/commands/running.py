"""Running the desk: the web server with its worker, or a worker by itself."""

from __future__ import annotations

import signal
from types import FrameType

import click

from webapp import logs, serving
from webapp.commands.opening import opened_desk, tell
from webapp.locks import desk_lock
from webapp.settings import Settings
from webapp.worker import Worker


@click.command(help="启动网页服务（含后台办理）。")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="监听端口。")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="进程数（仅 PostgreSQL）。")
def serve(host: str, port: int, workers: int) -> None:
    """Serve until told to stop."""
    serving.serve(Settings.from_environment(), host, port, workers, lambda address: tell(f"工作台：{address}"))


@click.command(help="只做后台办理：定时器、案件间的消息、提醒。")
def worker() -> None:
    """Work until told to stop."""
    with opened_desk() as desk:
        logs.configure(desk.settings)
        lock = desk_lock(desk.settings) if desk.db.dialect == "sqlite" else None
        working = Worker(desk)

        def stop(number: int, frame: FrameType | None) -> None:
            working.stop()

        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, stop)
        tell("后台办理已启动。")
        working.run()
        if lock is not None:
            lock.leave()
