"""How the course of a story is judged."""

import pytest

from massage_ins_bridge.demo.story import Client, Story, asked, declined, refused
from massage_ins_bridge.demo.verdict import Ledger, Verdict, judge

CLIENT = Client("Test Client", "206-555-0199")
STORY = Story("a story", CLIENT, (), {"visit": refused(asked(0), declined(4))})
ASKED, SEEN = (0, "pending", "attendee"), "seen asked for on Tue Dec 1"
REFS = {("a story", "visit"): "u1"}


def change(seq: int, to: str, by: str, uid: str = "u1") -> dict[str, object]:
    return {"seq": seq, "uid": uid, "to": to, "by": by}


def judged(*days: tuple[int, dict[str, object]], reason: str = "or self-pay") -> Verdict:
    ledger = Ledger()
    for number, entry in days:
        ledger.add([entry], number)
    (verdict,) = judge([STORY], REFS, ledger, {"u1": reason})
    return verdict


@pytest.mark.parametrize(
    ("history", "seen"),
    [
        ((), "seen nothing"),
        ((ASKED,), SEEN),
        ((ASKED, (3, "rejected", "api")), f"{SEEN}, declined by the bridge on Fri Dec 4"),
        ((ASKED, (4, "rejected", "owner")), f"{SEEN}, rejected by someone else on Sat Dec 5"),
        (
            (ASKED, (2, "accepted", "api"), (4, "cancelled", "api")),
            f"{SEEN}, confirmed by the bridge on Thu Dec 3, cancelled by the bridge on Sat Dec 5",
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


def test_the_right_course_is_judged_by_the_words_to_the_client() -> None:
    entries = ((0, change(1, "pending", "attendee")), (4, change(2, "rejected", "api")))
    assert judged(*entries).faults == ()
    (fault,) = judged(*entries, reason="Please contact the clinic.").faults
    assert "expected the reason to speak of 'self-pay'" in fault
