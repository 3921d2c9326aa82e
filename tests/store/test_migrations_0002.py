"""A database of the release before visits were rows is brought on, with all that is in it.

``installation-0002.json.gz`` holds eighteen synthetic clients in every state, a delivery that was
not taken in, a client that was not decided again, and writes that were queued, failed, superseded
and observed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, text
from tests.databases import settings_of
from tests.desk.bridge import HandClock
from tests.two_rules import two_rules_host

from massage_ins_bridge.desk.chart import list_facts
from massage_ins_bridge.desk.client_file import load_client
from massage_ins_bridge.desk.installation import build_installation
from massage_ins_bridge.desk.opened import Opened
from massage_ins_bridge.desk.tags import to_json
from massage_ins_bridge.desk.tasks import WORKED_OUT
from massage_ins_bridge.desk.views import whole_booking
from massage_ins_bridge.desk.visits import bring_client_up_to_date
from massage_ins_bridge.domain.answers import Decision
from massage_ins_bridge.domain.source import Source
from massage_ins_bridge.engine.schedules import undone
from massage_ins_bridge.identity.keys import name_keys
from massage_ins_bridge.settings import Settings
from massage_ins_bridge.store.clients import FORM
from massage_ins_bridge.store.database import Store, open_store
from massage_ins_bridge.store.migrate import head, upgrade
from massage_ins_bridge.store.models import BookingRow, PatientRow, VisitRow
from massage_ins_bridge.store.record import Record
from massage_ins_bridge.testing import installed_host

from .earlier import DATABASES, FOLDER, database, lay_down, read_out, rows_of


class TakenBackError(Exception):
    """Ends a transaction whose changes are not kept."""


FILE = FOLDER / "installation-0002.json.gz"
KINDS = ("coverage", "prescription", "authorization", "progress-report", "acknowledgement", "visit")


@pytest.fixture(scope="module")
def before() -> dict[str, Any]:
    return read_out(FILE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, before: dict[str, Any]) -> Path:
    made = tmp_path_factory.mktemp("earlier")
    (made / "secret.key").write_text(before["key"], encoding="ascii")
    return made


@pytest.fixture(scope="module", params=DATABASES)
def url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    with database(request) as address:
        yield address


@pytest.fixture(scope="module")
def settings(folder: Path, url: str | None, before: dict[str, Any]) -> Settings:
    """An installation as the earlier release left it, which all tests here share."""
    made = settings_of(folder, url)
    lay_down(made, before)
    return made


@pytest.fixture(scope="module")
def store(settings: Settings) -> Iterator[Store]:
    """The same, brought on."""
    made = open_store(settings)
    assert upgrade(made) == ("0002", head())
    assert upgrade(made) == (head(), head())
    yield made
    made.close()


@pytest.mark.parametrize("name", ["decisions", "api_keys"])
def test_what_kept_its_shape_is_as_it_was(store: Store, before: dict[str, Any], name: str) -> None:
    found = sorted(rows_of(store, name), key=lambda row: str(row["id"]))
    assert found == sorted(before["tables"][name], key=lambda row: str(row["id"]))


def test_clients_keep_what_is_sealed_and_are_found_anew(
    store: Store, before: dict[str, Any]
) -> None:
    """By what they were found, and by their names as well."""
    found = {row["id"]: row for row in rows_of(store, "patients")}
    for row in before["tables"]["patients"]:
        now = found[row["id"]]
        assert {name: now[name] for name in row} == row
        assert (now["merged_into"], now["known_as_sealed"], now["found_by"]) == (None, None, FORM)
    kept = [r for r in before["tables"]["patient_identities"] if r["kind"] in ("person", "member")]
    assert all(row in rows_of(store, "patient_identities") for row in kept)
    with store.read() as session:
        record = Record(session, store.vault, "default", datetime.now(UTC), before["zone"])
        for client in session.scalars(select(PatientRow)).all():
            contact = record.clients.contact(client)
            assert not contact.email or client.id in record.clients.find("email", contact.email)
            assert not contact.phone or client.id in record.clients.find("phone", contact.phone)
            keys = {"name": name_keys(record.clients.facts(client)["name"])}
            assert client.id in record.clients.identities.find(keys)["name"]


def test_bookings_keep_their_state_under_other_names(store: Store, before: dict[str, Any]) -> None:
    names = {"seq": "arrival", "round": "revision", "told_begun": "begun_told"}
    wanted = [
        {names.get(k, k): v for k, v in row.items() if k != "version"}
        for row in before["tables"]["bookings"]
    ]
    found = rows_of(store, "bookings")
    more = {"version", "looked_at", "told_at", "stood_as", "called_off_at", "warned_due"}
    more |= {"arrived_at"}
    assert all(row[name] is None for row in found for name in more)
    assert not any(row["to_read"] for row in found)
    more |= {"to_read"}
    accepted = {row["accepted_by"] for row in found if row["platform_status"] == "accepted"}
    assert accepted == {"bridge", "unknown"}
    assert not any(row["stood"] for row in found)
    more |= {"accepted_by", "stood"}
    found = [{k: v for k, v in row.items() if k not in more} for row in found]
    assert sorted(found, key=lambda r: str(r["id"])) == sorted(wanted, key=lambda r: str(r["id"]))


def test_receipts_stand_on_the_deliveries(store: Store, before: dict[str, Any]) -> None:
    receipts = {r["delivery_id"]: r for r in before["tables"]["intakes"]}
    found = rows_of(store, "deliveries")
    assert {d["id"] for d in found} == {d["id"] for d in before["tables"]["deliveries"]}
    for delivery in found:
        receipt = receipts.get(delivery["id"])
        done_at, booking = (receipt["done_at"], receipt["booking_id"]) if receipt else (None, None)
        assert (delivery["done_at"], delivery["booking_id"]) == (done_at, booking)
        assert delivery["result"] in (None, "decided", "unchanged", "nothing", "task")


def test_effects_are_writes(store: Store, before: dict[str, Any]) -> None:
    names = {"booking_id": "subject", "round": "revision"}
    gone = {"attempts", "next_try_at"}
    wanted = [
        {names.get(k, k): v for k, v in row.items() if k not in gone}
        | {"channel": "platform", "wanted_at": row["created_at"]}
        | {"due_at": None, "by_clock": False, "said_hash": None}
        for row in before["tables"]["effects"]
    ]
    found = rows_of(store, "writes")
    assert sorted(found, key=lambda r: str(r["id"])) == sorted(wanted, key=lambda r: str(r["id"]))
    assert Counter(w["state"] for w in found) >= Counter(["queued", "failed", "superseded"])


def test_every_visit_is_one_row(store: Store, before: dict[str, Any]) -> None:
    """What staff wrote down on the day of a completed booking, and that booking, are one visit."""
    filed = [f for f in before["tables"]["facts"] if f["kind"] == "visit"]
    completed = [b for b in before["tables"]["bookings"] if b["platform_status"] == "completed"]
    with store.read() as session:
        rows = session.scalars(select(VisitRow)).all()
        assert not any(row.data_sealed is None or row.filed_by == "" for row in rows)
        live = [row for row in rows if row.removed_at is None]
        assert {row.id for row in live if row.filed_by == "staff"} == {
            f["id"] for f in filed if f["removed_at"] is None
        }
        of_bookings = {row.booking_id for row in live} - {None}
        assert {b["id"] for b in completed} <= of_bookings
        assert sum(row.filed_by == "staff" and row.booking_id is not None for row in live) >= 1


def test_everything_still_opens(store: Store, before: dict[str, Any]) -> None:
    """Each client's file and chart, as the desk reads them."""
    with store.write() as session:
        now = datetime(2026, 12, 20, tzinfo=UTC)
        record = Record(session, store.vault, "default", now, before["zone"])
        facts: Counter[str] = Counter()
        for client in session.scalars(select(PatientRow)).all():
            file = load_client(record, client.id)
            assert file is not None
            for held in file.bookings:
                assert held.details is not None
                assert held.last is None or record.decisions.data(held.last)["outcome"]
            facts.update({kind: len(list_facts(record, client.id, kind)) for kind in KINDS})
        for task in record.tasks.due_first(100):
            assert record.tasks.message(task)
            assert ":" not in task.topic
    kept = [f for f in before["tables"]["facts"] if f["removed_at"] is None]
    wanted = Counter(f["kind"] for f in kept if f["kind"] != "visit")
    assert Counter({k: n for k, n in facts.items() if k != "visit" and n}) == wanted


