"""Whether the database answers and takes writing is found out by asking and writing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from massage_ins_bridge.settings import Settings
from massage_ins_bridge.store import database
from massage_ins_bridge.store.database import Store, make_engine, open_store, ping, real_write
from massage_ins_bridge.store.migrate import upgrade


def test_a_good_one_answers_and_takes_writing(store: Store) -> None:
    ping(store.engine, 2)
    with store.write_lock.hold() if not store.sqlite else store.read():
        real_write(store.engine)


def test_one_that_takes_no_writing_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(Settings(data_dir=tmp_path))
    upgrade(store)
    assert store.file is not None
    engine = make_engine(f"sqlite:///{store.file}")
    only: list[str] = ["ON"]
    event.listen(engine, "checkout", lambda c, *_: c.execute(f"PRAGMA query_only={only[0]}"))
    for _ in range(2):
        ping(engine, 2)
        with pytest.raises(SQLAlchemyError, match="readonly"):
            real_write(engine)
        only[0] = "OFF"  # what was found counts for some seconds
    monkeypatch.setattr(database, "PROBE_SECONDS", 0.0)
    real_write(engine)
    engine.dispose()
    store.close()
    store.file.unlink()
    with pytest.raises(OperationalError, match="unable to open"):
        ping(engine, 2)
    assert not store.file.exists()
