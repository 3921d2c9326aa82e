"""The desk on a calendar feed of a real server: what it shows, hides, forgets and breaks."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.databases import fresh_sqlite, settings_of
from tests.desk.bridge import Bridge, HandClock
from tests.two_rules import two_rules_host

from massage_ins_bridge.desk.first_look import first_look
from massage_ins_bridge.desk.going_live import go_live
from massage_ins_bridge.desk.installation import build_installation
from massage_ins_bridge.desk.reconcile import reconcile
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.store.inbox import Inbox
from massage_ins_bridge.store.models import BookingRow
from massage_ins_bridge.store.task_models import TaskRow
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.feeds import FeedServer
from massage_ins_bridge.testing.platform import FakePlatform
from massage_ins_bridge_ics.connector import IcsConnector

HOUR = timedelta(hours=1)
MASSAGE = {"service": "medical-massage", "self_pay": False}


@dataclass
class Clinic(Bridge):
    """The desk and the feed; the clocks of both go together."""

    feed: FeedServer = field(kw_only=True)

    def look(self, after: timedelta = timedelta(0)) -> None:
        self.clock.moment += after
        reconcile(self.installation, "desk")
        self.work()

    def states(self) -> dict[str, str]:
        with self.installation.read() as record:
            found = {ref: record.bookings.by_ref("desk", ref) for ref in self.feed.appointments}
        return {ref: row.platform_status for ref, row in found.items() if row is not None}

    def messages(self) -> list[str]:
        with self.installation.read() as record:
            rows = record.session.query(TaskRow).filter(TaskRow.done_at.is_(None))
            return [record.tasks.message(row) for row in rows]


def make_clinic(folder: Path, feed: FeedServer, host: Host | None = None, **options: Any) -> Clinic:
    """``host``: with other rules than those of all plugins."""
    fresh_sqlite(folder)
    account = {
        "name": "desk",
        "connector": "ics",
        "enforcement": "enforce",
        "api_key": feed.url,
        "rate_limit": 100_000,
        "options": {"title": "{client} - {service}", **options},
        "services": {"Massage": MASSAGE, "appointment": MASSAGE},
    }
    clock = HandClock()
    settings = settings_of(folder, None, accounts=[account])
    made = build_installation(settings, clock, host, {"ics": IcsConnector})
    go_live(made)
    feed.clock = clock.now
    return Clinic(made, clock, FakePlatform(), Inbox(made.store), feed=feed)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with FeedServer() as feed:
        made = make_clinic(tmp_path, feed, two_rules_host())
        yield made
        made.close()


@pytest.fixture
def ruled(tmp_path: Path) -> Iterator[Clinic]:
    """With the rules of all plugins."""
    with FeedServer() as feed:
        made = make_clinic(tmp_path, feed)
        yield made
        made.close()


def test_appointments_come_with_the_first_look_and_later(ruled: Clinic) -> None:
    stood = ruled.feed.book(client="Ada Test")
    first_look(ruled.installation, "desk")
    later = ruled.feed.book(client="Bo Example")
    ruled.look()
    assert ruled.states() == {stood: "accepted", later: "accepted"}
    assert ruled.details(later).person["name"] == "Bo Example"
    assert ruled.row(later).outcome == "hold"
    ruled.feed.change(later, start=NOW + timedelta(days=20))
    ruled.look()
    assert ruled.row(later).start_at == NOW + timedelta(days=20)


def test_what_is_to_be_done_there_is_staffs(clinic: Clinic) -> None:
    first_look(clinic.installation, "desk")
    clinic.knobs.visits = 0
    uid = clinic.feed.book(client="Ada Test")
    clinic.look()
    clinic.confirm_coverage(uid)
    assert clinic.outcome(uid) in ("hold", "block")
    assert clinic.states() == {uid: "accepted"}
    assert any(kind.endswith("by-hand") or "hold" in kind for kind in clinic.tasks())


@pytest.mark.parametrize("names", ["first", "initials", "id", "hidden"])
def test_a_hidden_name_is_asked_about_and_never_guessed(ruled: Clinic, names: Any) -> None:
    first_look(ruled.installation, "desk")
    known = ruled.feed.book(client="Ada Test")
    ruled.look()
    ruled.feed.names = names
    hidden = ruled.feed.book(client="Ada Test")
    ruled.look()
    assert ruled.row(hidden).patient_id != ruled.row(known).patient_id
    assert ruled.outcome(hidden) == "hold"
    assert "who-is-it" in ruled.tasks()


def test_a_series_is_of_one_client(ruled: Clinic) -> None:
    first_look(ruled.installation, "desk")
    ruled.feed.book(client="Ada Test", extra=("RRULE:FREQ=WEEKLY;COUNT=3",))
    ruled.look()
    with ruled.installation.read() as record:
        rows = record.session.query(BookingRow).all()
    assert len(rows) == 3
    assert len({row.patient_id for row in rows}) == 1
    assert "who-is-it" not in ruled.tasks()


def test_a_time_in_doubt_is_a_task_and_the_booking_stays_as_it_was(clinic: Clinic) -> None:
    first_look(clinic.installation, "desk")
    uid = clinic.feed.book(client="Ada Test")
    clinic.look()
    was = clinic.row(uid).start_at
    clinic.feed.change(uid, start=was + HOUR, extra=("STATUS:DRAFT",))
    clinic.look(HOUR)
    clinic.look(HOUR)
    assert (clinic.row(uid).start_at, clinic.states()) == (was, {uid: "accepted"})
    assert "unreadable-booking" in clinic.tasks()
    assert any("its state is none that a calendar has" in said for said in clinic.messages())


def test_an_appointment_that_is_taken_out_is_gone_after_an_hour(clinic: Clinic) -> None:
    first_look(clinic.installation, "desk")
    gone, kept = clinic.feed.book(client="Ada Test"), clinic.feed.book(client="Bo Example")
    clinic.look()
    out = clinic.feed.appointments.pop(gone)
    clinic.look(HOUR)
    clinic.look(HOUR)
    assert clinic.row(gone).platform_status == "cancelled"
    assert clinic.states() == {kept: "accepted"}
    clinic.feed.appointments[gone] = out
    clinic.look()
    assert clinic.states() == {kept: "accepted", gone: "accepted"}


#: Each for an hour, looked at every five minutes.
LONG = [(fault, 12) for fault in ("500", "slow down", "html", "empty", "no events", "cut")]


@pytest.mark.parametrize(("fault", "looks"), LONG)
def test_an_hour_of_faults_frees_and_loses_nothing(
    clinic: Clinic, fault: str, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    first_look(clinic.installation, "desk")
    refs = [clinic.feed.book(client=f"Ada{n} Test") for n in "abcdef"]
    clinic.look()
    clinic.feed.faults = [fault] * (looks * 5)
    for _ in range(looks):
        clinic.look(timedelta(minutes=5))
    assert clinic.states() == dict.fromkeys(refs, "accepted")
    assert ("platform-silent" in clinic.tasks()) is (fault in ("html", "empty", "cut"))
    assert not any(clinic.feed.url in message for message in clinic.messages())
    clinic.feed.faults = []
    new = clinic.feed.book(client="Bo Example")
    clinic.look(timedelta(minutes=5))
    assert clinic.states()[new] == "accepted"
    assert "platform-silent" not in clinic.tasks()


@pytest.mark.parametrize("status", ["401", "403", "404", "410"])
def test_a_link_that_is_over_marks_the_account_with_the_reason(clinic: Clinic, status: str) -> None:
    first_look(clinic.installation, "desk")
    uid = clinic.feed.book(client="Ada Test")
    clinic.look()
    clinic.feed.faults = [status]
    clinic.look()
    (said,) = [m for m in clinic.messages() if "refuses to list" in m]
    assert status in said
    assert "new" in said
    assert clinic.states() == {uid: "accepted"}


def test_a_service_that_starts_anew_lists_all_and_changes_nothing(
    tmp_path: Path,
) -> None:
    with FeedServer() as feed:
        first = make_clinic(tmp_path, feed, two_rules_host())
        first_look(first.installation, "desk")
        refs = [feed.book(client=f"Ada{n} Test") for n in "abc"]
        first.look()
        decided = [first.decisions(ref) for ref in refs]
        clock, installation = first.clock, first.installation
        feed.appointments.pop(refs[0])
        first.look()
        account = installation.accounts["desk"]
        fresh = IcsConnector.__new__(IcsConnector)
        fresh.__init__(  # type: ignore[misc] # what a start does: nothing is remembered
            account.connector._connector._account, account.connector._connector._feed._client
        )
        account.connector._connector = fresh
        clock.moment += HOUR
        first.look()
        assert first.row(refs[0]).platform_status == "cancelled"
        assert [first.decisions(ref) for ref in refs[1:]] == decided[1:]
        first.close()


@pytest.mark.parametrize("seed", range(6))
def test_days_of_chance_end_as_the_feed_is(
    clinic: Clinic, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bookings come, move, are called off and taken out, among faults. At no moment is one freed
    that the feed still shows, and in the end the desk has what the feed has."""
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    chance, feed = random.Random(seed), clinic.feed
    first_look(clinic.installation, "desk")
    feed.book(NOW + timedelta(days=50), client="Zoe Last")
    called_off: set[str] = set()
    for number in range(40):
        standing = [uid for uid in feed.appointments if uid not in called_off][1:]
        match chance.choice(["book", "book", "move", "cancel", "drop", "nothing", "fault"]):
            case "book":
                start = NOW + timedelta(days=chance.randint(10, 45), minutes=number)
                feed.book(start, client=f"Ada{chr(97 + number % 26)}{number // 26 * 'a'} Test")
            case "move" if standing:
                feed.change(chance.choice(standing), start=NOW + timedelta(days=30, hours=number))
            case "cancel" if standing:
                called_off.add(uid := chance.choice(standing))
                feed.change(uid, status="CANCELLED")
            case "drop" if len(standing) > 4:
                feed.appointments.pop(chance.choice(standing))
            case "fault":
                feed.faults = [chance.choice(["html", "cut", "no events", "500", "hang up"])] * 4
        clinic.look(timedelta(minutes=chance.choice([5, 40])))
        freed = {uid for uid, state in clinic.states().items() if state == "cancelled"}
        assert freed <= called_off
    feed.faults = []
    for _ in range(3):
        clinic.look(HOUR)
    shown = {uid: "cancelled" if uid in called_off else "accepted" for uid in feed.appointments}
    never_stood = shown.keys() - clinic.states().keys()
    assert never_stood <= called_off
    assert clinic.states() == {u: s for u, s in shown.items() if u not in never_stood}
    with clinic.installation.read() as record:
        live = set(record.looks.to_begin("desk", ("accepted",), NOW, NOW + timedelta(days=90)))
    assert live == {uid for uid, state in shown.items() if state == "accepted"}
