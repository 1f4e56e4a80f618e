from __future__ import annotations

import io
import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest

from processes import audit, clock
from processes.engine import cases, definitions, work
from processes.engine.models import CaseDocument, WorkItem
from processes.identity.actor import SYSTEM
from tests.engine.spiff.drawn import chain, multi, node
from tests.engine.test_work import UNITS, diagram, lane, properties
from tests.factories import make_house, make_organizations, make_person
from webapp.desk import Desk
from webapp.dossier.exporting import export_case
from webapp.settings import Settings

ID_NUMBER = "11010519491231002X"
OTHER_NUMBER = "510101199003070016"
PDF = b"%PDF-1.7 "
DIAGRAM = diagram(
    '<startEvent id="s"/>'
    + node("userTask", "apply", properties(form="apply", result="{wish}", carry="*"), name="填报")
    + node("userTask", "reply", properties(form="reply") + multi("units", "unit", "replies", "opinion"), name="复函")
    + node("userTask", "sum_up", name="汇总")
    + '<endEvent id="e" name="办结"/>'
    + chain("s", "apply", "reply", "sum_up", "e"),
    lane("city", "apply", "sum_up", role="city_bureau.clerk")
    + lane("gov", "reply", role="district_government.clerk", unit="unit"),
    title="征求{round}意见",
)
FORMS: dict[str, list[dict[str, Any]]] = {
    "apply": [
        {"key": "wish", "type": "text", "label": {"zh": "意向", "en": "Wish"}, "required": True},
        {"key": "id_no", "type": "identity_number", "label": {"zh": "身份证号", "en": "Id"}, "required": True},
        {"key": "day", "type": "date", "label": {"zh": "日期", "en": "Day"}},
        {"key": "cost", "type": "money", "label": {"zh": "费用", "en": "Cost"}},
        {"key": "papers", "type": "files", "label": {"zh": "材料", "en": "Papers"}, "accept": ["pdf"]},
        {"key": "mobile", "type": "phone", "sensitive": True, "label": {"zh": "电话", "en": "Phone"}},
        {"key": "rows", "type": "table", "label": {"zh": "人员", "en": "Rows"}, "columns": [
            {"key": "name", "type": "text", "label": {"zh": "姓名", "en": "Name"}},
            {"key": "paper", "type": "identity_number", "label": {"zh": "证件", "en": "Paper"}},
        ]},
    ],
    "reply": [
        {"key": "opinion", "type": "choice", "label": {"zh": "意见", "en": "Opinion"}, "required": True,
         "options": ["同意", "不同意"]},
        {"key": "advice", "type": "textarea", "label": {"zh": "理由", "en": "Reasons"}},
    ],
}  # fmt: skip


@pytest.fixture
def people(database):
    """Those who see whole cases and a district government."""
    with database.transaction() as session:
        make_organizations(session)
        return SimpleNamespace(
            clerk=make_person(session, "clerk", ("city_bureau.clerk", "city_bureau"), name="经办甲"),
            manager=make_person(session, "manager", ("manager", "city_bureau"), name="管理者"),
            auditor=make_person(session, "auditor", ("auditor", "city_bureau"), name="监督"),
            wanzhou=make_person(session, "gov.500101", ("district_government.clerk", "gov:CQ-500101"), name="万州某"),
            fuling=make_person(session, "gov.500102", ("district_government.clerk", "gov:CQ-500102"), name="涪陵某"),
            planner=make_person(session, "planner", ("planner", None), name="规划师"),
        )


@pytest.fixture
def desk(database, people, tmp_path):
    settings = Settings(home=tmp_path, database_url=database.url, secret="a secret of the tests alone")
    audit.keep_trail(database, settings.audit_key)
    forms = {
        f"forms/{name}.json": json.dumps({"key": name, "title": {"zh": name, "en": name}, "fields": fields}).encode()
        for name, fields in FORMS.items()
    }
    with database.transaction() as session:
        definitions.deploy(session, SYSTEM, "letter", {"process.bpmn": DIAGRAM.encode(), **forms})
    return Desk(settings=settings, db=database, house=make_house(tmp_path))


@dataclass
class Office:
    """People at work on cases."""

    desk: Desk
    people: SimpleNamespace

    def begin(self, name: str = "首轮", parent: Any = None) -> Any:
        """A case that waits for the clerk."""
        with self.desk.db.transaction() as session:
            variables = {"units": UNITS, "round": name}
            belongs = parent.id if parent else None
            return cases.start(session, self.desk.house, self.people.clerk, "letter", "p", variables, parent_id=belongs)

    def complete(self, case: Any, step: str, who: Any, **answers: Any) -> None:
        """The task of a step that is this person's."""
        with self.desk.db.transaction() as session:
            units = [each.unit_id for each in who.holdings if each.unit_id]
            found = session.query(WorkItem).where(
                WorkItem.case_id == case.id, WorkItem.element_id == step, WorkItem.status == "open"
            )
            item = (found.where(WorkItem.unit_id == units[0]) if units else found).one()
            for name in answers.pop("uploads", ()):
                stored = self.desk.house.files.put(
                    session, who, name, PDF + name.encode(), case_id=case.id, work_item_id=item.id
                )
                answers.setdefault("papers", []).append(str(stored.id))
            work.complete(session, self.desk.house, who, item.id, answers)

    def issue(self, case: Any, title: str, **more: Any) -> None:
        """A letter of the case."""
        with self.desk.db.transaction() as session:
            stored = self.desk.house.files.put(session, SYSTEM, f"{title}.pdf", PDF + title.encode(), case_id=case.id)
            facts = {"key": "k", "code": "T04", "dated": clock.today(), "at": clock.now(), "file_id": stored.id}
            session.add(CaseDocument(case_id=case.id, title=title, **facts, **more))

    def whole(self) -> Any:
        """A case with a child, papers, two replies and a letter, which waits for the sum."""
        case = self.begin()
        self.complete(
            case, "apply", self.people.clerk, wish="一名", id_no=ID_NUMBER, day="2026-03-01", cost="1,234.50",
            uploads=["材料.pdf", "材料.pdf", "../../etc/passwd: a?.pdf"],
            mobile="13800001234", rows=[{"name": "甲", "paper": OTHER_NUMBER}],
        )  # fmt: skip
        self.complete(case, "reply", self.people.wanzhou, opinion="同意")
        self.complete(case, "reply", self.people.fuling, opinion="不同意", advice="人选专业不符\n请另行推荐𠮷🙂")
        self.issue(case, "征求意见函", number="渝规资函〔2026〕1号", unit_id="CQ-500101")
        child = self.begin("补充", parent=case)
        self.complete(child, "apply", self.people.clerk, wish="两名", id_no=ID_NUMBER, uploads=["副本.pdf"])
        return case


@pytest.fixture
def office(desk, people):
    return Office(desk, people)


@dataclass
class Taken:
    """A zip that was taken away, opened."""

    content: bytes

    def __post_init__(self) -> None:
        self.zip = ZipFile(io.BytesIO(self.content))
        self.names = self.zip.namelist()
        self.root = self.names[0].split("/", 1)[0]

    def read(self, path: str) -> bytes:
        """A file of the folder."""
        return self.zip.read(f"{self.root}/{path}")

    def json(self, path: str) -> Any:
        """Data of the folder."""
        return json.loads(self.read(path))


@pytest.fixture
def take(desk):
    """Somebody exports a case."""

    def do(who: Any, case: Any) -> Taken:
        file = io.BytesIO()
        export_case(desk, who, case.id, file)
        return Taken(file.getvalue())

    return do
