"""Makes the Word templates of one procedure; an office then edits them in Word or WPS.

    python -m processes.documents.papers.writing hr_consultation bpmn/hr_consultation/documents

The module of the procedure in this folder names its templates in `TEMPLATES`; templates that an office has edited
live elsewhere and are not touched.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from processes.documents.packing import save_fixed


def main(key: str, folder: str) -> None:
    """Write every template of a procedure into its folder."""
    templates = importlib.import_module(f"processes.documents.papers.{key}").TEMPLATES
    for name, make in templates.items():
        Path(folder, f"{name}.docx").write_bytes(save_fixed(make()))


if __name__ == "__main__":
    main(*sys.argv[1:])
