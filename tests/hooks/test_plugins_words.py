"""What plugins declare in their rules, seen through the host: read, handed over, and named."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.hooks.doubles import NAME, Point, host_with, plugin
from tests.rulebook.parts import RULE, VERSION

from massage_ins_bridge.api import ALL_PAYERS, Answer, Case, RuleBook, authorization_state
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.rulebook.book import parse_book
from massage_ins_bridge.testing import PluginFailedError, decide_request
from massage_ins_bridge.testing.requests import authorization, chart_of, request, requirement

BOOK = f"""{VERSION}to = 2025-12-31
{RULE.replace("T-1", "T-2")}[[facts]]
on = "coverage"
name = "asked_on"
type = "date"
label = "Asked on"
[[actions]]
kind = "trial.return-records"
label = "Return the records"
[[authorization_kinds]]
kind = "trial.referral"
label = "Referral of the VA"
"""
Hook = Callable[[Case], Any]


def book() -> RuleBook:
    return parse_book(BOOK, "rules.toml")


def host(on_booking: Hook, name: str = NAME, **hooks: Any) -> Host:
    hooks = {"rules": book, "payers": lambda: [ALL_PAYERS], "on_booking": on_booking, **hooks}
    return host_with(Point(name, plugin(**hooks)), only=["regence"])


class Here(Point):
    """Loaded from this module, in which its errors are placed."""

    @property
    def value(self) -> str:
        return __name__


def acts(kind: str) -> Hook:
    return lambda case: Answer(actions=(case.rules["T-2"].action(kind, "Do."),))


def test_a_declared_field_stands_on_the_fact() -> None:
    seen: list[Any] = []

    def on_booking(case: Case) -> None:
        assert case.coverage is not None
        seen.append(case.coverage.extra[NAME]["asked_on"])

    decide_request(request("regence"), host(on_booking))
    sent = {"coverages.0.extra": {NAME: {"asked_on": "2026-11-30"}}}
    decide_request(request("regence", **sent), host(on_booking))
    assert seen == [None, date(2026, 11, 30)]
    with pytest.raises(UnusableInputError, match=r"extra\.trial: no installed plugin"):
        decide_request(request("regence", **sent), host_with(only=["regence"]))
    off = host_with(Point(NAME, plugin(rules=book)), only=["regence"], disabled=[NAME])
    with pytest.raises(UnusableInputError):
        decide_request(request("regence", **sent), off)


def test_a_declared_action_is_work_like_any_other() -> None:
    decision = decide_request(request("regence"), host(acts("trial.return-records")))
    assert "trial.return-records" in [action["kind"] for action in decision["actions"]]


def test_a_declared_action_is_owed_after_the_visit() -> None:
    def done(case: Case) -> list[Any]:
        return [case.rules["T-2"].action("trial.return-records", "Do.")]

    asked = host(lambda case: None, on_visit_complete=done)
    case = asked.case(chart_of(request("regence"), asked))
    actions, failed = asked.visit_complete(case, asked.decide_case(case))
    assert ("trial.return-records" in [a.kind for a in actions], failed) == (True, ())


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            "trial.return-record",
            "the plugin 'trial' declares; did you mean 'trial.return-records'?",
        ),
        ("request-authorisation", "did you mean 'request-authorization'?"),
        ("core.dance", "neither the host has nor"),
    ],
)
def test_an_action_that_nobody_declares_fails_and_both_are_named(kind: str, said: str) -> None:
    with pytest.raises(PluginFailedError) as caught:
        decide_request(request("regence"), host(acts(kind)))
    assert repr(kind) in str(caught.value)
    assert said in str(caught.value)


def test_another_plugins_action_is_its_own() -> None:
    other = Point("other", plugin(on_booking=acts_as_other))
    both = host_with(Point(NAME, plugin(rules=book)), other, only=["regence"])
    with pytest.raises(PluginFailedError, match="which the plugin 'trial' declares for itself"):
        decide_request(request("regence"), both)


def acts_as_other(case: Case) -> Answer:
    rule = case.all_rules[NAME]["T-2"]
    return Answer(actions=(rule.action("trial.return-records", "Do."),))


def test_a_declared_authorization_is_counted_by_its_kind() -> None:
    states: list[Any] = []

    def on_booking(case: Case) -> None:
        states.append(authorization_state(case, ("trial.referral",), case.entries))

    paper = authorization("regence", "trial.referral", number="VA-7")
    asked = host(on_booking)
    decide_request(request("regence", authorizations=[paper]), asked)
    decide_request(request("regence"), asked)
    assert [(now.state, now.number) for now in states] == [("covered", "VA-7"), ("none", None)]


def test_what_is_declared_goes_by_the_installed_name() -> None:
    asked = host(acts("bluest.return-records"), name="bluest")
    decision = decide_request(request("regence"), asked)
    assert "bluest.return-records" in [action["kind"] for action in decision["actions"]]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("T-1", "the rule 'T-1' of the plugin 'trial' is not in force on 2026-12-08"),
        ("T-9", "the rule 'T-9' of the plugin 'trial' is absent from its rules"),
    ],
)
def test_a_rule_that_is_not_there_is_told_with_why(rule: str, said: str) -> None:
    hooks = plugin(rules=book, on_booking=lambda case: case.rules[rule])
    decision = decide_request(request("regence"), host_with(Here(NAME, hooks)), strict=False)
    failed = requirement(decision, "plugin.failed") or {}
    assert said in failed["message"]
    assert "test_plugins_words.py, line" in failed["message"]


def test_so_does_a_plugin_without_rules() -> None:
    asked = host_with(Point("bare", plugin(on_booking=lambda case: case.rules["X-1"])))
    decision = decide_request(request("regence"), asked, strict=False)
    failed = requirement(decision, "plugin.failed") or {}
    assert "the rule 'X-1' of the plugin 'bare' is absent" in failed["message"]


def test_a_waiver_of_a_key_reaches_those_below_it() -> None:
    def waives(case: Case) -> Answer:
        return Answer(waivers=(case.rules["T-2"].waive("prescription", "So.", firm=True),))

    made = request("regence", **{"prescriptions.0.signed": False, "prescriptions.0.diagnoses": ...})
    bare = decide_request(made, host(lambda case: None))
    waived = decide_request(made, host(waives))
    below = [r["key"] for r in bare["requirements"] if r["key"].startswith("prescription")]
    assert {"prescription", "prescription.signature", "prescription.diagnosis"} <= set(below)
    assert [(requirement(waived, key) or {})["status"] for key in below] == ["waived"] * len(below)
    assert bare["outcome"] == "hold"
    beside = {r["key"]: r["status"] for r in bare["requirements"] if r["key"] not in below}
    assert beside == {r["key"]: r["status"] for r in waived["requirements"] if r["key"] in beside}
