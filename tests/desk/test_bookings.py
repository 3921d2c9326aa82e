"""What staff says of a booking."""

from datetime import timedelta

from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.visits import close_booking
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
