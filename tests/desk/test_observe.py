"""Whose booking it is, from the delivery to what is written back."""

from __future__ import annotations

from datetime import timedelta

from tests.desk.bridge import Bridge

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
