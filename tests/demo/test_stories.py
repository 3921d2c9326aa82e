"""The stories themselves, and how they are judged: without any process."""

from __future__ import annotations

import re
from collections import Counter
from io import StringIO

import pytest
from rich.console import Console

from massage_ins_bridge.demo.board import Board, Row
from massage_ins_bridge.demo.stories import STORIES
from massage_ins_bridge.demo.story import (
    Book,
    Client,
    End,
    Move,
    Story,
    asked,
    confirmed,
    day,
    declined,
    refused,
)
from massage_ins_bridge.demo.verdict import Ledger, Verdict, judge

WEEKEND = (5, 6)


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s.title)
def test_each_booking_of_a_story_has_its_end(story: Story) -> None:
    made = [s.booking for s in story.steps if isinstance(s, Book)]
    made += [s.to for s in story.steps if isinstance(s, Move)]
    assert sorted(made) == sorted(story.ends)
    assert all(end.history for end in story.ends.values())


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s.title)
def test_people_are_invented(story: Story) -> None:
    assert re.fullmatch(r"[a-z.]+@example\.com", story.client.email)
    assert re.fullmatch(r"206-555-01\d\d", story.client.phone)


def test_nobody_is_two_people() -> None:
    for field in ("name", "phone"):
        counted = Counter(getattr(story.client, field) for story in STORIES)
        assert max(counted.values()) == 1
    assert len({story.title for story in STORIES}) == len(STORIES) >= 12


def test_the_clinic_is_closed_on_weekends_and_sees_one_client_at_a_time() -> None:
    steps = [s for story in STORIES for s in story.steps if isinstance(s, Book | Move)]
    assert not [s for s in steps if day(s.visit).weekday() in WEEKEND]
    assert max(Counter((s.visit, s.hour) for s in steps).values()) == 1


CLIENT = Client("Test Client", "206-555-0199")
STORY = Story("a story", CLIENT, (), {"visit": refused(asked(0), declined(4))})
REFS = {("a story", "visit"): "u1"}


def change(seq: int, to: str, by: str, uid: str = "u1") -> dict[str, object]:
    return {"seq": seq, "uid": uid, "to": to, "by": by}


def judged(*days: tuple[int, dict[str, object]], reason: str = "or self-pay") -> Verdict:
    ledger = Ledger()
    for number, entry in days:
        ledger.add([entry], number)
    (verdict,) = judge([STORY], REFS, ledger, {"u1": reason})
    return verdict


def test_a_story_that_ends_as_it_should() -> None:
    verdict = judged((0, change(1, "pending", "attendee")), (4, change(2, "rejected", "api")))
    assert verdict.faults == ()


@pytest.mark.parametrize(
    ("history", "seen"),
    [
        ((), "seen nothing"),
        (((0, "pending", "attendee"),), "seen asked for on Tue Dec 1"),
        (
            ((0, "pending", "attendee"), (3, "rejected", "api")),
            "seen asked for on Tue Dec 1, declined by the bridge on Fri Dec 4",
        ),
        (
            ((0, "pending", "attendee"), (4, "rejected", "owner")),
            "seen asked for on Tue Dec 1, rejected by someone else on Sat Dec 5",
        ),
        (
            ((0, "pending", "attendee"), (2, "accepted", "api"), (4, "cancelled", "api")),
            (
                "seen asked for on Tue Dec 1, confirmed by the bridge on Thu Dec 3, "
                "cancelled by the bridge on Sat Dec 5"
            ),
        ),
    ],
    ids=["nothing", "never declined", "a day early", "by somebody else", "confirmed in between"],
)
def test_any_other_course_is_a_fault(history: tuple[tuple[int, str, str], ...], seen: str) -> None:
    entries = [(on, change(n, to, by)) for n, (on, to, by) in enumerate(history, 1)]
    (fault,) = judged(*entries).faults
    assert fault == (
        "visit: expected asked for on Tue Dec 1, declined by the bridge on Sat Dec 5; " + seen
    )


def test_the_words_to_the_client_are_judged() -> None:
    entries = ((0, change(1, "pending", "attendee")), (4, change(2, "rejected", "api")))
    (fault,) = judged(*entries, reason="Please contact the clinic.").faults
    assert "expected the reason to speak of 'self-pay'" in fault


def test_an_end_knows_how_a_day_must_close() -> None:
    end = End((asked(1), confirmed(3)))
    states = [seen.status if (seen := end.on(number)) else None for number in range(5)]
    assert states == [None, "pending", "pending", "accepted", "accepted"]


ROW = Row("Test Client", 7, "books", 0, "Regence", "hold", "pending", "No prescription is on file.")


def test_without_a_terminal_each_move_is_one_plain_line() -> None:
    out = StringIO()
    with Board(Console(file=out), "http://127.0.0.1:1/") as board:
        board.new_day(0, {})
        for _ in range(2):
            board.update({"u1": ROW})
            board.settled({"u1": ROW})
    lines = out.getvalue().splitlines()
    assert lines[0].endswith("http://127.0.0.1:1/")
    assert lines[1] == "--- Tuesday, December 1, 2026"
    words = "Test Client Regence visit Tue Dec 8 hold pending No prescription is on file. [books]"
    assert " ".join(lines[2].split()) == words
    assert len(lines) == 3


@pytest.mark.parametrize(("width", "height"), [(60, 10), (80, 24), (140, 40)])
def test_the_table_fits_the_screen_and_shows_the_latest(width: int, height: int) -> None:
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=width, height=height, color_system=None)
    rows = {
        f"u{n}": Row(f"Client {n}", 7, "books", 0, "Regence", "hold", "pending", f"Why {n}.")
        for n in range(30)
    }
    with Board(console, "http://127.0.0.1:1/") as board:
        board.new_day(0, {})
        board.update(rows)
        out.truncate(0)
        out.seek(0)
        board.new_day(1, rows)
        shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.getvalue()).splitlines()
    assert len(shown) <= height
    assert max(map(len, shown)) <= width
    assert any("Client 29" in line for line in shown)
    assert any("Wednesday, December 2, 2026" in line for line in shown)
