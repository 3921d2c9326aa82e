"""What the row of a booking that is to come says of people's words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.desk.sights import LATER, NOW, SAID_YES, WAITS, WORDS, shown_of, sight, write

from massage_ins_bridge.desk.coming import coming
from massage_ins_bridge.desk.sight import Sight
from massage_ins_bridge.desk.staff_words import StaffWords
from massage_ins_bridge.store.models import WordRow


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (datetime(2026, 12, 11, 8, tzinfo=UTC), "Stands until the end of Thu, Dec 10."),
        (datetime(2026, 12, 8, 23, tzinfo=UTC), "Stands until 3:00 PM."),
        (LATER + timedelta(days=1), "Stands until the visit is over."),
        (None, "Stands until the visit is over."),
    ],
)
def test_a_word_says_until_when_it_holds(until: datetime | None, said: str) -> None:
    seen = sight("allow", said=StaffWords(override="allow"), word=SAID_YES)
    word = WordRow(kind="allow", until=until, ended_at=None, created_at=NOW)
    seen = replace(seen, next=coming(seen.row, [word], (), NOW, WORDS.zone))
    shown = shown_of(seen).next
    assert shown.startswith(said)
    assert ("Then it is judged again." in shown) == (seen.next is not None)


ORDERED = {"said": StaffWords(override="block"), "word": replace(SAID_YES, kind="block")}


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (sight("hold", **ORDERED), "At 9:27 AM Cal.com is told."),
        (sight("block", writes=(WAITS,), **ORDERED), "At 9:15 AM Cal.com is told."),
        (sight("block", writes=(write("block", "queued"),), **ORDERED), "Cal.com is told now."),
        (
            sight("block", writes=(write("block", "done", reached="manual"),), **ORDERED),
            "Cal.com is not told. Cancel the visit there, and tell the client.",
        ),
        (
            sight("block", writes=(write("block", "done", reached="unsupported"),)),
            "Cal.com is not told. Cancel the visit there, and tell the client.",
        ),
    ],
)
def test_a_refusal_says_when_the_platform_hears_of_it(seen: Sight, said: str) -> None:
    seen.row.revision = 1
    assert shown_of(seen).next == said
