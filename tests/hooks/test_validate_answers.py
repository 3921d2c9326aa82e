"""What a plugin returns is checked before it counts: an invalid one holds and is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.hooks.distributions import assert_held_for, failures
from tests.hooks.doubles import NAME, Point, host_with, note, plugin

from massage_ins_bridge.api import ALL_PAYERS, Action, Answer, Payer, Requirement, RuleBook, Waiver
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import request, requirement

PA = "prior-authorization"
DUE = datetime.fromisoformat("2026-12-08T00:00:00+00:00")


def waiver(**more: Any) -> Waiver:
    values = {"key": PA, "rule": "X-1", "plugin": NAME, "strength": "firm"}
    return Waiver(**(values | {"reason": "So.", "source": "a test"} | more))


def action(**more: Any) -> Action:
    return Action(**({"kind": "appeal", "rule": "X-1", "message": "Do."} | more))


class Trap(tuple[Any, ...]):
    """A list that cannot be looked through."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("not today")


def answers(*requirements: Requirement, **more: Any) -> Answer:
    return Answer(requirements, **more)


INVALID: dict[str, Any] = {
    "true": True,
    "a number": 3,
    "a requirement alone": note(),
    "the class": Answer,
    "text among requirements": answers("met"),  # type: ignore[arg-type]
    "requirements are a dict": Answer({"a": note()}),  # type: ignore[arg-type]
    "requirements are nothing": Answer(None),  # type: ignore[arg-type]
    "requirements cannot be read": Answer(Trap()),
    "a waiver among requirements": answers(waiver()),  # type: ignore[arg-type]
    "an unknown key": answers(note(key="weather")),
    "another's key": answers(note(key="regence.mood")),
    "the failure key": answers(note(key="plugin.failed")),
    "a key that is a list": answers(note(key=[PA])),
    "a key that is nothing": answers(note(key=None)),
    "an unknown status": answers(note(status="fine")),
    "a status that is a list": answers(note(status=["met"])),
    "waived by itself": answers(note(status="waived")),
    "met and yet a hold": answers(note(effect="hold")),
    "due and yet a block": answers(note(status="due", effect="block")),
    "unknown and yet a block": answers(note(status="unknown", effect="block")),
    "an unknown effect": answers(note(status="unmet", effect="deny")),
    "an effect that is a dict": answers(note(effect={})),
    "no rule": answers(note(rule="")),
    "no source": answers(note(source=None)),
    "no message": answers(note(message="")),
    "a message that is bytes": answers(note(message=b"Well.")),
    "a remedy that is nothing": answers(note(remedy=None)),
    "a patient message that is a number": answers(note(patient_message=4)),
    "due is text": answers(note(status="due", due="2026-12-08")),
    "due is a time": answers(note(status="due", due=DUE)),
    "another's name": answers(note(plugin="regence")),
    "the shared rules' name": answers(note(plugin="core")),
    "a waiver of nothing known": answers(waivers=(waiver(key="weather"),)),
    "a waiver's key is a list": answers(waivers=(waiver(key=[PA]),)),
    "a waiver half firm": answers(waivers=(waiver(strength="rather"),)),
    "a waiver's strength is a list": answers(waivers=(waiver(strength=["firm"]),)),
    "a waiver in another's name": answers(waivers=(waiver(plugin="uniform"),)),
    "a waiver without reason": answers(waivers=(waiver(reason=""),)),
    "a waiver without source": answers(waivers=(waiver(source=""),)),
    "a waiver to confirm an object": answers(waivers=(waiver(confirm_with_plan=object()),)),
    "an unknown action": answers(actions=(action(kind="dance"),)),
    "an action's kind is a list": answers(actions=(action(kind=["appeal"]),)),
    "an action's day is text": answers(actions=(action(due="2026-12-08"),)),
    "an action without a message": answers(actions=(action(message=""),)),
    "an action cures a list": answers(actions=(action(cures=[PA]),)),
    "actions are text": answers(actions="appeal"),
}


@pytest.mark.parametrize("kind", INVALID)
def test_an_invalid_answer_holds(kind: str) -> None:
    host = host_with(Point(NAME, plugin(on_booking=lambda case: INVALID[kind])))
    decision = decide_request(request("regence"), host)
    json.dumps(decision)
    assert_held_for(decision, NAME)
    assert requirement(decision, f"{NAME}.mood") is None


def test_an_invalid_answer_that_quotes_the_client_is_not_repeated() -> None:
    def on_booking(case: Any) -> Answer:
        return Answer((note(key=f"{case.patient.name} {case.coverage.member_id}"),))

    decision = decide_request(
        request("regence"), host_with(Point(NAME, plugin(on_booking=on_booking)))
    )
    assert decision["outcome"] == "hold"
    assert "Test Patient" not in failures(decision)[NAME]
    assert "ZZZ123" not in failures(decision)[NAME]


ANNOUNCED: dict[str, dict[str, Any]] = {
    "payers is nothing": {"payers": lambda: None},
    "payers is a number": {"payers": lambda: 7},
    "payers is text": {"payers": lambda: "regence"},
    "payers holds a number": {"payers": lambda: [7]},
    "a payer's key is a list": {"payers": lambda: [Payer([], "Acme", NAME)]},  # type: ignore[arg-type]
    "a payer has no name": {"payers": lambda: [Payer("acme", None, NAME)]},  # type: ignore[arg-type]
    "a payer's aliases are nothing": {
        "payers": lambda: [Payer("acme", "Acme", NAME, aliases=None)]  # type: ignore[arg-type]
    },
    "rules is a list": {"rules": lambda: [7]},
    "rules without a list": {"rules": lambda: RuleBook(NAME, "1", None)},  # type: ignore[arg-type]
    "rules of another shape": {"rules": lambda: RuleBook(NAME, "1", (7,))},  # type: ignore[arg-type]
}


@pytest.mark.parametrize("kind", ANNOUNCED)
def test_a_plugin_that_cannot_say_what_it_is_holds_all(kind: str) -> None:
    hooks = {"payers": lambda: [ALL_PAYERS], **ANNOUNCED[kind]}
    host = host_with(Point(NAME, plugin(on_booking=lambda case: None, **hooks)))
    assert_held_for(decide_request(request("regence"), host), NAME)


def test_a_plugin_that_cannot_be_looked_at_holds() -> None:
    class Shy:
        def __dir__(self) -> list[str]:
            raise RuntimeError("no")

    for loaded in (Shy(), {}):
        decision = decide_request(request("regence"), host_with(Point(NAME, loaded)))
        assert_held_for(decision, NAME)


def test_a_payer_without_its_book_still_takes_self_pay() -> None:
    """A payer may forbid self-pay by a rule that its plugin forgot to bring."""
    payer = Payer("acme", "Acme", NAME, self_pay_rule="X-9")
    host = host_with(Point(NAME, plugin(payers=lambda: [payer])), only=())
    decision = decide_request(request("acme", **{"booking.self_pay": True}), host)
    assert decision["outcome"] in ("allow", "hold")


@pytest.mark.parametrize("answer", [7, "calcom", [object()], {"a": 1}])
def test_connectors_that_are_none_fail_their_plugin_when_asked(answer: Any) -> None:
    host = host_with(Point(NAME, plugin(on_booking=lambda case: None, connectors=lambda: answer)))
    assert host.connectors[NAME] == ()
    (found,) = [item for item in host.plugins if item.name == NAME]
    assert found.failure == "connectors() returned something else than classes"
