"""A rule answers in its own name, and is in force for a while."""

from datetime import date

import pytest

from massage_ins_bridge.domain.rule import NoRuleError, Rule, RulesInForce, Values
from massage_ins_bridge.domain.source import Source

PAGE = Source("a page")


def test_a_rule_makes_answers_in_its_own_name() -> None:
    rule = Rule("R-1", "A rule.", PAGE, "core")
    day = date(2026, 12, 8)
    made = [
        *(rule.met("intake", "m"), rule.unmet("intake", "block", "m", "r", "p")),
        *(rule.unknown("intake", "m", "r", "p"), rule.owed("intake", "m", "r", "p", day)),
    ]
    assert [(item.status, item.effect) for item in made] == [
        *(("met", "none"), ("unmet", "block"), ("unknown", "hold"), ("due", "none"))
    ]
    assert {(item.rule, item.plugin, item.source) for item in made} == {("R-1", "core", PAGE)}
    waiver, finding = (
        rule.waive("intake", "so", firm=False),
        rule.finding("signature", "unmet", "m"),
    )
    assert (waiver.strength, waiver.source) == ("doubtful", PAGE)
    assert (finding.rule, finding.source) == ("R-1", PAGE)
    assert rule.action("appeal", "do", day).due == day


def test_a_rule_is_in_force_on_its_first_and_last_day() -> None:
    rule = Rule("R", "t", PAGE, "core", from_=date(2026, 1, 2), to=date(2026, 1, 4))
    days = [date(2026, 1, day) for day in range(1, 6)]
    assert [rule.in_force(day) for day in days] == [False, True, True, True, False]


OLD = Rule("R-1", "t", PAGE, "brk", from_=date(2020, 1, 1), to=date(2025, 12, 31))
NEXT = Rule("R-1", "t", PAGE, "brk", from_=date(2027, 6, 1))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            "R-1",
            "not in force on 2026-12-08; it is from 2020-01-01 to 2025-12-31, from 2027-06-01",
        ),
        (
            "R-11",
            "the rule 'R-11' of the plugin 'brk' is absent from its rules; did you mean 'R-1'",
        ),
        ("X", "the rule 'X' of the plugin 'brk' is absent from its rules"),
        ("Ann Lee", "the rule by a name that is none of the plugin 'brk' is absent"),
    ],
)
def test_a_rule_that_is_not_in_force_is_said_to_be_so(asked: str, said: str) -> None:
    rules = RulesInForce({}, "brk", date(2026, 12, 8), (OLD, NEXT))
    with pytest.raises(NoRuleError) as caught:
        rules[asked]
    assert said in str(caught.value)
    assert rules.get(asked) is None


def test_a_rule_that_is_not_there_is_met_as_a_key_that_is_not() -> None:
    with pytest.raises(KeyError):
        RulesInForce({}, "brk", date(2026, 12, 8))["R-1"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            "visits_a_week",
            "has no value 'visits_a_week'; did you mean 'visit_a_week'",
        ),
        ("Ann Lee", "has no value by a name that is none"),
    ],
)
def test_a_value_that_a_rule_has_not_is_said_to_be_absent(asked: str, said: str) -> None:
    values = Values({"visit_a_week": 2}, "R-1")
    with pytest.raises(NoRuleError) as caught:
        values[asked]
    assert str(caught.value).startswith(f"the rule 'R-1' {said}")
    assert (values.get(asked), values["visit_a_week"]) == (None, 2)
