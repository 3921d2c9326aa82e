"""Whatever mix of plugins raises, hangs, says nothing or gives an invalid answer: the outcome is
exactly hold, each that failed is named, and everybody else's answers are shown."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hooks.distributions import failures
from tests.hooks.doubles import Point, host_with, note, plugin

from massage_ins_bridge.api import Answer
from massage_ins_bridge.hooks import dispatch
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import request, requirement, small_host

pytestmark = pytest.mark.slow  # processes of their own, or a whole service
#: No answer takes as long, on however busy a machine.
LIMIT = 60.0
PAYERS = st.sampled_from(["regence", "cigna", "lni", "pip"])
STUCK, HUNG = threading.Event(), threading.Event()


class Line(dispatch._Line):
    """The limit of a call is over once the call hangs, and not before: how long the others take is
    no matter here."""

    def put(self, job: dispatch._Job) -> None:
        HUNG.clear()
        self._job = job
        super().put(job)

    def is_done(self, seconds: float) -> bool:
        while not HUNG.is_set():
            if super().is_done(0.01):
                return True
        self._job.started -= seconds
        return False


@pytest.fixture(autouse=True, scope="module")
def _hangs_are_seen_at_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(dispatch, "_Line", Line)
        yield
    STUCK.set()


def raising(case: Any) -> Answer:
    raise ZeroDivisionError


def leaving(case: Any) -> Answer:
    raise SystemExit


def hanging(case: Any) -> None:
    HUNG.set()
    STUCK.wait()


Behaviour = Callable[[str], Callable[[Any], Any]]
FAILING: dict[str, Behaviour] = {
    "raises": lambda name: raising,
    "leaves": lambda name: leaving,
    "hangs": lambda name: hanging,
    "text": lambda name: lambda case: "allow",
    "invalid": lambda name: lambda case: Answer((note(plugin=name, key="weather"),)),
    "impostor": lambda name: lambda case: Answer((note(key=f"{name}.x", plugin="regence"),)),
}
SOUND: dict[str, Behaviour] = {
    "nothing": lambda name: lambda case: None,
    "empty": lambda name: lambda case: Answer(),
    "word": lambda name: lambda case: Answer((note(key=f"{name}.word", plugin=name),)),
    "block": lambda name: (
        lambda case: Answer(
            (note(key=f"{name}.word", plugin=name, status="unmet", effect="block"),)
        )
    ),
}
MIX = st.lists(st.sampled_from(sorted(FAILING | SOUND)), min_size=1, max_size=5)


@settings(max_examples=60)
@given(kinds=MIX, payer=PAYERS)
def test_any_mix_of_plugins(kinds: list[str], payer: str) -> None:
    named = [(f"p{place}-{kind}", kind) for place, kind in enumerate(kinds)]
    points = [Point(name, plugin(on_booking=(FAILING | SOUND)[kind](name))) for name, kind in named]
    installed = ["regence", "out-of-network", "lni", "pip"]
    decision = decide_request(
        request(payer), host_with(*points, only=installed, time_limit=LIMIT), strict=False
    )
    failed = {name for name, kind in named if kind in FAILING}
    assert failures(decision).keys() == failed
    expected = "hold" if failed else "block" if "block" in kinds else "allow"
    assert decision["outcome"] == expected
    for name, kind in named:
        assert (requirement(decision, f"{name}.word") is not None) == (kind in ("word", "block"))
    alone = decide_request(request(payer), small_host(*installed))
    for item in alone["requirements"]:
        if decision["outcome"] == "block" and item["key"] == "progress-report":
            continue  # on a booking that is refused no report is owed
        assert item in decision["requirements"]
