"""The desk on the simulated Cal.com, which acts as its source does in every way: what becomes of a
booking is judged by the platform's journal."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.databases import fresh_sqlite, settings_of
from tests.desk.bridge import Bridge, HandClock
from tests.engine.conftest import until
from tests.two_rules import two_rules_host

from massage_ins_bridge.desk.first_look import first_look
from massage_ins_bridge.desk.going_live import go_live
from massage_ins_bridge.desk.installation import build_installation
from massage_ins_bridge.desk.reconcile import reconcile
from massage_ins_bridge.engine.engine import AT_ONCE_AND_ACCOUNT, Engine
from massage_ins_bridge.http import PlatformClient
from massage_ins_bridge.store.inbox import Inbox
from massage_ins_bridge.store.record import Work
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.platform import FakePlatform
from massage_ins_bridge_calcom.connector import CalcomConnector
from massage_ins_bridge_calcom_simulator.testing import Mailbox, Simulator, wait_until

KEY, SECRET = "cal_test", "whsec"
MASSAGE, WALK_IN, CALL = 30412, 30413, 30499
FIRST, SECOND = "2026-12-08T10:00:00-08:00", "2026-12-10T10:00:00-08:00"
INSURED = {"insurance": "Regence"}


@dataclass
class Clinic(Bridge):
    """The desk, with the deliveries that have come in."""

    calcom: Simulator = field(kw_only=True)
    box: Mailbox = field(kw_only=True)
    taken: int = 0

    def book(self, **wish: Any) -> str:
        """A client books, and the desk has heard of it."""
        uid = self.calcom.book(**{"start": FIRST, "answers": INSURED, **wish})
        self.deliver()
        return uid

    def act(self, uid: str, verb: str, **how: Any) -> Any:
        """Somebody acts on the platform, and the desk has heard of it."""
        done = self.calcom.control("POST", f"bookings/{uid}/{verb}", **how)
        self.deliver()
        return done

    def deliver(self) -> None:
        """Whatever the platform has sent so far comes in, and is worked."""
        self.come_in()
        self.work()

    def come_in(self) -> list[Work]:
        """What the platform has sent so far is stored; what is to be done with it."""
        came: list[Work] = []
        wait_until(lambda: self.calcom.control("GET", "webhooks")["pending"] == 0)
        connector = self.installation.accounts["desk"].connector
        for arrived in self.box.arrived[self.taken :]:
            now = self.installation.clock.now()
            key = connector.verify(arrived.headers, arrived.raw, self.box.url, now).key
            stored = asyncio.run(self.inbox.store("default", "desk", key, arrived.raw, now))
            came.append(Work("delivery", stored.delivery, stored.delivery, "desk"))
        self.taken = len(self.box.arrived)
        return came

    def pass_minutes(self, minutes: float) -> None:
        """The clocks of both go on; what is due is looked at."""
        self.clock.moment += timedelta(minutes=minutes)
        self.calcom.control("POST", "settings", now=self.clock.moment.isoformat())
        self.look_again()
        self.work()

    def insured(self, visits: int = 100, **wish: Any) -> str:
        """A booking of a client whose coverage staff has confirmed, for so many visits."""
        self.knobs.visits = visits
        uid = self.book(**wish)
        self.confirm_coverage(uid)
        self.deliver()
        return uid

    def left_alone(self, uid: str) -> bool:
        """Whether the bridge neither keeps a booking nor asks anything of it but whose it is."""
        with self.installation.read() as record:
            kept = record.bookings.by_ref("desk", uid)
        return kept is None and set(self.tasks()) <= {"unknown-service", "unknown-host"}

    def by_us(self, uid: str) -> list[str]:
        """The states that the bridge brought a booking to."""
        return [to for _, to, by in self.calcom.changes(uid) if by == "api"]


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with (
        Simulator("--api-key", KEY, "--secret", SECRET) as calcom,
        Mailbox(calcom) as box,
    ):
        calcom.control("POST", "settings", now=NOW.isoformat())
        fresh_sqlite(tmp_path)
        account = {
            "name": "desk",
            "connector": "calcom",
            "enforcement": "enforce",
            "base_url": calcom.url,
            "api_key": KEY,
            "webhook_secret": SECRET,
            "rate_limit": 100_000,
            "refuse_after_minutes": 0,
            "services": {
                str(MASSAGE): {"service": "medical-massage", "self_pay": False},
                str(WALK_IN): {"service": "medical-massage", "self_pay": False},
            },
            "form_fields": {"insurance": "payer"},
        }
        settings = settings_of(tmp_path, accounts=[account])
        clock = HandClock()
        made = build_installation(settings, clock, two_rules_host(), {"calcom": CalcomConnector})
        inbox = Inbox(made.store)
        desk = Clinic(made, clock, FakePlatform(), inbox, calcom=calcom, box=box)

        def start(work: Sequence[Work]) -> None:
            desk.started += work

        made.start = start
        first_look(made, "desk")
        go_live(made)
        yield desk
        desk.close()


def test_a_client_who_moves_a_visit_loses_neither(clinic: Clinic) -> None:
    """One visit is paid for; the request does not name the booking that was moved."""
    old = clinic.insured(visits=1)
    assert clinic.by_us(old) == ["accepted"]
    new = clinic.act(old, "reschedule", start=SECOND)["uid"]
    assert clinic.by_us(new) == ["accepted"]
    assert (clinic.row(old).platform_status, clinic.outcome(new)) == ("replaced", "allow")


def test_what_the_owner_booked_elsewhere_is_left_alone(clinic: Clinic) -> None:
    """The list holds it, since they are a guest there; nobody sends a webhook. No visit is paid."""
    clinic.knobs.visits = 0
    soon = (NOW + timedelta(days=2)).isoformat()
    uid = clinic.calcom.book(host=7, email="desk@clinic.example", start=soon)
    clinic.calcom.catch_up()
    reconcile(clinic.installation, "desk")
    clinic.work()
    assert (clinic.by_us(uid), clinic.left_alone(uid)) == ([], True)


@pytest.mark.parametrize(("who", "status"), [("ada@example.com", "no-show"), ("g@x.example", None)])
def test_a_no_show_arrives(clinic: Clinic, who: str, status: str | None) -> None:
    """The mark does not touch the booking's row; a guest's is not the visit's."""
    uid = clinic.insured(guests=["g@x.example"])
    hours = (datetime.fromisoformat(FIRST) - NOW).total_seconds() / 3600
    clinic.pass_minutes((hours + 2) * 60)
    clinic.act(uid, "no-show", who=who)
    for _ in range(3):
        clinic.pass_minutes(45)
    assert clinic.row(uid).platform_status == (status or "accepted")


