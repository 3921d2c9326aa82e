"""What is typed of a rule's values, and what is wrong with it."""

from datetime import date

import pytest

from massage_ins_bridge.desk.rulefile.form import read_change, value_fields
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.domain.rule import Rule
from massage_ins_bridge.domain.source import Source

RULE = Rule(
    "RX-1",
    "A rule.",
    Source("a test"),
    "core",
    {"days": 4, "strict": True, "kind": "loose", "plans": ["UMP", "PEBB"], "table": {"a": 1}},
)
AS_IT_IS = {f"v-{one.name}": one.text for one in value_fields(RULE)}


def test_all_but_tables_is_asked_for() -> None:
    assert {(one.name, one.kind, one.text) for one in value_fields(RULE)} == {
        ("days", "number", "4"),
        ("strict", "yes", "yes"),
        ("kind", "text", "loose"),
        ("plans", "list", "UMP\nPEBB"),
    }


def test_only_what_is_another_is_changed() -> None:
    typed = {**AS_IT_IS, "v-days": " 7 ", "v-strict": "no", "v-plans": "UMP\r\n\r\n Boeing  A \r\n"}
    made = read_change(RULE, {**typed, "source": " our own\nchoice ", "from": "2027-01-01"})
    assert made == {
        "plugin": "core",
        "id": "RX-1",
        "from": date(2027, 1, 1),
        "source": "our own choice",
        "values": {"days": 7, "strict": False, "plans": ["UMP", "Boeing A"]},
    }


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("v-days", "four", "is no whole number"),
        ("v-days", "", "is no whole number"),
        ("v-days", "-1", "is less than nothing"),
        ("v-strict", "perhaps", "choose yes or no"),
        ("v-kind", "a\nb", "in one line"),
        ("v-plans", "x" * 401, "longer than 400"),
        ("v-plans", "a\u202eb", "odd characters"),
        ("v-plans", "a\n" * 401, "more than 400 lines"),
        ("from", "31/02/2027", "is no day"),
        ("to", "2026-01-01", "before the first day"),
        ("source", " ", "is empty"),
        ("source", "x" * 401, "longer than 400"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(field: str, text: str, said: str) -> None:
    typed = {**AS_IT_IS, "source": "why", "from": "2027-01-01", field: text}
    with pytest.raises(UnusableInputError) as caught:
        read_change(RULE, typed)
    assert any(p.path == field and said in p.message for p in caught.value.problems)


def test_a_change_of_nothing_is_told() -> None:
    with pytest.raises(UnusableInputError, match="Nothing is changed yet"):
        read_change(RULE, {**AS_IT_IS, "source": "why"})
