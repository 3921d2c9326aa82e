"""The table of platform state against outcome."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massage_ins_bridge.desk.steps import Place, step_for

PENDING = Place("pending")
ITSELF, PERSON = Place("accepted", "platform"), Place("accepted", "person")
CANCELS = Place("accepted", "platform", cancel_accepted=True)
BRIDGE = Place("accepted", "bridge", cancel_accepted=True)
UNKNOWN = Place("accepted", "unknown", cancel_accepted=True)


@pytest.mark.parametrize(
    ("place", "allow", "hold", "block"),
    [
        (PENDING, "confirm", "keep", "refuse"),
        (ITSELF, None, "hold", "ask"),
        (CANCELS, None, "hold", "refuse"),
        (BRIDGE, None, "hold", "refuse"),
        (UNKNOWN, None, "hold", "ask"),
        (PERSON, None, "note", "ask"),
        (Place("accepted", "person", ordered=True), None, "note", "refuse"),
    ],
)
def test_the_table(place: Place, allow: str | None, hold: str, block: str) -> None:
    assert [step_for(o, place) for o in ("allow", "hold", "block", None)] == [
        *(allow, hold, block),
        None,
    ]


@given(
    st.sampled_from(["allow", "hold", "block", None]),
    st.builds(
        Place,
        st.just("accepted"),
        st.sampled_from(["person", "unknown", None]),
        st.just(value=False),
        st.booleans(),
    ),
)
def test_what_a_person_may_have_accepted_is_never_refused(
    outcome: str | None, place: Place
) -> None:
    assert step_for(outcome, place) not in ("refuse", "confirm")
