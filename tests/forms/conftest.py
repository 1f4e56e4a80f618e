from __future__ import annotations

from datetime import date, timedelta

import pytest

from processes.errors import Invalid
from processes.forms.context import FormContext, StoredFileInfo
from processes.forms.definition import FormDefinition
from processes.forms.validation import validate
from processes.forms.wording import Option, Wording

TODAY = date(2026, 3, 9)
FILES = {
    "f1": StoredFileInfo("盖章件.pdf", "pdf", 1000),
    "f2": StoredFileInfo("照片.JPG", "jpeg", 2000),
    "big": StoredFileInfo("大.pdf", "pdf", 21 * 1024 * 1024),
    "exe": StoredFileInfo("坏.exe", "exe", 10),
}


def add_weekdays(day: date, count: int) -> date:
    step = 1 if count > 0 else -1
    while count:
        day += timedelta(days=step)
        count -= step if day.weekday() < 5 else 0
    return day


@pytest.fixture
def context():
    units = [Option("500101", Wording("万州区", "Wanzhou")), Option("500102", "涪陵区"), Option("500103", "渝中区")]
    return FormContext(
        today=TODAY,
        add_workdays=add_weekdays,
        options={"units": units, "people": [Option("CP001", "张三")], "organizations": [Option("o1", "设计院")]},
        values={
            "rows": [{"item": "年龄", "due": date(2026, 4, 1)}, {"item": "职称"}],
            "sent_on": "2026-03-02",
            "n": 42,
        },
        files=FILES.get,
    )


@pytest.fixture
def form():
    def make(*fields):
        data = [{"label": {"zh": field.get("key"), "en": f"{field.get('key')} en"}, **field} for field in fields]
        return FormDefinition.parse({"key": "sample", "title": {"zh": "样表", "en": "Sample"}, "fields": data})

    return make


@pytest.fixture
def errors_of(context):
    def find(definition, raw):
        with pytest.raises(Invalid) as caught:
            validate(definition, raw, context)
        return {key: str(text) for key, text in caught.value.fields.items()}

    return find
