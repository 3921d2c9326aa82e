"""What staff says of a booking."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge, make_bridge
from tests.hooks.doubles import Point, host_with, plugin
from tests.rulebook.parts import BASE

from massage_ins_bridge.api import ALL_PAYERS
from massage_ins_bridge.desk.client_file import load_client
from massage_ins_bridge.desk.views import whole_booking
from massage_ins_bridge.desk.visits import close_booking
from massage_ins_bridge.domain.problems import UnusableInputError
from massage_ins_bridge.rulebook.book import parse_book
from massage_ins_bridge.testing.bookings import NOW, START


def test_staffs_choice_of_no_payer_outlives_the_platforms_news(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.choose("b1", payer=None)
    bridge.take("b1", sent_at=NOW + timedelta(minutes=1), answers={"payer": "aetna"})
    assert bridge.details("b1").payer is None


def test_staffs_choice_moves_with_the_booking(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.choose("b1", self_pay=True)
    later = START + timedelta(days=1)
    bridge.take("b2", "rescheduled", start=later, previous="b1", sent_at=NOW)
    found = bridge.details("b2")
    assert (found.self_pay, found.by_staff) == (True, True)
    assert bridge.outcome("b2") == "allow"


def test_what_only_staff_knows_reaches_the_rules(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.choose("b1", place="home", prescription="rx1", episode="knee", injury="neither")
    booking = bridge.last_case.booking
    assert (booking.place, booking.prescription) == ("home", "rx1")
    assert (booking.episode, booking.injury) == ("knee", "neither")
    bridge.take("b2", start=START + timedelta(days=1))
    (other,) = bridge.last_case.upcoming or ()
    assert (other.prescription, other.episode) == ("rx1", "knee")


def test_what_only_staff_knows_moves_with_the_booking(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.choose("b1", place="home", prescription="rx1", episode="knee", injury="neither")
    later = START + timedelta(days=1)
    bridge.take("b2", "rescheduled", start=later, previous="b1", sent_at=NOW)
    found = bridge.details("b2")
    assert (found.place, found.prescription) == ("home", "rx1")
    assert (found.episode, found.injury) == ("knee", "neither")
    assert not found.by_staff


def test_what_staff_says_of_a_booking_is_said_of_the_visit_they_wrote_down(bridge: Bridge) -> None:
    """Their words about the visit itself go first."""
    bridge.take("b1")
    bridge.choose("b1", episode="knee", prescription="rx1")
    bridge.clock.moment = START + timedelta(hours=3)
    bridge.add_fact("b1", "visit", {"on": "2026-12-08", "payer": "regence", "episode": "neck"})
    bridge.take("b2", start=START + timedelta(days=7))
    (visit,) = bridge.last_case.visits or ()
    assert (visit.episode, visit.prescription) == ("neck", "rx1")


def test_a_completed_bookings_visit_says_what_staff_says_of_the_booking(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.choose("b1", episode="knee")
    bridge.clock.moment = START + timedelta(hours=3)
    with bridge.installation.write() as record:
        close_booking(bridge.installation, record, bridge.row("b1").id, "completed")
    bridge.choose("b1", prescription="rx1")
    bridge.take("b2", start=START + timedelta(days=7))
    (visit,) = bridge.last_case.visits or ()
    assert (visit.episode, visit.prescription, visit.payer) == ("knee", "rx1", "regence")


BOOK = BASE + '[[facts]]\non = "booking"\nname = "room"\ntype = "text"\nlabel = "Room"\n'


@pytest.fixture
def trial(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    """Rules of a plugin that declares a field of bookings."""
    rules = plugin(
        rules=lambda: parse_book(BOOK, "rules.toml"),
        payers=lambda: [ALL_PAYERS],
        on_booking=lambda case: None,
    )
    host = host_with(Point("trial", rules), only=["regence"])
    made = make_bridge(tmp_path, database_url, host=host)
    yield made
    made.close()


def room(bridge: Bridge, ref: str) -> str | None:
    """As plugins see it."""
    with bridge.installation.read() as record:
        file = load_client(record, bridge.row(ref).patient_id)
        assert file is not None
        found: str | None = file.held(bridge.row(ref).id).booking.extra["trial"]["room"]
        return found


def test_what_plugins_declare_of_a_booking_is_kept_and_reaches_them(trial: Bridge) -> None:
    """It is there, unknown, before anybody says it; it moves with the booking, and goes by null."""
    trial.take("b1")
    assert room(trial, "b1") is None
    trial.choose("b1", extra={"trial": {"room": "2"}})
    assert room(trial, "b1") == "2"
    with trial.installation.read() as record:
        shown = whole_booking(trial.installation, record, trial.row("b1"))
    assert shown.extra == {"trial": {"room": "2"}}
    later = START + timedelta(days=1)
    trial.take("b2", "rescheduled", start=later, previous="b1", sent_at=NOW)
    assert room(trial, "b2") == "2"
    trial.choose("b2", extra=None)
    assert room(trial, "b2") is None


def test_what_nobody_declares_of_a_booking_is_refused_with_its_field(trial: Bridge) -> None:
    trial.take("b1")
    with pytest.raises(UnusableInputError, match=r"extra\.trial\.rom: .*room"):
        trial.choose("b1", extra={"trial": {"rom": "2"}})
    assert trial.details("b1").extra == {}
