"""How the course of a story is judged."""

from dataclasses import replace
from typing import Any

import pytest

from massage_ins_bridge.demo.story import (
    Client,
    End,
    Kept,
    Said,
    Story,
    asked,
    confirmed,
    declined,
    moved,
    refused,
)
from massage_ins_bridge.demo.verdict import Evidence, Ledger, OnRecord, Verdict, judge

CLIENT = Client("Test Client", "206-555-0199")
STORY = Story("a story", CLIENT, (), {"visit": refused(asked(0), declined(4))})
ASKED, SEEN = (0, "pending", "attendee"), "seen asked for on Tue Dec 1"
RECORD = OnRecord("b1", "p1", "block")


def change(seq: int, to: str, by: str, uid: str = "u1") -> dict[str, object]:
    return {"seq": seq, "uid": uid, "to": to, "by": by}


def evidence(*days: tuple[int, dict[str, object]], paused: bool = True, **more: Any) -> Evidence:
    ledger = Ledger()
    for number, entry in days:
        ledger.add([entry], number, pause_over=paused)
    usual: dict[str, Any] = {
        "refs": {("a story", "visit"): "u1", ("a story", "moved visit"): "u2"},
        "reasons": {"u1": "or self-pay"},
        "records": {"u1": RECORD},
        "clients": {"a story": "p1"},
    }
    return Evidence(ledger=ledger, **{**usual, **more})


def judged(found: Evidence, story: Story = STORY) -> Verdict:
    (verdict,) = judge([story], found)
    return verdict


@pytest.mark.parametrize(
    ("history", "seen"),
    [
        ((), "seen nothing"),
        ((ASKED,), SEEN),
        ((ASKED, (3, "rejected", "api")), f"{SEEN}, declined by the bridge on Fri Dec 4"),
        ((ASKED, (4, "rejected", "owner")), f"{SEEN}, rejected by owner on Sat Dec 5"),
        ((ASKED, (4, "rejected", "guest")), f"{SEEN}, rejected by someone else on Sat Dec 5"),
        (
            (ASKED, (2, "accepted", "api"), (4, "cancelled", "api")),
            f"{SEEN}, confirmed by the bridge on Thu Dec 3, cancelled by the bridge on Sat Dec 5",
        ),
    ],
    ids=["nothing", "never", "a day early", "by the owner", "by somebody else", "confirmed before"],
)
def test_any_other_course_is_a_fault(history: tuple[tuple[int, str, str], ...], seen: str) -> None:
    entries = [(on, change(n, to, by)) for n, (on, to, by) in enumerate(history, 1)]
    (fault,) = judged(evidence(*entries)).faults
    assert fault == (
        "visit: expected asked for on Tue Dec 1, declined by the bridge on Sat Dec 5; " + seen
    )


RIGHT = ((0, change(1, "pending", "attendee")), (4, change(2, "rejected", "api")))


def test_the_right_course_is_judged_by_the_words_to_the_client() -> None:
    assert judged(evidence(*RIGHT)).faults == ()
    (fault,) = judged(evidence(*RIGHT, reasons={"u1": "Please contact the clinic."})).faults
    assert "expected the reason to speak of 'self-pay'" in fault


def test_a_refusal_that_did_not_wait_is_a_fault() -> None:
    (fault,) = judged(evidence(*RIGHT, paused=False)).faults
    assert fault.endswith("declined by the bridge without a pause on Sat Dec 5")


def test_a_step_that_could_not_be_taken_is_a_fault() -> None:
    verdict = judged(evidence(*RIGHT, troubles={"a story": ["staff stops it: answered 409"]}))
    assert verdict.faults == ("staff stops it: answered 409",)


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        (None, "visit: the bridge knows nothing of it"),
        (replace(RECORD, patient="p2"), "visit: filed under another client than Test Client"),
    ],
)
def test_a_booking_belongs_to_the_storys_client(record: OnRecord | None, fault: str) -> None:
    records = {"u1": record} if record else {}
    assert judged(evidence(*RIGHT, records=records)).faults == (fault,)


SAID = Said("allow", "Noor", "told us")
KEPT = Kept("allow", "block", "person", SAID, visit=4, task="block-by-hand", moved_to="moved visit")
TRUE = OnRecord(
    "b1", "p1", "allow", "block", "person", (SAID,), 4, ("action", "block-by-hand"), moved_to="b2"
)


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        ({}, ""),
        ({"outcome": "block"}, "expected 'allow' on record as outcome; seen 'block'"),
        ({"rules": "allow"}, "expected 'block' on record as rules; seen 'allow'"),
        ({"accepted_by": "bridge"}, "expected 'person' on record as acceptor; seen 'bridge'"),
        ({"said": (Said("allow", "Noor", "!"),)}, "Said(kind='allow', name='Noor', reason='told"),
        ({"visit": 5}, "expected 4 on record as visit number; seen 5"),
        ({"tasks": ("action",)}, "expected an open task 'block-by-hand'; seen ['action']"),
        ({"moved_to": None}, "expected 'moved visit' on record in its place; seen None"),
    ],
    ids=["nothing", "outcome", "rules", "acceptor", "word", "count", "task", "moved"],
)
def test_what_the_bridge_keeps_on_record_is_judged(other: dict[str, Any], fault: str) -> None:
    story = replace(STORY, ends={"visit": End((asked(0), confirmed(0), moved(1)), kept=KEPT)})
    course = ((0, "pending", "attendee"), (0, "accepted", "api"), (1, "cancelled", "attendee"))
    entries = [(on, change(n, to, by)) for n, (on, to, by) in enumerate(course, 1)]
    records = {"u1": replace(TRUE, **other), "u2": OnRecord("b2", "p1", "allow")}
    faults = judged(evidence(*entries, records=records), story).faults
    assert len(faults) == bool(fault)
    assert fault in "".join(faults)
