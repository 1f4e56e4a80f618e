"""For operators with a gunicorn: `gunicorn -k webapp.malformed.DeskWorker --threads 8 -w 4 webapp.wsgi:app`.

PostgreSQL alone, and `chief-planner worker` beside it for the background work; `chief-planner serve` needs neither.
"""

from __future__ import annotations

import os
import sys

from flask import Flask

from processes.errors import DeskError, Invalid
from processes.messages import message
from processes.migrations.running import need_newest
from webapp import logs
from webapp.app import create_app
from webapp.desk import open_desk
from webapp.settings import Settings


def served_app(settings: Settings) -> Flask:
    """The application of one web process; connections to the database never outlive a fork."""
    logs.configure(settings)
    desk = open_desk(settings)
    if desk.db.dialect == "sqlite":
        raise Invalid(message("使用 SQLite 时，请用 chief-planner serve 提供服务。"))
    need_newest(desk.db)
    desk.db.close()
    os.register_at_fork(after_in_child=lambda: desk.db.engine.dispose(close=False))
    return create_app(desk)


try:
    app = served_app(Settings.from_environment())
except DeskError as error:
    sys.exit(str(error))
