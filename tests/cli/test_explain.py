"""``check --explain``: what stands behind each requirement, met ones too."""

from datetime import date
from types import MappingProxyType

import pytest
from tests.cli.conftest import Run, Text

from massage_ins_bridge.cli.explain import SHOWN, explained, explained_in_words, plain
from massage_ins_bridge.cli.rests_on import Facts, Which, which_of
from massage_ins_bridge.domain.answers import Decision
from massage_ins_bridge.testing.requests import chart_of, request, small_host

SELF = {"coverages.0.funding": "self_insured"}


def nothing(decision: Decision) -> dict[Which, Facts]:
    return {which_of(item): {} for item in decision.requirements}


def test_every_requirement_is_explained_in_the_decisions_order() -> None:
    host = small_host("regence")
    case = host.case(chart_of(request("regence", **SELF), host))
    decision = host.decide_case(case)
    found = explained(decision, case, nothing(decision))
    assert [item["key"] for item in found] == [item.key for item in decision.requirements]
    rule = host.rules_on(case.date_of_service)["regence"]["REG-03"]
    (told,) = [item for item in found if item["rule"] == "REG-03"]
    assert (told["text"], told["values"]) == (rule.text, dict(rule.values))
    assert told["source"] == rule.source.to_dict()
    assert told["quote"] == rule.quote


def test_the_rule_of_a_failed_plugin_is_the_hosts() -> None:
    host = small_host("regence")
    case = host.case(chart_of(request("lni"), host))
    decision = host.decide_case(case)
    told = explained(decision, case, nothing(decision))
    (found,) = [item for item in told if item["key"] == "intake"]
    assert found["plugin"] == "core"


def test_words_name_rule_values_and_source(run: Run, text: Text) -> None:
    done = run("check", "-", "--explain", input=text(**SELF))
    assert done.code == 0
    assert "ALLOW" in done.out
    for said in (
        *("intake is met: ", "rule: REG-03 of the plugin regence", "value: days_after_first_visit"),
        *("says: The prior authorization is requested", "read on 2017-05-03"),
        "rests on: patient.intake_received = true",
    ):
        assert said in done.out, said
    assert "intake is met" not in run("check", "-", input=text(**SELF)).out


def test_json_has_it_beside_the_decision(run: Run, text: Text) -> None:
    bare = run("check", "-", "--json", input=text(**SELF)).json
    full = run("check", "-", "--json", "--explain", input=text(**SELF)).json
    told = full.pop("explained")
    assert full == bare
    assert {item["key"] for item in told} == {item["key"] for item in bare["requirements"]}


def test_a_long_list_is_shown_in_part() -> None:
    host = small_host("regence")
    case = host.case(chart_of(request("regence"), host))
    decision = host.decide_case(case)
    words = explained_in_words(decision, case, nothing(decision))
    longest = max(
        (value for rule in case.all_rules["core"].values() for value in rule.values.values()),
        key=lambda value: len(value) if isinstance(value, list) else 0,
    )
    assert f"and {len(longest) - SHOWN} more" in words


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (MappingProxyType({"day": date(2026, 1, 2)}), {"day": "2026-01-02"}),
        (("a", 1, 1.5, True), ["a", 1, 1.5, True]),
    ],
)
def test_values_are_plain(value: object, shown: object) -> None:
    assert plain(value) == shown
