"""What staff says about who is billed."""

from datetime import timedelta

from tests.desk.bridge import Bridge

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
