from __future__ import annotations

import json

from tests.repository.forms_before import KEPT, forms_before


def test_it_is_written_down_from_whose_forms_each_operation_takes_its_answers():
    assert json.loads(KEPT.read_text()) == forms_before(), "run python -m tests.repository.forms_before"
