from __future__ import annotations

import ipaddress
import json
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from sqlalchemy import select

from processes import clock, notices
from processes.delivery import choices, hooks, waiting
from processes.delivery.models import NoticeChoice, NoticeDelivery
from processes.engine.background import Background
from processes.engine.models import Incident
from processes.errors import Invalid, NotAllowed
from processes.identity.models import Person
from processes.messages import message
from processes.rules.workdays import PLAIN_WEEKENDS
from tests.delivery.receivers import HookSink, MailSink, running
from tests.factories import make_house, make_organizations, make_person
from webapp.deliveries.kinds import job_kinds, spread_notices
from webapp.settings import MailServer, Settings

FRIDAY = datetime(2026, 11, 6, 2, tzinfo=UTC)
"""10 o'clock in Chongqing."""
TOLD = message("催办：%(step)s", step="复函")


class Office:
    """A desk with a clerk and an administrator, whose notices go out to this machine."""

    def __init__(self, database, folder, **settings):
        self.database = database
        self.settings = Settings(
            home=folder, database_url=database.url, secret="secret", address="https://desk.example", **settings
        )
        self.house = replace(make_house(folder), job_kinds=job_kinds(self.settings))
        with database.transaction() as session:
            make_organizations(session)
            self.clerk = make_person(session, "clerk", ("city_bureau.clerk", "city_bureau"), name="经办甲")
            self.other = make_person(session, "other", ("city_bureau.clerk", "city_bureau"), name="经办乙")
            self.admin = make_person(session, "admin", ("administrator", "city_bureau"), name="管理")
            for who in (self.clerk, self.other):
                session.get_one(Person, who.person_id).email = f"{who.login}@example.test"

    def tell(self, **to):
        with self.database.transaction() as session:
            notices.notify(session, "reminder", TOLD, **to)

    def work_off(self):
        with self.database.transaction() as session:
            while spread_notices(session, self.house, self.settings):
                pass
        Background(self.database, self.house).work_off()

    def statuses(self):
        with self.database.reading() as session:
            return sorted(session.scalars(select(NoticeDelivery.status)))


@pytest.fixture
def moved():
    found = clock.MovableClock(FRIDAY)
    with clock.running_on(found):
        yield found


@pytest.fixture
def mail():
    sink = MailSink()
    with running(sink) as port:
        sink.address = MailServer("127.0.0.1", port, "plain", "desk@example.test")
        yield sink


def test_what_is_told_within_a_minute_is_one_mail_with_links_and_a_key(database, tmp_path, moved, mail):
    office = Office(database, tmp_path, mail=mail.address)
    office.tell(person_id=office.clerk.person_id)
    office.tell(role="city_bureau.clerk", organization_id="city_bureau")
    office.work_off()
    assert mail.mails == []
    moved.advance(minutes=2)
    office.work_off()
    assert sorted(each["To"] for each in mail.mails) == ["经办乙 <other@example.test>", "经办甲 <clerk@example.test>"]
    [own] = [each for each in mail.mails if "clerk@" in each["To"]]
    text = own.get_content()
    assert text.count("催办：复函") == 2
    assert "https://desk.example/inbox" in text
    assert own["Subject"] == "首席规划师工作台：2 条新提醒"
    office.work_off()
    assert len(mail.mails) == 2
    assert office.statuses() == ["sent"] * 3


def test_what_is_told_later_in_the_same_minute_is_sent_as_well(sqlite_database, tmp_path, moved, mail):
    office = Office(sqlite_database, tmp_path, mail=mail.address)
    for seconds in (5, 25):
        moved.advance(seconds=seconds)
        office.tell(person_id=office.clerk.person_id)
        office.work_off()
    for seconds in (40, 180):
        moved.advance(seconds=seconds)
        office.work_off()
    assert office.statuses() == ["sent"] * 2


def test_a_server_that_refuses_gets_the_mail_again_under_the_same_key(sqlite_database, tmp_path, moved, mail):
    office = Office(sqlite_database, tmp_path, mail=mail.address)
    mail.refuse = 2
    office.tell(person_id=office.clerk.person_id)
    office.work_off()
    for _turn in range(4):
        moved.advance(minutes=2)
        office.work_off()
    [taken] = mail.mails
    assert taken["Message-ID"].endswith("@chief-planner>")
    assert office.statuses() == ["sent"]


def test_who_wants_no_mail_has_none_and_who_left_neither(sqlite_database, tmp_path, moved, mail):
    office = Office(sqlite_database, tmp_path, mail=mail.address)
    with sqlite_database.transaction() as session:
        choices.choose(session, office.clerk, "off", "", "")
    office.tell(person_id=office.clerk.person_id)
    office.tell(person_id=office.other.person_id)
    office.work_off()
    with sqlite_database.transaction() as session:
        session.get_one(Person, office.other.person_id).disabled = True
    moved.advance(minutes=2)
    office.work_off()
    assert mail.mails == []
    assert office.statuses() == ["dropped"]


