"""One matter is one task, whoever asks for it."""

from datetime import date, timedelta

import pytest
from tests.desk.bridge import Bridge
from tests.desk.owed.looking import open_tasks

from massage_ins_bridge.api import Action
from massage_ins_bridge.testing.bookings import START

SUNDAY = date(2026, 12, 13)


def asked(kind: str, rule: str = "CP-COVERAGE", due: date | None = None) -> Action:
    return Action(kind, rule, "Do it.", due)


def test_four_bookings_ask_for_one_task(bridge: Bridge) -> None:
    """It is due when the first of them wants it, on a day on which somebody is at the desk."""
    bridge.knobs.actions = (asked("request-authorization", due=SUNDAY),)
    for number in range(4):
        bridge.take(f"b{number}", start=START + timedelta(days=number))
    (task,) = open_tasks(bridge, "action")
    assert (task.due, task.last_day) == (date(2026, 12, 11), SUNDAY)
    assert task.booking == bridge.row("b0").id
    assert "authorization" in task.closes
    bridge.knobs.actions = ()
    bridge.confirm_coverage("b0")
    assert open_tasks(bridge, "action") == []


@pytest.mark.parametrize(
    ("kinds", "rules", "number"),
    [
        (("request-extension", "request-extension"), ("CP-COVERAGE", "NET-07"), 1),
        (("confirm-coverage", "confirm-coverage"), ("CP-COVERAGE", "NET-07"), 2),
        (("confirm-coverage", "review-prescription"), ("CP-COVERAGE", "CP-COVERAGE"), 2),
    ],
)
def test_what_is_one_matter(
    bridge: Bridge, kinds: tuple[str, str], rules: tuple[str, str], number: int
) -> None:
    bridge.knobs.actions = tuple(map(asked, kinds, rules))
    bridge.take("b1")
    assert len(open_tasks(bridge, "action")) == number


@pytest.mark.parametrize(("kind", "number"), [("letter", 1), ("form", 1), ("note", 2)])
def test_a_plugin_says_whether_work_is_the_clients_or_each_visits(
    bridge: Bridge, kind: str, number: int
) -> None:
    bridge.knobs.actions = (asked(f"core.{kind}"),)
    for n in range(2):
        bridge.take(f"b{n}", start=START + timedelta(days=n))
    assert len(open_tasks(bridge, "action")) == number


def test_work_of_a_plugins_own_kind_goes_by_its_label(bridge: Bridge) -> None:
    bridge.knobs.actions = (asked("core.letter"),)
    bridge.take("b1")
    (task,) = open_tasks(bridge, "action")
    assert task.message == "Write the letter: Do it."
