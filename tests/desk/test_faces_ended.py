"""What the row of a booking says that was called off."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.desk.sights import NOW, shown_of, sight


@pytest.mark.parametrize(
    ("outcome", "late", "tag", "said"),
    [
        ("allow", True, "Cancelled late", "Called off 9:00 AM."),
        ("hold", True, "Cancelled late", "Called off 9:00 AM."),
        ("hold", False, "Cancelled", "Called off 9:00 AM."),
        (
            "block",
            False,
            "Cancelled",
            "Called off 9:00 AM. It could not stand, so it does not count as late.",
        ),
    ],
)
def test_what_was_called_off_says_whether_late(
    outcome: str, late: bool, tag: str, said: str
) -> None:
    off = NOW - timedelta(minutes=12)
    seen = sight(outcome, platform_status="cancelled", called_off_at=off, late=late)
    shown = shown_of(seen)
    assert (shown.tags[0].words, shown.next) == (tag, said)
    taken_away = replace(seen, tasks=frozenset({"gone-on-platform"}))
    gone = shown_of(taken_away)
    assert gone.tags[0].words == "Cancelled"