def test_a_cancellation_that_is_told_first_is_believed_at_last(clinic: Clinic) -> None:
    """While the two differ, nothing that cannot be taken back rests on the cancelled visit."""
    old = clinic.insured(visits=1, event_type=WALK_IN)
    assert clinic.outcome(old) == "allow"
    clinic.act(old, "cancel")
    between = clinic.book(start=SECOND)
    assert clinic.by_us(between) in ([], ["accepted"])
    clinic.pass_minutes(1)
    clinic.pass_minutes(6)
    assert clinic.row(old).platform_status == "cancelled"
    assert clinic.by_us(between) == ["accepted"]


def test_a_late_webhook_revives_nothing(clinic: Clinic) -> None:
    """BOOKING_CREATED is stamped after slow calls, later than the cancellation."""
    clinic.calcom.control("POST", "settings", holding=True)
    uid = clinic.calcom.book(event_type=WALK_IN, start=FIRST, answers=INSURED)
    clinic.calcom.control("POST", f"bookings/{uid}/cancel")
    clinic.calcom.control("POST", "webhooks/release", trigger="BOOKING_CANCELLED")
    clinic.deliver()
    clinic.pass_minutes(1)
    clinic.calcom.control("POST", "webhooks/release")
    clinic.deliver()
    for minutes in (0, 1, 6):
        clinic.pass_minutes(minutes)
        assert clinic.row(uid).platform_status == "cancelled"
    assert clinic.by_us(uid) == []


def test_a_booking_that_the_copy_does_not_hold_yet_is_found(clinic: Clinic) -> None:
    clinic.calcom.control("POST", "replica", lag=3)
    old = clinic.insured(visits=1)
    new = clinic.calcom.control("POST", f"bookings/{old}/reschedule", start=SECOND, by="owner")
    clinic.deliver()
    for minutes in (1, 1, 6, 31):
        clinic.pass_minutes(minutes)
    assert clinic.row(new["uid"]).platform_status == "accepted"
    assert clinic.row(old).platform_status == "replaced"


def test_bookings_that_are_not_shown_keep_no_place(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The account's next booking is decided while as many as there are places wait to be looked for
    again. Where one waits in its place, here until that is done, it would never be."""
    ghosts = [clinic.calcom.book(start=FIRST) for _ in range(AT_ONCE_AND_ACCOUNT)]
    for ghost in ghosts:
        clinic.calcom.control("DELETE", f"bookings/{ghost}")
    over = threading.Event()
    monkeypatch.setattr(PlatformClient, "pause", lambda *_: over.wait())
    engine = Engine(clinic.installation)
    engine.start()
    try:
        engine.begin(clinic.come_in())
        until(lambda: all(clinic.calcom.calls(ghost, "get") for ghost in ghosts))
        uid = clinic.calcom.book(start=SECOND, answers=INSURED)
        clinic.calcom.catch_up()
        engine.begin(clinic.come_in())
        until(lambda: is_decided(clinic, uid))
    finally:
        over.set()
        engine.stop()


def is_decided(clinic: Clinic, uid: str) -> bool:
    with clinic.installation.read() as record:
        row = record.bookings.by_ref("desk", uid)
        return row is not None and row.outcome is not None


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_service_that_nobody_named_is_left_alone(clinic: Clinic, confirmed: bool) -> None:
    """Pending or accepted, named by nobody or deleted, it is neither stored nor written to. No
    visit is paid."""
    clinic.knobs.visits = 0
    settings = {"event_type": CALL, "requires_confirmation": not confirmed}
    clinic.calcom.control("POST", "settings", **settings)
    soon = (NOW + timedelta(days=2)).isoformat()
    uid = clinic.book(event_type=CALL, start=soon)
    clinic.calcom.control("DELETE", f"event-types/{CALL}")
    reconcile(clinic.installation, "desk")
    clinic.work()
    assert (clinic.by_us(uid), clinic.left_alone(uid)) == ([], True)
