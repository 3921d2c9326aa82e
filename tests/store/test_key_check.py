"""A database is opened with the keys that it was sealed with, or not at all."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.databases import settings_of
from tests.desk.bridge import make_bridge
from tests.store.conftest import a_client, opened

from massage_ins_bridge.settings import Settings, StartError
from massage_ins_bridge.store.clients import Contact
from massage_ins_bridge.store.database import Store, open_store
from massage_ins_bridge.store.key_check import (
    keys_in_use,
    other_finder,
    refuse_other_key,
    try_keys,
)
from massage_ins_bridge.store.migrate import upgrade
from massage_ins_bridge.store.models import DeliveryRow, PatientRow
from massage_ins_bridge.store.vault import SealError, Vault, new_key


def elsewhere(store: Store, folder: Path) -> Settings:
    """The same database with another data folder, and so without its key file."""
    return settings_of(folder, store.engine.url.render_as_string(hide_password=False))


def test_no_key_is_made_over_sealed_rows(store: Store, now: datetime, tmp_path: Path) -> None:
    a_client(store, now)
    fresh = tmp_path / "fresh"
    with pytest.raises(StartError, match="put the former key file back") as caught:
        open_store(elsewhere(store, fresh))
    assert str(caught.value).startswith(f"{fresh / 'secret.key'}: ")
    assert "\n" not in str(caught.value)
    assert not (fresh / "secret.key").exists()
    (fresh / "secret.key").write_bytes((tmp_path / "secret.key").read_bytes())
    open_store(elsewhere(store, fresh)).close()


@pytest.mark.parametrize("kind", ["task", "delivery"])
def test_one_row_is_enough(store: Store, now: datetime, tmp_path: Path, kind: str) -> None:
    with opened(store, now) as record:
        if kind == "task":
            record.tasks.open("x", "x", "Do it.")
        else:
            raw = store.vault.seal_bytes(b"x", "deliveries.raw:default")
            row = DeliveryRow(id="dlv_1", clinic="default", account="desk", key_hash="k")
            row.received_at, row.raw_sealed = now, raw
            record.session.add(row)
    refuse_other_key(store.engine, store.vault)
    with pytest.raises(StartError, match="put the former key file back"):
        open_store(elsewhere(store, tmp_path / "fresh"))
    with pytest.raises(StartError, match=r"secret_key: .* put the former key back"):
        refuse_other_key(store.engine, Vault([b"2" * 32]))


def test_an_empty_database_takes_a_new_key(store: Store, tmp_path: Path) -> None:
    open_store(elsewhere(store, tmp_path / "fresh")).close()
    assert (tmp_path / "fresh" / "secret.key").exists()


def test_serving_with_another_key_is_refused(tmp_path: Path) -> None:
    bridge = make_bridge(tmp_path, None)
    bridge.take("b1")
    bridge.close()
    former = (tmp_path / "secret.key").read_text(encoding="ascii")
    (tmp_path / "secret.key").write_text(new_key(), encoding="ascii")
    for _ in range(2):  # what was refused holds nothing back
        with pytest.raises(StartError, match="behind the new one"):
            make_bridge(tmp_path, None)
    (tmp_path / "secret.key").write_text(f"{new_key()}\n{former}", encoding="ascii")
    make_bridge(tmp_path, None).close()


def test_a_key_behind_the_one_that_finds_clients_is_refused(tmp_path: Path) -> None:
    """Everybody who books would be somebody new."""
    bridge = make_bridge(tmp_path, None)
    bridge.take("b1")
    bridge.close()
    file = tmp_path / "secret.key"
    former = file.read_text(encoding="ascii").strip()
    file.write_text(f"{former}\n{new_key()}\n", encoding="ascii")
    with pytest.raises(StartError, match="leave the last one last"):
        make_bridge(tmp_path, None)
    store = open_store(settings_of(tmp_path))
    with store.engine.connect() as connection:
        assert other_finder(connection, store.vault).startswith("secret_key: the last key")
    store.close()
    file.write_text(f"{new_key()}\n{former}\n", encoding="ascii")
    make_bridge(tmp_path, None).close()


@pytest.mark.parametrize("kind", ["client", "fact"])
def test_one_value_of_a_key_taken_back_is_noticed(store: Store, now: datetime, kind: str) -> None:
    """Key [old] became [new, old] and then [old] again, with one row written in between."""
    old, new = b"1" * 32, b"2" * 32
    for vault in (Vault([old]), Vault([new, old]), Vault([old])):
        with opened(store, now) as record:
            record.vault = vault if kind == "client" else Vault([old])
            row = record.clients.create({}, Contact())
            record.vault = vault if kind == "fact" else Vault([old])
            record.facts.add(row.id, "coverage", {})
    refuse_other_key(store.engine, Vault([new, old]))
    assert len(keys_in_use(store.engine)) == 2
    with pytest.raises(StartError, match="not at hand"):
        refuse_other_key(store.engine, Vault([old]))


def test_a_visit_opens_where_it_was_sealed(store: Store, now: datetime) -> None:
    with opened(store, now) as record:
        row = record.clients.create({}, Contact())
        record.visits.file(row.id, {"on": "2026-11-20"}, [])
    try_keys(store.engine, store.vault)


def test_an_altered_value_stops_no_start(store: Store, now: datetime) -> None:
    a_client(store, now)
    with store.write() as session:
        row = session.scalars(select(PatientRow)).one()
        row.facts_sealed = row.facts_sealed[:-1] + bytes([row.facts_sealed[-1] ^ 1])
    refuse_other_key(store.engine, store.vault)
    with pytest.raises(SealError, match="altered"):
        try_keys(store.engine, store.vault)


def test_before_the_first_migration_there_is_nothing_to_open(tmp_path: Path) -> None:
    store = open_store(settings_of(tmp_path))
    try_keys(store.engine, store.vault)
    upgrade(store)
    store.close()