@pytest.mark.usefixtures("store")
def test_decisions_of_earlier_rules_are_shown_in_the_shape_of_now(settings: Settings) -> None:
    """They named no payer beside a requirement, spoke of no terms, and cited sources as text."""
    clock = HandClock(datetime(2026, 12, 20, tzinfo=UTC))
    installation = build_installation(settings, clock, two_rules_host())
    now = {field.name for field in fields(Decision)}
    shown: list[Mapping[str, Any]] = []
    try:
        with installation.read() as record:
            bookings = list(record.session.scalars(select(BookingRow)))
            for row in bookings:
                whole = whole_booking(installation, record, row)
                assert to_json(whole)
                shown += [told.decision for told in whole.decisions]
            reasons = Opened().decisions(record, [row.id for row in bookings])
    finally:
        installation.close()
    assert reasons.keys() == {row.id for row in bookings if row.outcome is not None}
    assert len(shown) > len(bookings)
    for decision in shown:
        assert decision.keys() == now
        assert decision["self_pay_terms"] is None
        for item in (*decision["requirements"], *decision["waivers"]):
            assert item["payer"] == decision["payer"]
            assert set(item["source"]) == {field.name for field in fields(Source)}


@pytest.mark.usefixtures("store")
def test_bookings_of_earlier_rules_are_decided_again(settings: Settings) -> None:
    """By the rules of now, on all that is on file."""
    clock = HandClock(datetime(2026, 12, 10, 18, tzinfo=UTC))
    installation = build_installation(settings, clock, installed_host())
    try:
        with suppress(TakenBackError), installation.write() as record:
            for row in list(record.session.scalars(select(BookingRow))):
                file = load_client(record, row.patient_id)
                assert file is not None
                chart = file.chart(record, settings.clinic_facts, file.held(row.id))
                decision = installation.host.decide(chart)
                assert not any(r.key == "plugin.failed" for r in decision.requirements)
                bring_client_up_to_date(installation, record, row.patient_id)
            raise TakenBackError
    finally:
        installation.close()


