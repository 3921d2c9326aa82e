"""What a writing transaction has read it does not read again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from sqlalchemy import event
from tests.store.conftest import opened

from massage_ins_bridge.store.clients import Contact
from massage_ins_bridge.store.database import Store
from massage_ins_bridge.store.models import DeliveryRow, MetaRow
from massage_ins_bridge.store.unit import by_id, noted


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """All that is asked of the database meanwhile."""
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(store.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(store.engine, "before_cursor_execute", hear)


@pytest.mark.parametrize("database_url", [None])  # on PostgreSQL somebody else may write meanwhile
def test_a_row_is_read_once_where_nobody_else_writes(store: Store, now: datetime) -> None:
    with opened(store, now) as record:
        patient_id = record.clients.create({"name": "Ann"}, Contact()).id
    with opened(store, now) as record, statements(store) as said:
        for _ in range(3):
            assert record.clients.get(patient_id) is not None
            gc.collect()
    assert len([s for s in said if s.startswith("SELECT")]) == 1


def test_the_keys_of_a_new_client_are_entered_in_one_statement(store: Store, now: datetime) -> None:
    with opened(store, now) as record, statements(store) as said:
        ann = record.clients.create({"name": "Ann Mary Lee"}, Contact("ann@x.org", "2065550100")).id
        about_keys = [s for s in said if "patient_identities" in s]
        assert record.clients.find("email", "ann@x.org") == {ann}
        assert record.clients.find("phone", "2065550100") == {ann}
    assert len(about_keys) == 1
    assert about_keys[0].startswith("INSERT")


def test_a_row_is_found_by_its_id(store: Store, now: datetime) -> None:
    with store.write() as session:
        made = DeliveryRow(
            id="dlv_1", clinic="default", account="desk", key_hash="k", received_at=now
        )
        session.add(made)
        assert by_id(session, DeliveryRow, "dlv_1", lock=True) is made
    with store.read() as session:
        found = by_id(session, DeliveryRow, "dlv_1")
        assert found is not None
        assert found.received_at == now
        assert by_id(session, DeliveryRow, "dlv_2") is None


def test_what_is_noted_is_noted_for_one_clinic(store: Store) -> None:
    with store.write() as session:
        session.add(MetaRow(clinic="default", name="since", value="x"))
        assert noted(session, "default", "since") == "x"
        assert noted(session, "other", "since") is None
        assert noted(session, "default", "until") is None
