"""The desk on a real calendar server: what becomes of an event is judged by what the server has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from tests.databases import fresh_sqlite, settings_of
from tests.desk.bridge import Bridge, HandClock
from tests.two_rules import two_rules_host

from massage_ins_bridge.desk.first_look import first_look
from massage_ins_bridge.desk.going_live import go_live
from massage_ins_bridge.desk.installation import build_installation
from massage_ins_bridge.desk.reconcile import reconcile
from massage_ins_bridge.store.inbox import Inbox
from massage_ins_bridge.store.record import Work
from massage_ins_bridge.testing.bookings import START
from massage_ins_bridge.testing.calendar_servers import PASSWORD, USER, CalendarServer, event
from massage_ins_bridge.testing.platform import FakePlatform
from massage_ins_bridge_caldav.connector import CaldavConnector

_numbers = count(1)


@dataclass
class Clinic(Bridge):
    """The desk, and what a client or a practitioner does in the calendar. The server's clock is
    the machine's; days are counted from the one on which the test ``began``."""

    server: CalendarServer = field(kw_only=True)
    calendar: str = field(kw_only=True)
    began: datetime = field(kw_only=True)

    def book(self, uid: str, *, more: str = "", in_days: int = 16, title: str = "Massage") -> str:
        """An event is made or changed, and the desk has looked."""
        days = (self.began - START).days + in_days
        body = event(uid, more=more, days=days, title=title)
        ref = self.server.put(self.calendar, uid, body)
        self.look()
        return ref

    def look(self) -> None:
        """The regular look, and all that follows from it."""
        self.clock.moment = max(self.clock.moment, datetime.now(UTC))
        reconcile(self.installation, "desk")
        self.work()

    def state(self, ref: str) -> str:
        """What the event says of itself."""
        stored = self.server.get(ref)
        return next(
            (line[7:] for line in stored.splitlines() if line.startswith("STATUS:")), "none"
        )


@pytest.fixture
def clinic(tmp_path: Path, radicale: CalendarServer) -> Iterator[Clinic]:
    calendar = radicale.make(f"desk-{next(_numbers)}")
    fresh_sqlite(tmp_path)
    account = {
        "name": "desk",
        "connector": "caldav",
        "enforcement": "enforce",
        "base_url": radicale.url,
        "api_key": PASSWORD,
        "rate_limit": 100_000,
        "refuse_after_minutes": 0,
        "services": {"Massage": {"service": "medical-massage", "self_pay": False}},
        "form_fields": {"Insurance": "payer"},
        "options": {"username": USER, "calendars": [calendar]},
    }
    settings = settings_of(tmp_path, accounts=[account])
    began = datetime.now(UTC)
    clock = HandClock(began)
    made = build_installation(settings, clock, two_rules_host(), {"caldav": CaldavConnector})
    inbox = Inbox(made.store)
    desk = Clinic(
        made, clock, FakePlatform(), inbox, server=radicale, calendar=calendar, began=began
    )

    def start(work: Sequence[Work]) -> None:
        desk.started += work

    made.start = start
    first_look(made, "desk")
    go_live(made)
    desk.look()
    yield desk
    desk.close()


def test_a_booking_is_held_cured_and_confirmed(clinic: Clinic) -> None:
    ref = clinic.book("a1")
    assert (clinic.outcome(ref), clinic.state(ref)) == ("hold", "TENTATIVE")
    clinic.look()
    assert (clinic.row(ref).platform_status, clinic.writes(ref)[-1]) == (
        "pending",
        ("hold", "done", "tentative"),
    )
    clinic.confirm_coverage(ref)
    assert (clinic.outcome(ref), clinic.state(ref)) == ("allow", "CONFIRMED")
    assert (clinic.row(ref).accepted_by, clinic.tasks()) == ("bridge", [])
    clinic.look()
    assert (clinic.row(ref).accepted_by, clinic.state(ref)) == ("bridge", "CONFIRMED")


def test_one_that_is_cured_before_the_next_look_is_confirmed_at_once(clinic: Clinic) -> None:
    ref = clinic.book("a1")
    clinic.confirm_coverage(ref)
    assert clinic.state(ref) == "CONFIRMED"


