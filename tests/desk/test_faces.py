"""What a booking's row says in every state that it can be in."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.desk.sights import (
    CURE,
    LATER,
    NOW,
    REFUSED,
    SAID_YES,
    STOP,
    TODAY,
    WAITS,
    account,
    shown_of,
    sight,
    why,
    write,
)

from massage_ins_bridge.desk.faces import STATES, state_of
from massage_ins_bridge.desk.first_look import Progress
from massage_ins_bridge.desk.sight import Sight
from massage_ins_bridge.desk.staff_words import StaffWords
from massage_ins_bridge.store.bookings import Details

#: The state; what makes it; its first tag; the filled button; how much it needs somebody.
CASES: list[tuple[str, Sight, str, str, str]] = [
    ("allowed", sight("allow"), "Confirmed", "", ""),
    ("pays", sight("allow", details=Details(self_pay=True)), "Confirmed", "", ""),
    ("held", sight(), "On hold until Fri, Dec 11", "Add prescription", "hold"),
    (
        "held-by-hand",
        sight(hold_state="manual", platform_status="accepted"),
        "On hold until Fri, Dec 11, by hand",
        "Add prescription",
        "hold",
    ),
    (
        "refusal-waits",
        sight("block", writes=(WAITS,)),
        "Refused at 9:15 AM",
        "Stop the refusal",
        "stop",
    ),
    (
        "refusal-waits",
        sight(
            "block", writes=(write("block", "waiting", due_at=NOW + timedelta(days=1, minutes=3)),)
        ),
        "Refused on Wed, Dec 9, 9:15 AM",
        "Stop the refusal",
        "stop",
    ),
    (
        "stopped",
        sight(said=StaffWords(stopped=True), word=STOP),
        "Stopped by Dana",
        "Add prescription",
        "hold",
    ),
    (
        "let-stand",
        sight("allow", said=StaffWords(override="allow"), word=SAID_YES),
        "Let stand by Dana",
        "",
        "",
    ),
    (
        "refuse-ordered",
        sight("block", said=StaffWords(override="block"), word=replace(SAID_YES, kind="block")),
        "Refused by Dana",
        "Undo",
        "stop",
    ),
    (
        "kept",
        sight("block", platform_status="accepted", accepted_by="person"),
        "Kept: a person said yes",
        "Add prescription",
        "hold",
    ),
    (
        "accepted-refuse",
        sight("block", platform_status="accepted", accepted_by="platform"),
        "Confirmed by Cal.com",
        "Add prescription",
        "hold",
    ),
    ("refusing", sight("block"), "Cannot stand", "Let it stand…", "stop"),
    (
        "watching",
        sight("block", account=account("observe")),
        "Watching only",
        "Add prescription",
        "",
    ),
    (
        "first-look",
        sight(None, first_look=Progress("desk", 41, "", None)),
        "Not judged yet",
        "",
        "",
    ),
    ("not-decided", sight(None), "Being judged", "", ""),
    ("who", sight(why=why("identity", due=None)), "Who is this?", "Compare the two", "hold"),
    ("no-answer", sight(why=why("plugin.failed")), "Rules gave no answer", "Let it stand…", "hold"),
    (
        "not-told",
        sight("allow", writes=(write("confirm", "queued", detail="HTTP 503"),)),
        "Allowed, Cal.com not told",
        "Try now",
        "hold",
    ),
    (
        "was-it-held",
        sight("allow", start_at=NOW - timedelta(hours=2), end_at=NOW - timedelta(hours=1)),
        "Was this visit held?",
        "Completed",
        "hold",
    ),
    ("completed", sight("allow", platform_status="completed"), "Completed", "", ""),
    (
        "completed-unpaid",
        sight("hold", platform_status="completed"),
        "Completed, may be unpaid",
        "Add prescription",
        "hold",
    ),
    ("no-show", sight("allow", platform_status="no-show"), "No-show", "", ""),
    (
        "refused",
        sight("block", platform_status="rejected", writes=(REFUSED,)),
        "Refused at 8:41 AM",
        "",
        "",
    ),
    ("called-off", sight("allow", platform_status="cancelled"), "Cancelled", "", ""),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_each_state_says_what_the_desk_needs(case: tuple[str, Sight, str, str, str]) -> None:
    state, seen, tag, main, needs = case
    shown = shown_of(seen, CURE)
    assert state_of(seen) == state
    assert shown.tags[0].words == tag
    assert (shown.main.words if shown.main else "") == main
    assert shown.needs == needs


def test_no_state_is_left_out() -> None:
    assert {case[0] for case in CASES} == set(STATES)


HERE = NOW - timedelta(minutes=15)


@pytest.mark.parametrize(
    ("seen", "main", "following"),
    [
        (sight("allow", start_at=TODAY), None, "At Completed: the visit counts"),
        (sight("hold", start_at=TODAY), "Add prescription", "Kept until"),
        (sight("allow", start_at=NOW), "Completed", "its claim is due."),
        (sight("hold", start_at=NOW), "Completed", "Kept until"),
    ],
)
def test_a_client_who_is_here_is_completed_once_the_visit_has_begun(
    seen: Sight, main: str | None, following: str
) -> None:
    seen.row.arrived_at = HERE
    seen.row.end_at = seen.row.start_at + timedelta(hours=1)
    shown = shown_of(seen, CURE)
    assert shown.tags[0].words == "Here since 8:57 AM"
    assert (shown.main.words if shown.main else None) == main
    assert following in shown.next
    assert not shown.plain or shown.plain.do != "arrived"


def test_nobody_arrives_on_another_day() -> None:
    assert shown_of(sight("allow", start_at=TODAY)).plain is not None
    assert shown_of(sight("allow", start_at=LATER)).plain is None


def test_a_move_is_shown_beside_what_was_decided() -> None:
    shown = shown_of(sight("allow", moved_from=NOW - timedelta(days=1)))
    assert [t.words for t in shown.tags] == ["Confirmed", "Moved from Mon, Dec 7, 9:12 AM"]


def test_a_refusal_of_which_nobody_told_the_client_asks_for_a_call() -> None:
    seen = sight("block", platform_status="rejected", writes=(REFUSED,))
    told = replace(seen, tasks=frozenset({"tell-client"}))
    assert "told the client" in shown_of(seen).next
    shown = shown_of(told)
    assert shown.main is not None
    assert (shown.main.do, "Call today" in shown.next) == ("told", True)


@pytest.mark.parametrize(("called", "told"), [("Cal.com", "Cal.com"), ("", "the platform")])
def test_a_platform_without_a_name_is_called_so_within_a_sentence(called: str, told: str) -> None:
    shown = shown_of(sight("block", account=account(called=called), writes=(WAITS,)))
    assert f" {told} declines the visit." in shown.next
