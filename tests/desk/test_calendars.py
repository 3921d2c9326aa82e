"""Calendars are given out by name, and only where they can be filled."""

from typing import Any

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.calendars import add_calendar, list_calendars, remove_calendar
from massage_ins_bridge.desk.errors import ConflictError, NotFoundError
from massage_ins_bridge.domain.reading import UnusableInputError


def add(bridge: Bridge, **data: Any) -> str:
    with bridge.installation.write() as record:
        return add_calendar(bridge.installation, record, data).address


def test_the_address_is_shown_once(bridge: Bridge) -> None:
    address = add(bridge, name="Mira")
    assert address.startswith("http://127.0.0.1:8766/calendars/")
    with bridge.installation.read() as record:
        (one,) = list_calendars(record).calendars
    assert (one.name, one.kind, one.practitioner) == ("Mira", "visits", None)
    assert address.rpartition("/")[2].removesuffix(".ics") not in str(one)
    with pytest.raises(ConflictError, match="named 'Mira'"):
        add(bridge, name="Mira")


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "x", "practitioner": "mira"}, "practitioner"),
        ({"name": "x", "practitioner": "mira", "kind": "deadlines"}, "practitioner"),
        ({"name": "x", "kind": "visit"}, "kind"),
    ],
)
def test_what_cannot_be_filled_is_refused(bridge: Bridge, data: dict[str, Any], path: str) -> None:
    with pytest.raises(UnusableInputError) as caught:
        add(bridge, **data)
    assert [problem.path for problem in caught.value.problems] == [path]


def test_one_that_is_not_there_cannot_be_removed(bridge: Bridge) -> None:
    with bridge.installation.write() as record, pytest.raises(NotFoundError):
        remove_calendar(record, "Mira")
