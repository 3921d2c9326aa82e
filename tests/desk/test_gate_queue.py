"""Questions that come at one moment share a transaction, and nobody suffers for another's fault."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from tests.desk.bridge import Bridge
from tests.desk.test_ask_before import DAY, ann_is_known, question

from massage_ins_bridge.desk import gate_queue
from massage_ins_bridge.desk.ask_before import ask_before
from massage_ins_bridge.desk.gate_queue import GateQueue
from massage_ins_bridge.desk.gate_words import GateAnswer
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.testing.bookings import START

Heard = dict[int, GateAnswer | Exception]


def at_once(queue: GateQueue, number: int, asked: Callable[[int], Any]) -> Heard:
    """What so many callers hear, who ask at one moment."""
    heard: Heard = {}
    go = threading.Barrier(number)

    def caller(one: int) -> None:
        go.wait()
        try:
            heard[one] = queue.ask("default", asked(one))
        except Exception as error:  # noqa: BLE001 - it is what is heard
            heard[one] = error

    threads = [threading.Thread(target=caller, args=(one,)) for one in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard


def outcomes(heard: Heard) -> list[str]:
    return sorted(a.outcome for a in heard.values() if isinstance(a, GateAnswer))


def test_of_many_at_once_one_gets_the_last_visit(bridge: Bridge) -> None:
    ann_is_known(bridge)
    bridge.knobs.visits = 1
    queue = GateQueue(bridge.installation)
    heard = at_once(queue, 24, lambda one: question(f"q{one}", start=START + one % 5 * DAY))
    assert outcomes(heard) == ["allow"] + ["hold"] * 23


def test_one_key_is_one_answer(bridge: Bridge) -> None:
    ann_is_known(bridge)
    heard = at_once(GateQueue(bridge.installation), 6, lambda _one: question("same"))
    assert len({repr(answer) for answer in heard.values()}) == 1


def test_what_cannot_be_meant_is_told_to_whoever_said_it(bridge: Bridge) -> None:
    ann_is_known(bridge)
    asked = {"account": "other"}
    heard = at_once(
        GateQueue(bridge.installation),
        6,
        lambda one: question(f"q{one}", **asked if one == 3 else {}),
    )
    assert isinstance(heard.pop(3), UnusableInputError)
    assert outcomes(heard) == ["allow"] * 5


def test_a_fault_is_nobody_elses(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    ann_is_known(bridge)

    def careful(installation: Any, record: Any, data: Any) -> GateAnswer:
        answer = ask_before(installation, record, data)
        if data["key"] == "q2":
            raise RuntimeError("after it wrote something")
        return answer

    monkeypatch.setattr(gate_queue, "ask_before", careful)
    heard = at_once(GateQueue(bridge.installation), 6, lambda one: question(f"q{one}"))
    assert isinstance(heard.pop(2), RuntimeError)
    assert outcomes(heard) == ["allow"] * 5
    with bridge.installation.read() as record:
        kept = [record.reservations.by_key("desk", f"q{one}") is not None for one in range(6)]
    assert kept == [True, True, False, True, True, True]
