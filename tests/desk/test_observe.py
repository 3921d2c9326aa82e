"""Whose booking it is, from the delivery to what is written back."""

from __future__ import annotations

from datetime import timedelta

from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.observe import Look, observe
from massage_ins_bridge.testing.bookings import NOW, START


def test_nobody_is_confirmed_on_the_chart_of_a_relative(bridge: Bridge) -> None:
    """Ann Lee is cured; Bob Lee books with the family's e-mail address."""
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    assert bridge.row("b1").platform_status == "accepted"
    later = START + timedelta(days=1)
    bridge.take("b2", start=later, sent_at=NOW, name="Bob Lee")
    assert (bridge.outcome("b2"), bridge.row("b2").platform_status) == ("hold", "pending")
    assert bridge.row("b2").patient_id != bridge.row("b1").patient_id
    assert "who-is-it" in bridge.tasks()
    bridge.take("b3", start=later + timedelta(days=1), sent_at=NOW, name="LEE, Ann")
    assert bridge.row("b3").platform_status == "accepted"


def look(bridge: Bridge, ref: str, seconds: float) -> None:
    """Take in the platform's state as it is, read so long after now."""
    account = bridge.installation.accounts["desk"]
    at = bridge.clock.now() + timedelta(seconds=seconds)
    with bridge.installation.write() as record:
        found = bridge.platform.bookings[ref]
        observe(bridge.installation, record, account, found, Look(looked_at=at), "reconcile")


def test_what_was_read_before_our_own_word_is_older(bridge: Bridge) -> None:
    """A list that was asked for before the refusal and comes after it revives nothing."""
    bridge.knobs.visits = 0
    before = bridge.platform.put("b1")
    bridge.take("b1")
    assert bridge.row("b1").platform_status == "rejected"
    bridge.platform.bookings["b1"] = before
    look(bridge, "b1", -5)
    assert bridge.row("b1").platform_status == "rejected"


def test_a_clock_that_was_set_back_hides_no_news(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    look(bridge, "b1", 86_400)
    bridge.platform.put("b1", status="cancelled")
    look(bridge, "b1", 0)
    assert bridge.row("b1").platform_status == "cancelled"