def test_without_a_mail_server_nothing_waits_to_be_sent(sqlite_database, tmp_path, moved):
    office = Office(sqlite_database, tmp_path)
    office.tell(person_id=office.clerk.person_id)
    office.work_off()
    assert office.statuses() == []


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.CITY)


@pytest.mark.parametrize(
    ("mail", "quiet", "now", "due"),
    [
        ("at_once", None, "2026-11-06T10:00", "2026-11-06T10:01"),
        ("at_once", ("22:00", "07:30"), "2026-11-06T23:10", "2026-11-07T07:30"),
        ("at_once", ("22:00", "07:30"), "2026-11-06T06:00", "2026-11-06T07:30"),
        ("at_once", ("12:00", "14:00"), "2026-11-06T13:00", "2026-11-06T14:00"),
        ("at_once", ("12:00", "14:00"), "2026-11-06T14:00", "2026-11-06T14:01"),
        ("daily", None, "2026-11-06T07:00", "2026-11-06T08:30"),
        ("daily", None, "2026-11-06T10:00", "2026-11-09T08:30"),
        ("daily", ("08:00", "09:00"), "2026-11-06T10:00", "2026-11-09T09:00"),
    ],
)
def test_mail_is_due_as_it_was_chosen_and_never_in_quiet_hours(mail, quiet, now, due):
    begins, ends = (time.fromisoformat(each) for each in quiet) if quiet else (None, None)
    choice = NoticeChoice(mail=mail, quiet_from=begins, quiet_to=ends)
    assert choices.due(choice, at(now), PLAIN_WEEKENDS) == at(due)


@pytest.mark.parametrize(
    ("mail", "begins", "ends"), [("never", "", ""), ("daily", "22:00", ""), ("daily", "25:00", "7")]
)
def test_a_choice_that_makes_no_sense_is_refused(sqlite_database, tmp_path, mail, begins, ends):
    office = Office(sqlite_database, tmp_path)
    with pytest.raises(Invalid), sqlite_database.transaction() as session:
        choices.choose(session, office.clerk, mail, begins, ends)


def hooked(office, port, *kinds):
    with office.database.transaction() as session:
        return hooks.make(session, office.admin, "办公系统", f"http://127.0.0.1:{port}/in?x=1", kinds)[1]


LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


def test_a_hook_gets_signed_json_once_and_the_same_key_after_a_failure(database, tmp_path, moved):
    office = Office(database, tmp_path, hook_networks=LOOPBACK)
    sink = HookSink()
    sink.answers = [500, 302]
    with running(sink) as port:
        secret = hooked(office, port, "reminder")
        office.tell(person_id=office.clerk.person_id)
        for _turn in range(5):
            office.work_off()
            moved.advance(minutes=3)
    assert len(sink.taken) == 3
    assert len({headers["Idempotency-Key"] for headers, _content in sink.taken}) == 1
    headers, content = sink.taken[-1]
    assert headers["X-Signature"] == hooks.signature(secret, content)
    told = json.loads(content)
    assert (told["kind"], told["text"]["zh"]) == ("reminder", "催办：复函")
    assert office.statuses() == ["sent"]


def test_a_hook_that_never_answers_is_left_to_the_administrator_who_sends_again(sqlite_database, tmp_path, moved):
    office = Office(sqlite_database, tmp_path, hook_networks=LOOPBACK)
    sink = HookSink()
    sink.answers = [503] * 8
    with running(sink) as port:
        hooked(office, port)
        office.tell(person_id=office.clerk.person_id)
        for _turn in range(10):
            office.work_off()
            moved.advance(hours=1)
        assert office.statuses() == ["failed"]
        with sqlite_database.transaction() as session:
            [failed] = session.scalars(select(NoticeDelivery))
            waiting.again(session, office.admin, failed.id)
        office.work_off()
    assert office.statuses() == ["sent"]
    with sqlite_database.reading() as session:
        told, _count = notices.notices(session, office.admin)
        assert [notice.kind for notice, _read in told] == ["delivery"]
        assert session.scalars(select(Incident)).all() == []


def test_a_hook_to_this_machine_is_not_sent_unless_the_installation_allows_it(sqlite_database, tmp_path, moved):
    office = Office(sqlite_database, tmp_path)
    sink = HookSink()
    with running(sink) as port:
        hooked(office, port)
        office.tell(person_id=office.clerk.person_id)
        office.work_off()
    assert sink.taken == []
    assert office.statuses() == ["failed"]


@pytest.mark.parametrize("url", ["ftp://x.test/", "http://", "http://u:p@x.test/", "https://x.test/ y", "nonsense"])
def test_an_address_that_is_none_is_refused_and_only_the_administrator_keeps_hooks(sqlite_database, tmp_path, url):
    office = Office(sqlite_database, tmp_path)
    with sqlite_database.transaction() as session:
        with pytest.raises(Invalid) as refused:
            hooks.make(session, office.admin, "甲", url, [])
        assert "url" in refused.value.fields
        with pytest.raises(NotAllowed):
            hooks.make(session, office.clerk, "甲", "https://x.test/", [])
