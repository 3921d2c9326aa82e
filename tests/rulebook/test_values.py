"""The values of a clinic's rules have names and types that the plugin's own rules have."""

from datetime import date
from typing import Any

import pytest

from massage_ins_bridge.domain.rule import Rule
from massage_ins_bridge.domain.source import Source
from massage_ins_bridge.rulebook.schema import RuleDataError
from massage_ins_bridge.rulebook.values import check_values

PAGE = Source("a page")
OLD: dict[str, Any] = {"look_up": True}
NEW: dict[str, Any] = {
    "days": 7,
    "form": "F-1",
    "plans": ["Timber"],
    "groups": [],
    "same_as": {"NP": "ARNP"},
    "strict": False,
    "since": date(2026, 1, 1),
}
RULES = (
    Rule("T-1", "Once.", PAGE, "trial", values=OLD, to=date(2025, 12, 31)),
    Rule("T-1", "Now.", PAGE, "trial", values=NEW, from_=date(2026, 1, 1)),
    Rule("T-2", "Another.", PAGE, "trial", values={"visits": 6, "days": "as they come"}),
    Rule("T-3", "Without values.", PAGE, "trial"),
)


def check(rule: str = "T-1", **parts: Any) -> None:
    check_values({"id": rule, **parts}, RULES, "own.toml: rule T-1")


@pytest.mark.parametrize(
    "values",
    [
        *({"days": 10}, {"form": "F-2"}, {"plans": []}, {"groups": ["1"]}, {"look_up": False}),
        *({"same_as": {"DPT": "PT"}}, {"since": date(2026, 2, 1)}, {"visits": 7}, {}),
    ],
    ids=str,
)
def test_what_the_plugin_reads_may_be_changed(values: dict[str, Any]) -> None:
    check(values=values)


def test_a_list_may_grow() -> None:
    check(add={"plans": ["Cascade"], "groups": ["10012345"]})


def test_a_rule_of_the_clinics_own_has_the_values_of_the_plugin() -> None:
    check("OWN-1", values={"plans": ["Cascade"]})
    with pytest.raises(RuleDataError, match=r"'values\.plan' is no value.*did you mean 'plans'\?"):
        check("OWN-1", values={"plan": ["Cascade"]})


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (
            {"values": {"dayz": 10}},
            "'values.dayz' is no value that the plugin reads; did you mean 'days'?",
        ),
        ({"add": {"plan": ["A"]}}, "'add.plan' is no value that the plugin reads; did you mean"),
        ({"values": {"days": "ten"}}, "'values.days' must be a whole number, not text"),
        ({"values": {"days": True}}, "'values.days' must be a whole number, not true or false"),
        ({"values": {"days": 1.5}}, "'values.days' must be a whole number, not a number"),
        ({"values": {"strict": 1}}, "'values.strict' must be true or false, not a whole number"),
        ({"values": {"form": 7}}, "'values.form' must be text, not a whole number"),
        ({"values": {"plans": "A"}}, "'values.plans' must be a list of text, not text"),
        (
            {"values": {"plans": [7]}},
            "'values.plans' must be a list of text, not a list of a whole number",
        ),
        ({"values": {"since": "2026-01-01"}}, "'values.since' must be a date without quotes, not"),
        ({"values": {"same_as": ["NP"]}}, "'values.same_as' must be a table, not a list of text"),
        ({"add": {"days": [3]}}, "'add.days' must be a whole number, not a list of a whole number"),
        ({"add": {"days": 3}}, "'add.days' must be a list"),
    ],
)
def test_anything_else_is_refused_in_one_line(parts: dict[str, Any], said: str) -> None:
    with pytest.raises(RuleDataError) as caught:
        check(**parts)
    assert str(caught.value).startswith(f"own.toml: rule T-1: {said}")


def test_a_plugin_without_values_says_so() -> None:
    with pytest.raises(RuleDataError, match="is no value that the plugin reads; it has none"):
        check_values({"id": "T-3", "values": {"x": 1}}, RULES[3:], "own.toml")
