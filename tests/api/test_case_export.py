from __future__ import annotations

import io
import json
from zipfile import ZipFile


def test_a_whole_case_is_taken_away_by_a_program(programs, letter):
    answered = programs.manager.get(f"/cases/{letter['id']}/export")
    assert (answered.status_code, answered.mimetype) == (200, "application/zip")
    with ZipFile(io.BytesIO(answered.data)) as package:
        told = json.loads(package.read(f"{letter['number']}/case.json"))
    assert told["case"]["id"] == letter["id"]
    assert len(told["work_items"]) == 2


def test_a_part_of_a_case_is_not_enough(programs, letter):
    assert programs.wanzhou.get(f"/cases/{letter['id']}/export").status_code == 403
    assert programs.planner.get(f"/cases/{letter['id']}/export").status_code == 404
