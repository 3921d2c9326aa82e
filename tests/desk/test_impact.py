"""Which standing bookings edited rules would decide otherwise: found, in order, and not written."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from tests.desk.bridge import Bridge, make_bridge
from tests.desk.test_going_live import stand

from massage_ins_bridge.api import Chart
from massage_ins_bridge.desk.impact import OutcomeChange, count_standing, impact
from massage_ins_bridge.domain.answers import Decision
from massage_ins_bridge.hooks.host import Host


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    made = make_bridge(tmp_path, None, "observe")
    stand(made)
    yield made
    made.close()


class Stricter:
    """The same rules, but that nothing is allowed that begins on the days of ``held``."""

    def __init__(self, host: Host, held: int) -> None:
        self.host, self.held = host, held

    def decide(self, chart: Chart) -> Decision:
        decision = self.host.decide(chart)
        if chart.booking.start.day != self.held or decision.outcome != "allow":
            return decision
        first, *others = decision.requirements
        held = replace(first, status="unmet", effect="hold", message="Held by the edited rule.")
        return replace(decision, outcome="hold", requirements=(held, *others))


def under(bridge: Bridge, held: int) -> tuple[list[OutcomeChange], int]:
    """The changes, and how many bookings were looked at."""
    looked: list[int] = []
    edited = cast(Host, Stricter(bridge.installation.host, held))
    return impact(bridge.installation, edited, looked.append), sum(looked)


def test_what_would_change_is_told_and_nothing_is_written(bridge: Bridge) -> None:
    before = bridge.decisions("b1")
    found, looked = under(bridge, bridge.row("b1").start_at.day)
    assert [(c.booking, c.now, c.then, c.why, c.overridden) for c in found] == [
        (bridge.row("b1").id, "allow", "hold", "Held by the edited rule.", False)
    ]
    assert looked == 4
    assert bridge.decisions("b1") == before
    assert bridge.platform.changes == []


def test_rules_that_are_the_same_change_nothing(bridge: Bridge) -> None:
    assert under(bridge, 31) == ([], 4)


def test_what_has_begun_is_not_looked_at(bridge: Bridge) -> None:
    bridge.clock.moment = bridge.row("b1").start_at + timedelta(minutes=1)
    with bridge.installation.read() as record:
        assert count_standing(record) == 3
    assert under(bridge, bridge.row("b1").start_at.day) == ([], 3)
