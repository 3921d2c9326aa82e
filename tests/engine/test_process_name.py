"""Every process has a name of its own, and what a dead one had begun is carried on."""

from pathlib import Path

import psycopg
import pytest
from tests.databases import settings_of
from tests.engine.conftest import until

from massage_ins_bridge.engine.process_name import ProcessName, made_name
from massage_ins_bridge.settings import StartError
from massage_ins_bridge.store.database import Store, open_store


def opened(folder: Path, url: str | None) -> Store:
    return open_store(settings_of(folder, url))


def test_on_sqlite_every_other_name_is_dead(tmp_path: Path) -> None:
    store = opened(tmp_path, None)
    name = ProcessName(store, None)
    assert len({name.name} | {made_name() for _ in range(100)}) == 101
    name.hold()
    assert name.dead({name.name, "other"}) == {"other"}
    name.let_go()
    store.close()


@pytest.mark.postgres
def test_a_name_is_held_for_as_long_as_its_process_lives(tmp_path: Path, postgres_url: str) -> None:
    store = opened(tmp_path, postgres_url)
    one, two = ProcessName(store, "desk-1"), ProcessName(store, None)
    one.hold()
    two.hold()
    with pytest.raises(StartError, match=r"worker_name: a process named 'desk-1' is alive") as said:
        ProcessName(store, "desk-1").hold()
    assert "\n" not in str(said.value)
    assert two.dead({"desk-1", two.name, "gone"}) == {"gone"}
    one.let_go()
    until(lambda: two.dead({"desk-1"}) == {"desk-1"})  # once the server has noticed
    again = ProcessName(store, "desk-1")
    again.hold()
    again.let_go()
    two.let_go()
    store.close()


@pytest.mark.postgres
@pytest.mark.slow
def test_a_name_is_taken_again_when_the_server_was_away(tmp_path: Path, postgres_url: str) -> None:
    store = opened(tmp_path, postgres_url)
    one, two = ProcessName(store, "desk-1"), ProcessName(store, None)
    one.hold()
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    store.engine.dispose()
    until(lambda: not one.held)
    until(lambda: one.held)
    assert two.dead({"desk-1"}) == set()
    one.let_go()
    store.close()
