"""The dispatcher alone: replies in order, time limits, threads that never come back."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from tests.web.sockets import until

from massage_ins_bridge.gate.answer_days import Loading
from massage_ins_bridge.hooks import dispatch
from massage_ins_bridge.hooks.dispatch import Call, Dispatcher, NoReply

LIMIT = 0.15


class SpentTime:
    """A clock that goes on only where a call spends time: what else a busy machine is at takes
    none. Whoever waits for the calls looks at it again and again."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now, self._looks = 0.0, 0
        usual = dispatch._Line.is_done

        def is_done(line: dispatch._Line, _seconds: float) -> bool:
            done = usual(line, 0.001)
            self._looks += 1
            return done

        patch.setattr(dispatch._Line, "is_done", is_done)
        patch.setattr(dispatch, "time", SimpleNamespace(monotonic=lambda: self.now))

    def spend(self, limits: float) -> None:
        """So many time limits; whoever waits has seen it before the call goes on."""
        self.now += limits * LIMIT
        seen = self._looks + 2  # what was counted next may have been seen before
        until(lambda: self._looks >= seen)

    def hang(self, stuck: threading.Event) -> None:
        self.now += 2 * LIMIT
        stuck.wait()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SpentTime:
    return SpentTime(monkeypatch)


@pytest.fixture
def stuck() -> threading.Event:
    """Calls that wait for this come back when the test is over."""
    return threading.Event()


def told(replies: list[object]) -> list[object]:
    word = {True: "late", False: "error"}
    return [word[reply.timed_out] if isinstance(reply, NoReply) else reply for reply in replies]


def test_replies_come_in_the_order_of_the_calls() -> None:
    assert Dispatcher(LIMIT).run([]) == []
    calls: list[Call] = [(divmod, (i, 3), "") for i in range(20)]
    assert told(Dispatcher(LIMIT).run(calls)) == [divmod(i, 3) for i in range(20)]


def test_whatever_is_raised_is_a_reply() -> None:
    def fall() -> None:
        raise GeneratorExit

    replies = Dispatcher(LIMIT).run([(fall, (), ""), (abs, (-2,), "")])
    assert told(replies) == ["error", 2]
    assert replies[0].error.startswith("it raised GeneratorExit in test_dispatch.py, line ")


@pytest.mark.parametrize("hanging", [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)])
def test_the_call_that_hangs_is_blamed(
    hanging: tuple[int, ...], stuck: threading.Event, clock: SpentTime
) -> None:
    def call(place: int) -> Call:
        return (clock.hang, (stuck,), "") if place in hanging else (int, (place,), "")

    try:
        replies = Dispatcher(LIMIT).run([call(place) for place in range(3)])
    finally:
        stuck.set()
    assert told(replies) == ["late" if place in hanging else place for place in range(3)]


def test_what_the_host_loads_meanwhile_is_not_the_call_s_time(
    stuck: threading.Event, clock: SpentTime
) -> None:
    """Neither while it is loaded, nor after that; and a call that hangs then is blamed all the
    same."""

    def call() -> int:
        Loading.going = True
        clock.spend(3)
        Loading.done, Loading.going = Loading.done + 1, False
        clock.spend(0.5)
        return 7

    calls: list[Call] = [(call, (), ""), (clock.hang, (stuck,), "")]
    try:
        assert told(Dispatcher(LIMIT).run(calls)) == [7, "late"]
    finally:
        stuck.set()


def test_a_hang_costs_its_time_limit_and_no_more(stuck: threading.Event) -> None:
    limit = 1.0  # far more than a thread's start takes on a machine that is busy
    dispatcher = Dispatcher(limit)
    started = time.monotonic()
    dispatcher.run([(stuck.wait, (), "")])
    first = time.monotonic() - started
    dispatcher.run([(int, (), "")])
    second = time.monotonic() - started - first
    stuck.set()
    assert limit <= first < limit + 1
    assert second < limit


def test_each_call_has_the_whole_limit(clock: SpentTime) -> None:
    """The limit is one plugin's, not that of all of them together."""
    calls: list[Call] = [(clock.spend, (0.6,), "") for _ in range(4)]
    assert told(Dispatcher(LIMIT).run(calls)) == [None] * 4


def test_several_threads_get_their_own_replies() -> None:
    dispatcher = Dispatcher(5)

    def ask(number: int) -> bool:
        calls: list[Call] = [(complex, (number, i), "") for i in range(5)]
        return told(dispatcher.run(calls)) == [complex(number, i) for i in range(5)]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(200)))


def test_who_was_interrupted_leaves_nothing_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """The calls go on in their thread, and what they say belongs to no one."""
    dispatcher, called = Dispatcher(5), list[int]()
    pause: Call = (time.sleep, (LIMIT,), "")

    def interrupted(_line: object, _seconds: float) -> bool:
        raise KeyboardInterrupt

    assert dispatcher.run([(int, (7,), "")]) == [7]
    with monkeypatch.context() as changed:
        changed.setattr("massage_ins_bridge.hooks.dispatch._Line.is_done", interrupted)
        with pytest.raises(KeyboardInterrupt):
            dispatcher.run([pause, pause])
    assert dispatcher.run([pause, (called.append, (1,), "")]) == [None, None]
    dispatcher.run([pause])
    assert called == [1]


def test_its_thread_ends_with_it(stuck: threading.Event) -> None:
    """Whether it waits for work, or comes back after it was given up."""
    dispatcher = Dispatcher(LIMIT)
    told: list[threading.Thread] = []
    note: Call = (lambda: told.append(threading.current_thread()), (), "")
    dispatcher.run([note, (stuck.wait, (), ""), note])
    assert len(set(told)) == len(told)
    stuck.set()
    del dispatcher
    for thread in told:
        thread.join(20)
        assert not thread.is_alive()


@pytest.mark.slow
def test_an_answer_just_at_the_limit_is_in_time_or_late_and_never_both() -> None:
    """The reply may come in while it is being given up; blame and order stay right."""
    limit = 0.002
    dispatcher = Dispatcher(limit)
    end = time.monotonic() + 10
    while time.monotonic() < end:
        replies = dispatcher.run([(time.sleep, (limit * 0.98,), ""), (int, (7,), "")])
        first, second = told(replies)
        assert first in (None, "late")
        assert second in (7, "late")
