"""What a plugin returns is checked before it counts: an invalid one holds and is named."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.hooks.distributions import assert_held_for, failures
from tests.hooks.doubles import NAME, Point, host_with, note, plugin

from massage_ins_bridge.api import Action, Answer, Source, Waiver
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import request, requirement

PA = "prior-authorization"
DUE = datetime.fromisoformat("2026-12-08T00:00:00+00:00")


def waiver(**more: Any) -> Waiver:
    values: dict[str, Any] = {"key": PA, "rule": "X-1", "plugin": NAME, "strength": "firm"}
    return Waiver(**(values | {"reason": "So.", "source": Source("a test")} | more))


def action(**more: Any) -> Action:
    return Action(**({"kind": "appeal", "rule": "X-1", "message": "Do."} | more))


class Trap(tuple[Any, ...]):
    """A list that cannot be looked through."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("not today")


def answers(*requirements: Any, **more: Any) -> Answer:
    return Answer(requirements, **more)


answered: Any = Answer
INVALID: dict[str, Any] = {
    "true": True,
    "a number": 3,
    "a requirement alone": note(),
    "the class": Answer,
    "text among requirements": answers("met"),
    "requirements are a dict": answered({"a": note()}),
    "requirements are nothing": answered(None),
    "requirements cannot be read": Answer(Trap()),
    "a waiver among requirements": answers(waiver()),
    "an unknown key": answers(note(key="weather")),
    "another's key": answers(note(key="regence.mood")),
    "the failure key": answers(note(key="plugin.failed")),
    "a waiver of the host's own key": answered((), (waiver(key="identity"),)),
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
    "a source that is text": answers(note(source="a page")),
    "a source without title": answers(note(source=Source(""))),
    "a source that links to a script": answers(note(source=Source("A page", "javascript:x()"))),
    "a source read on a text": answers(note(source=Source("A page", read_on="2026"))),  # type: ignore[arg-type]
    "a source sure in its own way": answers(note(source=Source("A page", sure="rather"))),  # type: ignore[arg-type]
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
    "a waiver without source": answers(waivers=(waiver(source=None),)),
    "a waiver to confirm an object": answers(waivers=(waiver(confirm_with_plan=object()),)),
    "an unknown action": answers(actions=(action(kind="dance"),)),
    "an action's kind is a list": answers(actions=(action(kind=["appeal"]),)),
    "an action's day is text": answers(actions=(action(due="2026-12-08"),)),
    "an action without a message": answers(actions=(action(message=""),)),
    "an action cures a list": answers(actions=(action(cures=[PA]),)),
    "actions are text": answers(actions="appeal"),
}


#: What the reason says besides the plugin's name.
WORDS = {
    "a source that is text": "its source is no Source",
    "true": "Answer",
    "an unknown effect": "the status 'unmet' with the effect 'deny' cannot be; rule.met",
    "due is a time": "due is no date; a datetime is none",
    "another's name": "in the name of 'regence'",
    "a waiver in another's name": "in the name of 'uniform'",
    "another's key": "'regence.mood'",
}


@pytest.mark.parametrize("kind", INVALID)
def test_an_invalid_answer_holds(kind: str) -> None:
    host = host_with(Point(NAME, plugin(on_booking=lambda case: INVALID[kind])))
    decision = decide_request(request("regence"), host, strict=False)
    json.dumps(decision)
    assert_held_for(decision, NAME, WORDS.get(kind, ""))
    assert requirement(decision, f"{NAME}.mood") is None


def test_an_invalid_answer_that_quotes_the_client_is_not_repeated() -> None:
    def on_booking(case: Any) -> Answer:
        return Answer((note(key=f"{case.patient.name} {case.coverage.member_id}"),))

    host = host_with(Point(NAME, plugin(on_booking=on_booking)))
    decision = decide_request(request("regence"), host, strict=False)
    assert decision["outcome"] == "hold"
    assert not [word for word in ("Test Patient", "ZZZ123") if word in failures(decision)[NAME]]
