"""The engine's record is looked at from outside, and nothing of it is changed."""

import sqlite3

from sqlalchemy import text
from tests.store.conftest import store

from massage_ins_bridge.engine.record_check import record_trouble
from massage_ins_bridge.store.database import Store
from massage_ins_bridge.store.lock import DataFileLock

__all__ = ["store"]
BROKEN = "CREATE SCHEMA dbos CREATE VIEW workflow_status AS SELECT 1 n WHERE 1/0 > 0"


def test_a_record_that_cannot_be_read_is_told_with_the_cure(store: Store) -> None:
    assert record_trouble(store) == ""
    if store.file is None:
        with store.engine.begin() as connection:
            connection.execute(text(BROKEN))
        assert "the schema dbos cannot be read (division by zero)" in record_trouble(store)
        return
    file, lock = store.file.with_name("runs.sqlite3"), DataFileLock(store.file)
    lock.take()
    assert record_trouble(store).endswith("removed while the service runs; start the service anew")
    lock.give_back()
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE workflow_status (id)")
    assert record_trouble(store) == ""
    before = file.read_bytes()
    file.write_bytes(b"x" * 4096)
    said = record_trouble(store)
    assert said.startswith(f"{file} cannot be read (")
    assert said.endswith(f"move {file} away: what is undone is started anew")
    assert before != file.read_bytes() == b"x" * 4096