@pytest.mark.usefixtures("store")
def test_what_was_undone_is_done_by_this_release(
    settings: Settings, before: dict[str, Any]
) -> None:
    clock = HandClock(datetime(2026, 12, 20, tzinfo=UTC))
    installation = build_installation(settings, clock, two_rules_host())
    try:
        found = Counter(work.kind for work in undone(installation))
    finally:
        installation.close()
    tables = before["tables"]
    open_tasks = [t for t in tables["tasks"] if t["done_at"] is None and t["patient_id"]]
    worked_out = {t["patient_id"] for t in open_tasks if t["kind"] in WORKED_OUT}
    assert found == {
        "delivery": len(tables["deliveries"]) - len(tables["intakes"]),
        "wakeup": sum(w["done_at"] is None for w in tables["wakeups"]) + len(worked_out),
        "write": sum(e["state"] == "queued" for e in tables["effects"]),
    }


def test_the_tables_keep_their_walls(store: Store) -> None:
    with store.engine.connect() as connection:
        found = inspect(connection)
        assert {f["referred_table"] for f in found.get_foreign_keys("visits")} == {
            "patients",
            "bookings",
        }
        uniques = {u["name"] for u in found.get_unique_constraints("bookings")}
        assert uniques == {"uq_bookings_clinic_account_ref", "uq_bookings_patient_id_arrival"}
        if store.sqlite:
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_refs_may_be_as_long_as_platforms_make_them(store: Store) -> None:
    with store.read() as session:  # it takes back in the end what it was given
        row = session.scalars(select(BookingRow)).first()
        assert row is not None
        row.ref = row.previous_ref = row.version = "u" * 255
        session.flush()
        session.refresh(row)
        assert row.ref == "u" * 255
