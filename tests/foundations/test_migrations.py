from __future__ import annotations

import pytest
from sqlalchemy import inspect, text

from processes.db import Database
from processes.migrations.running import OldSchema, current, differences, migrate, need_newest, newest
from processes.registers.only_growing import ONLY_GROWING

WHO, HELD = "0" * 31 + "1", "0" * 31 + "2"


@pytest.fixture
def emptied(database):
    """The same kind of database with nothing in it."""
    if database.dialect == "sqlite":
        empty = Database(database.url.replace("desk.db", "empty.db"))
        yield empty
        empty.close()
        return
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    yield database


def names(database):
    with database.engine.connect() as connection:
        found = inspect(connection)
        tables = set(found.get_table_names()) - {"alembic_version"}
        indexes = {each["name"] for table in tables for each in found.get_indexes(table)}
        triggers = set()
        if database.dialect == "sqlite":
            triggers = {
                row[0] for row in connection.execute(text("SELECT name FROM sqlite_master WHERE type='trigger'"))
            }
        connection.rollback()
    return tables, indexes, triggers


def test_migrations_make_the_tables_of_the_models(database, emptied):
    made = names(database) if database.dialect == "sqlite" else None
    migrate(emptied)
    assert differences(emptied) == []
    if made is not None:
        assert names(emptied) == made
        growing = {f"{table}_{act}" for table in ONLY_GROWING for act in ("UPDATE", "DELETE")}
        growing = {f"{table}_{act}" for table in ONLY_GROWING for act in ("UPDATE", "DELETE")}
        growing = {f"{table}_{act}" for table in ONLY_GROWING for act in ("UPDATE", "DELETE")}
        growing = {f"{table}_{act}" for table in ONLY_GROWING for act in ("UPDATE", "DELETE")}
        growing = {f"{table}_{act}" for table in ONLY_GROWING for act in ("UPDATE", "DELETE")}
        growing = {f"{table}_{act}" for table in ONLY_GROWING for act in ("UPDATE", "DELETE")}
        assert made[2] == {"audit_entry_no_update", "audit_entry_no_delete", *growing}


def test_a_migrated_database_is_the_newest_and_stays_so(emptied):
    assert current(emptied) is None
    with pytest.raises(OldSchema, match="init"):
        need_newest(emptied)
    migrate(emptied)
    migrate(emptied)
    assert current(emptied) == newest()
    need_newest(emptied)
    with emptied.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'future'"))
    with pytest.raises(OldSchema, match="升级程序"):
        need_newest(emptied)


def test_a_database_with_people_in_it_is_migrated_and_keeps_them(emptied):
    migrate(emptied, "0001")
    now = "2026-01-05 01:00:00"
    with emptied.engine.begin() as connection:
        person = (
            "INSERT INTO person (id, login, name, password_hash, email, mobile, language, disabled, created_at,"
            " password_set_at) VALUES (:id, 'gov', '郑万', '', '', '', 'zh', false, :at, :at)"
        )
        connection.execute(text(person), {"id": WHO, "at": now})
        holding = "INSERT INTO post_holding (id, person_id, role) VALUES (:id, :person, 'applicant')"
        connection.execute(text(holding), {"id": HELD, "person": WHO})
    migrate(emptied)
    with emptied.engine.begin() as connection:
        joined = "SELECT login FROM person JOIN post_holding ON post_holding.person_id = person.id"
        assert connection.execute(text(joined)).scalars().all() == ["gov"]
        if emptied.dialect == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_names_that_were_checked_before_there_was_a_mark_have_it(emptied):
    migrate(emptied, "0003")
    made = "INSERT INTO organization (id, kind, name, name_en) VALUES (:id, :kind, '某单位', '')"
    kinds = {"city_bureau": "city_bureau", "employer:1": "employer", "gov:x": "district_government"}
    with emptied.engine.begin() as connection:
        connection.execute(text(made), [{"id": id_, "kind": kind} for id_, kind in kinds.items()])
    migrate(emptied)
    with emptied.engine.begin() as connection:
        marked = connection.execute(text("SELECT id FROM organization WHERE confirmed ORDER BY id")).scalars().all()
        assert marked == ["city_bureau", "employer:1"]
