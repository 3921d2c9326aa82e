"""A database of an earlier release is brought on where it stands, with all that is in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, Table, insert, inspect, select, text, update

from massage_ins_bridge.settings import Settings
from massage_ins_bridge.store.database import Store, open_store
from massage_ins_bridge.store.migrate import config, head, upgrade

AT = datetime(2026, 11, 22, 18, tzinfo=UTC).replace(tzinfo=None)
LONG = "u" * 255


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store as the first release left it, with a booking and what refers to it."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    made = open_store(Settings(data_dir=tmp_path, database_url=url))
    with made.engine.execution_options(mib_write=True).connect() as connection:
        command.upgrade(config(connection), "0001")
        for name, row in ROWS:
            connection.execute(insert(table(connection, name)).values(**row))
        connection.commit()
    yield made
    made.close()


def table(connection: Connection, name: str) -> Table:
    return Table(name, MetaData(), autoload_with=connection)


def everything(store: Store) -> dict[str, list[Any]]:
    with store.engine.connect() as connection:
        return {
            name: list(connection.execute(select(table(connection, name))).mappings())
            for name, _ in ROWS
        }


def test_everything_is_still_there(old: Store) -> None:
    before = everything(old)
    assert upgrade(old) == ("0001", head())
    assert everything(old) == before
    assert upgrade(old) == (head(), head())


def test_refs_may_be_as_long_as_platforms_make_them(old: Store) -> None:
    upgrade(old)
    with old.engine.begin() as connection:
        bookings = table(connection, "bookings")
        connection.execute(update(bookings).values(ref=LONG, previous_ref=LONG))
        types = {c["name"]: c["type"] for c in inspect(connection).get_columns("bookings")}
        assert getattr(types["ref"], "length", None) == 255
        assert getattr(types["previous_ref"], "length", None) == 255


def test_the_table_keeps_its_walls(old: Store) -> None:
    with old.engine.connect() as connection:
        before = walls(connection)
    upgrade(old)
    with old.engine.connect() as connection:
        assert walls(connection) == before
        if old.sqlite:
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def walls(connection: Connection) -> list[Any]:
    found = inspect(connection)
    return [
        sorted(u["name"] or "" for u in found.get_unique_constraints("bookings")),
        sorted(i["name"] or "" for i in found.get_indexes("bookings")),
        sorted((f["name"] or "", f["referred_table"]) for f in found.get_foreign_keys("bookings")),
        found.get_pk_constraint("bookings")["name"],
        [(f["referred_table"]) for f in found.get_foreign_keys("decisions")],
    ]


SAME = {"clinic": "default", "created_at": AT}
ROWS: list[tuple[str, dict[str, Any]]] = [
    (
        "patients",
        {"id": "pat_1", **SAME, "updated_at": AT, "facts_sealed": b"x", "contact_sealed": b"y"},
    ),
    (
        "bookings",
        {
            **SAME,
            "id": "bkg_1",
            "account": "desk",
            "ref": "u" * 200,
            "patient_id": "pat_1",
            "seq": 1,
            "round": 2,
            "start_at": AT,
            "platform_status": "accepted",
            "recurring": False,
            "previous_ref": "before",
            "outcome": "hold",
            "told_begun": True,
            "details_sealed": b"z",
            "updated_at": AT,
        },
    ),
    (
        "decisions",
        {
            "id": "dec_1",
            "clinic": "default",
            "booking_id": "bkg_1",
            "number": 1,
            "outcome": "hold",
            "cause": "booked",
            "decided_at": AT,
            "decision_sealed": b"d",
        },
    ),
    (
        "tasks",
        {
            **SAME,
            "id": "tsk_1",
            "kind": "action",
            "topic": "action:1",
            "patient_id": "pat_1",
            "booking_id": "bkg_1",
            "message_sealed": b"m",
        },
    ),
]
