"""Write the next migration from what has changed in the models: `python -m processes.migrations.new "what changed"`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic.util.exc import CommandError

from processes.db import Database
from processes.migrations.running import FOLDER, migrate, write_revision


def main(text: str) -> None:
    """A database at the last revision is made aside, and compared with the models."""
    number = len(list((FOLDER / "versions").glob("[0-9]*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'before.db'}")
        if number > 1:
            migrate(database)
        write_revision(database, text, f"{number:04d}")
        database.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('usage: python -m processes.migrations.new "what changed"')
    try:
        main(sys.argv[1])
    except CommandError as problem:
        sys.exit(str(problem))
