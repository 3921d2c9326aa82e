"""The host: which plugins it asks, what it keeps of one that hangs, many threads at once."""

import json
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from tests.hooks.distributions import failures
from tests.hooks.doubles import NAME, Point, host_with, note, plugin

from massage_ins_bridge.api import ALL_PAYERS, Action, Answer, Finding, Source, UploadAnswer
from massage_ins_bridge.domain.request import read_request
from massage_ins_bridge.hooks.dispatch import Dispatcher
from massage_ins_bridge.hooks.host import Host, HostError
from massage_ins_bridge.testing import decide_request, installed_host
from massage_ins_bridge.testing.requests import days, host_of, request, shown, visits

PAYERS = ("regence", "premera", "kaiser", "cigna", "lni", "pip")


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def chart(payer: str = "regence", **changes: Any) -> Any:
    return read_request(request(payer, **changes), datetime.now(UTC))


def field(host: Host, payer: str = "regence") -> dict[str, Any]:
    """The decision where a plugin that fails holds, and does not end the test."""
    return decide_request(request(payer), host, strict=False)


def every() -> list[str]:
    return [ALL_PAYERS]


def test_a_host_without_the_shared_rules_does_not_start() -> None:
    with pytest.raises(HostError, match="install massage-ins-bridge anew"):
        Host([], [], Dispatcher(1))


def test_decisions_of_eight_threads_are_those_of_one() -> None:
    host = host_with()
    each = [(payer, visits(payer, *days(count))) for payer in PAYERS for count in (0, 3, 7)]
    requests = [request(payer, visits=had) for payer, had in each] * 4
    alone = [json.dumps(decide_request(made, installed_host())) for made in requests]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda made: json.dumps(decide_request(made, host)), requests))
    assert together == alone


def test_deciding_leaves_every_thread_all_processors() -> None:
    """Whose thread it is, is not for the host to say; nor where a plugin's runs."""
    every_one, inside = os.sched_getaffinity(0), list[set[int]]()

    def look(**_: Any) -> Answer:
        inside.append(os.sched_getaffinity(0))
        return Answer()

    host = host_with(Point(NAME, plugin(on_booking=look)))
    for _ in range(50):
        decide_request(request("regence"), host)
    assert inside == [every_one] * 50
    assert os.sched_getaffinity(0) == every_one


def test_eight_threads_wait_for_a_stuck_plugin_once(stuck: threading.Event) -> None:
    limit = 1.5  # enough for the others' answers on a machine that is busy
    host = host_with(Point(NAME, plugin(on_booking=lambda case: stuck.wait())), time_limit=limit)
    started = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        decisions = list(pool.map(lambda _: field(host), range(40)))
    assert time.monotonic() - started < limit * 40
    assert all((d["outcome"], {*failures(d)}) == ("hold", {NAME}) for d in decisions)
    started = time.monotonic()
    field(host)
    assert time.monotonic() - started < limit


def test_a_stuck_plugin_is_set_aside_until_the_host_is_made_anew(stuck: threading.Event) -> None:
    point = Point(NAME, plugin(on_booking=lambda case: None if stuck.is_set() else stuck.wait()))
    host = host_with(point, time_limit=0.2)
    field(host)
    stuck.set()
    again = field(host)
    assert "set aside" in failures(again)[NAME]
    assert field(host_with(point))["outcome"] == "allow"


def test_a_plugin_that_raises_is_asked_again_next_time() -> None:
    """Only a hang costs time; an error may have been that one case's."""
    calls: list[int] = []

    def on_booking(case: object) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError

    host = host_with(Point(NAME, plugin(on_booking=on_booking)))
    outcomes = [field(host)["outcome"] for _ in range(2)]
    assert outcomes == ["hold", "allow"]


def test_only_who_serves_the_payer_is_asked() -> None:
    asked: list[str] = []

    def listener(name: str, **hooks: Any) -> Point:
        return Point(name, plugin(on_booking=lambda case: asked.append(name), **hooks))

    serves = {"a": ["regence"], "b": ["cigna"], "c": [ALL_PAYERS]}
    points = [listener(name, payers=partial(list, served)) for name, served in serves.items()]
    host = host_with(*points, listener("d"))
    decide_request(request("regence"), host)
    assert asked == ["a", "c", "d"]


def test_visit_complete_collects_and_names_who_failed() -> None:
    owed = Action("appeal", "X-1", "Do.", cures="prior-authorization")
    host = host_with(
        Point(NAME, plugin(payers=every, on_visit_complete=lambda case: [owed, owed])),
        Point("broken", plugin(payers=every, on_visit_complete=lambda case: ["appeal"])),
        only=["out-of-network"],
    )
    case = host.case(chart("cigna"))
    actions, failed = host.visit_complete(case, host.decide_case(case))
    assert [(a.kind, a.cures) for a in actions if a.rule == "X-1"] == [("appeal", None)]
    assert [f.plugin for f in failed] == ["broken"]


def test_prescription_upload_collects_and_names_who_failed() -> None:
    found = Finding("purpose", "unmet", "X-1", NAME, "Unclear.", "Ask.", Source("a test"))
    answer = UploadAnswer((found,), ("intake",))
    host = host_with(
        Point(NAME, plugin(payers=every, on_prescription_upload=lambda prescription: answer)),
        Point("broken", plugin(payers=every, on_prescription_upload=lambda case: 7)),
        only=["out-of-network"],
    )
    (paper,) = chart("cigna").prescriptions
    said, failed = host.prescription_upload(host.case(chart("cigna")), paper)
    assert found in said.findings
    assert {"intake", "prescription.signature"} <= set(said.may_cure)
    assert [f.plugin for f in failed] == ["broken"]


def test_findings_are_those_of_the_document_handed_in() -> None:
    host = host_of("out-of-network")
    (paper,) = chart("cigna", **{"prescriptions.0.signed": False}).prescriptions
    said, failed = host.prescription_upload(host.case(chart("cigna")), paper)
    stands = {finding.field: finding.status for finding in said.findings}
    assert (stands["prescription.signature"], len(failed)) == ("unmet", 0)
    assert "prescription.signature" not in said.may_cure


def test_shared_rules_that_fail_on_a_payers_data_hold() -> None:
    """Whatever made them fail: the booking is neither freed nor lost."""
    host = host_of("regence")
    (core,) = (one for one in host.plugins if one.name == "core")
    core.callers["on_booking"] = lambda case: case.rules["CP-CODES"].values["nothing"]
    decision = field(host)
    assert decision["outcome"] == "hold"
    assert "the rule 'CP-CODES' has no value 'nothing'" in failures(decision)["core"]
    with pytest.raises(KeyError, match="nothing"):
        decide_request(request("regence"), host)


def test_a_failure_of_another_payers_plugin_is_not_mine() -> None:
    def on_booking(case: object) -> Answer:
        raise RuntimeError

    host = host_with(Point(NAME, plugin(on_booking=on_booking, payers=lambda: ["lni"])))
    assert shown(decide_request(request("regence"), host), "outcome") == "allow"
    assert shown(field(host, "lni"), "outcome") == "hold"


def test_answers_of_a_sound_plugin_count() -> None:
    answer = Answer((note(status="unmet", effect="block"),))
    host = host_with(Point(NAME, plugin(on_booking=lambda case: answer)))
    assert decide_request(request("regence"), host)["outcome"] == "block"
