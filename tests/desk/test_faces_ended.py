"""What the row of a booking says that was called off."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.desk.sights import NOW, REFUSED, account, shown_of, sight, why

from massage_ins_bridge.desk.sight import Saying


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


def test_what_a_person_refused_names_them_and_their_reason() -> None:
    """What the rules say beside it is not why it was refused, and the rules bring nothing back."""
    seen = sight(
        "block",
        platform_status="rejected",
        writes=(REFUSED,),
        refused_by=Saying("block", "Dana", "asked to by phone", NOW),
        why=why("cost-share", "warn", None),
        account=account("enforce", "reopen"),
    )
    shown = shown_of(seen)
    assert [tag.words for tag in shown.tags] == ["Refused by Dana at 8:41 AM"]
    assert (shown.cause, shown.shows_cause) == ("\u201casked to by phone\u201d", False)
    assert (shown.next, shown.plain) == ("Cal.com told the client.", None)


def test_what_only_warns_is_no_reason_for_a_refusal() -> None:
    """The word by which it was refused was taken back since."""
    warned = why("cost-share", "warn", None)
    gone = sight("block", platform_status="rejected", writes=(REFUSED,), why=warned)
    assert not shown_of(gone).shows_cause
    assert shown_of(replace(gone, why=why(cost="block"))).shows_cause
