"""What will become of a booking by itself, when, and what calls it off."""

from datetime import UTC, date, datetime, timedelta

import pytest

from massage_ins_bridge.desk.coming import Coming, coming, refused_at
from massage_ins_bridge.store.models import BookingRow, WordRow, WriteRow

NOW = datetime(2026, 12, 1, 18, tzinfo=UTC)
ZONE = "America/Los_Angeles"
DAY, VISIT = timedelta(days=1), NOW + timedelta(days=9)
#: The first moment of December 6 in Washington.
AFTER_THE_5TH = datetime(2026, 12, 6, 8, tzinfo=UTC)
SOON = NOW + timedelta(minutes=15)
REFUSAL = WriteRow(kind="block", state="waiting", due_at=SOON)


def row(
    outcome: str | None = "hold", due: date | None = date(2026, 12, 5), **more: str
) -> BookingRow:
    values = {"platform_status": "pending", **more}
    return BookingRow(outcome=outcome, next_due=due, start_at=VISIT, **values)


def word(kind: str, until: datetime | None = None) -> WordRow:
    return WordRow(kind=kind, until=until, ended_at=None, created_at=NOW - DAY)


@pytest.mark.parametrize(
    ("booking", "words", "writes", "following"),
    [
        (row("block"), [], [REFUSAL], Coming("decline", SOON, ("fact", "staff"))),
        (
            row("block", platform_status="accepted"),
            [],
            [REFUSAL],
            Coming("cancel", SOON, ("fact", "staff")),
        ),
        (row("block"), [word("block")], [REFUSAL], Coming("decline", SOON, ("staff",))),
        (row(), [], [], Coming("decide", AFTER_THE_5TH, ("fact", "staff"))),
        (row("allow"), [], [], Coming("decide", AFTER_THE_5TH, ("fact", "staff"))),
        (row(due=date(2026, 11, 29)), [], [], None),
        (row(due=date(2026, 12, 30)), [], [], None),
        (row(due=None), [], [], None),
        (row("block"), [], [], None),
        (row(None), [], [], None),
        (row("allow"), [word("allow")], [], None),
        (row("allow"), [word("allow", NOW + DAY)], [], Coming("decide", NOW + DAY, ("staff",))),
        (row("allow"), [word("allow", VISIT + DAY)], [], None),
        (row("hold"), [word("stop")], [], None),
        (row("block", platform_status="rejected"), [], [REFUSAL], None),
    ],
)
def test_it_is_one_thing_with_its_time(
    booking: BookingRow, words: list[WordRow], writes: list[WriteRow], following: Coming | None
) -> None:
    assert coming(booking, words, writes, NOW, ZONE) == following


def test_only_a_refusal_is_told_as_one() -> None:
    assert refused_at(Coming("cancel", NOW, ("staff",))) == NOW
    assert refused_at(Coming("decide", NOW, ("fact",))) is None
    assert refused_at(None) is None
