"""A helper thread is kept beside its caller, who afterwards may run where it could before."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from massage_ins_bridge.hooks import nearby
from massage_ins_bridge.hooks.nearby import Nearby

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="this system does not tell its processors"
)


@pytest.fixture
def helper() -> Iterator[int]:
    """The native id of a thread that waits."""
    told: list[int] = []
    ready, end = threading.Event(), threading.Event()

    def wait() -> None:
        told.append(threading.get_native_id())
        ready.set()
        end.wait(20)

    thread = threading.Thread(target=wait)
    thread.start()
    ready.wait(20)
    yield told[0]
    end.set()
    thread.join()


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    usual = os.sched_getaffinity(0)
    yield
    os.sched_setaffinity(0, usual)


def beside(helper: int) -> Nearby:
    made = Nearby()
    made.thread = helper
    return made


def test_both_are_on_one_processor_until_they_part(helper: int) -> None:
    usual, near = os.sched_getaffinity(0), beside(helper)
    assert near.come()
    assert os.sched_getaffinity(0) == os.sched_getaffinity(helper)
    assert len(os.sched_getaffinity(0)) == 1
    near.part()
    assert os.sched_getaffinity(0) == usual


def test_nobody_is_kept_before_the_helper_is_known() -> None:
    usual = os.sched_getaffinity(0)
    assert not Nearby().come()
    assert os.sched_getaffinity(0) == usual


def test_what_the_process_may_use_can_change_meanwhile(helper: int) -> None:
    usual, near = os.sched_getaffinity(0), beside(helper)
    if len(usual) < 2:
        pytest.skip("one processor cannot be made fewer")
    fewer = {min(usual)}
    os.sched_setaffinity(0, fewer)
    assert near.come()
    near.part()
    assert os.sched_getaffinity(0) == fewer
    os.sched_setaffinity(0, usual)
    assert near.come()
    near.part()
    assert os.sched_getaffinity(0) == usual


def test_a_caller_is_never_left_pinned(helper: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the processors that it could use before is the process's any more."""
    usual, near = os.sched_getaffinity(0), beside(helper)
    assert near.come()
    real = os.sched_setaffinity

    def moved(thread: int, processors: object) -> None:
        if processors == usual:
            raise OSError(22, "Invalid argument")
        real(thread, processors)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(os, "sched_setaffinity", moved)
        near.part()
    assert os.sched_getaffinity(0) == usual


def test_a_system_that_will_not_say(helper: int, monkeypatch: pytest.MonkeyPatch) -> None:
    usual, near = os.sched_getaffinity(0), beside(helper)
    assert near.come()
    near.part()
    monkeypatch.setattr(nearby, "_current_processor", lambda: lambda: -1)
    assert not near.come()
    assert os.sched_getaffinity(0) == usual


def test_a_helper_that_is_given_up_runs_anywhere_again(helper: int) -> None:
    usual, near = os.sched_getaffinity(0), beside(helper)
    near.come()
    near.part()
    near.let_go()
    assert os.sched_getaffinity(helper) == usual