def test_one_that_may_not_stand_is_cancelled(clinic: Clinic) -> None:
    """By itself where it was only tentative; what stood already is staff's."""
    clinic.knobs.visits = 0
    ref = clinic.book("a1", more="STATUS:TENTATIVE\nSEQUENCE:3\n")
    stored = clinic.server.get(ref)
    assert (clinic.outcome(ref), clinic.state(ref)) == ("block", "CANCELLED")
    assert "SEQUENCE:4" in stored
    assert clinic.row(ref).platform_status == "rejected"
    assert "tell-client" in clinic.tasks()
    stands = clinic.book("a2", more="STATUS:CONFIRMED\n", in_days=17)
    assert (clinic.outcome(stands), clinic.state(stands)) == ("block", "CONFIRMED")
    assert "block-by-hand" in clinic.tasks()


def test_what_a_person_confirms_stays(clinic: Clinic) -> None:
    ref = clinic.book("a1")
    clinic.look()
    clinic.knobs.visits = 0
    clinic.book("a1", more="STATUS:CONFIRMED\n")
    assert (clinic.outcome(ref), clinic.row(ref).accepted_by) == ("block", "person")
    assert clinic.state(ref) == "CONFIRMED"


def test_one_that_is_moved_is_decided_anew(clinic: Clinic) -> None:
    ref = clinic.book("a1")
    clinic.confirm_coverage(ref)
    before = clinic.row(ref).start_at
    clinic.book("a1", in_days=18)
    assert clinic.row(ref).start_at == before + timedelta(days=2)
    assert clinic.outcome(ref) == "allow"


def test_one_that_is_deleted_ends_after_a_second_look(clinic: Clinic) -> None:
    ref = clinic.book("a1")
    clinic.server.delete(ref)
    clinic.look()
    assert clinic.row(ref).platform_status in ("accepted", "pending")
    clinic.clock.moment += timedelta(minutes=1)
    clinic.look_again()
    assert clinic.row(ref).platform_status == "cancelled"
    assert "gone-on-platform" in clinic.tasks()


def test_one_that_was_deleted_while_the_token_was_lost_is_looked_for(clinic: Clinic) -> None:
    ref, other = clinic.book("a1"), clinic.book("a2", in_days=20)
    clinic.server.delete(ref)
    with clinic.installation.write() as record:
        record.looks.begin_first("desk", "another")
    forget_cursor(clinic)
    clinic.clock.moment += timedelta(minutes=1)
    clinic.look()
    assert clinic.row(ref).platform_status in ("accepted", "pending")
    assert set(clinic.looks()) == {ref}
    for _ in range(2):
        clinic.look_again()
        clinic.clock.moment += timedelta(minutes=1)
    assert clinic.row(ref).platform_status == "cancelled"
    assert clinic.row(other).platform_status in ("accepted", "pending")


def forget_cursor(clinic: Clinic) -> None:
    from sqlalchemy import delete

    from massage_ins_bridge.store.models import MetaRow

    with clinic.installation.write() as record:
        record.session.execute(delete(MetaRow).where(MetaRow.name == "cursor:desk"))


def test_a_series_is_counted_visit_by_visit_and_left_to_staff(clinic: Clinic) -> None:
    ref = clinic.book("s1", more="RRULE:FREQ=WEEKLY;COUNT=3\n")
    with clinic.installation.read() as record:
        refs = record.looks.to_come("desk", ("accepted", "pending"))
    assert len(refs) == 3
    assert all(one.startswith(f"{ref}#") for one in refs)
    assert "STATUS" not in clinic.server.get(ref)
    clinic.book("s1", more="RRULE:FREQ=WEEKLY;COUNT=2\n")
    for _ in range(2):
        clinic.look_again()
        clinic.clock.moment += timedelta(minutes=1)
    states = sorted(clinic.row(one).platform_status for one in refs)
    assert states == ["accepted", "accepted", "cancelled"]


def test_the_owners_dentist_is_nobodys_business(clinic: Clinic) -> None:
    ref = clinic.book("d1", title="Dentist")
    stored = clinic.server.get(ref)
    clinic.look()
    with clinic.installation.read() as record:
        assert record.bookings.by_ref("desk", ref) is None
    assert (clinic.server.get(ref), clinic.tasks()) == (stored, [])
