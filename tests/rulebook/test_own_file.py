"""A clinic's rule file is changed, and what people wrote in it stays."""

from datetime import date

import pytest
import tomli

from massage_ins_bridge.rulebook.own_file import tables_of, with_change, without_rule
from massage_ins_bridge.rulebook.schema import RuleDataError

WRITTEN = """# talked over with Mira
[[rules]]
plugin = "core"
id = "RX-07"
source = "our own choice"  # on paper, too
values = { lead_days = 7, other = 1 }
"""
SEVEN = {"plugin": "core", "id": "RX-07", "source": "again", "values": {"lead_days": 9}}


def test_the_first_change_makes_the_table() -> None:
    made = with_change("", {**SEVEN, "from": date(2027, 1, 1)})
    assert tomli.loads(made)["rules"] == [{**SEVEN, "from": date(2027, 1, 1)}]


def test_a_change_is_laid_over_the_same_table_and_comments_stay() -> None:
    made = with_change(WRITTEN, SEVEN)
    (table,) = tables_of(made, "core", "RX-07")
    assert (table["values"], table["source"]) == ({"lead_days": 9, "other": 1}, "again")
    assert "# talked over with Mira" in made
    appended = WRITTEN.replace("values = { lead_days = 7, other = 1 }", 'add = { plans = ["A"] }')
    made = with_change(appended, {**SEVEN, "values": {"plans": ["B"]}})
    assert tables_of(made, "core", "RX-07")[0]["add"] == {}


def test_another_first_day_is_a_table_of_its_own() -> None:
    made = with_change(WRITTEN, {**SEVEN, "from": date(2027, 1, 1)})
    assert [one["values"]["lead_days"] for one in tables_of(made, "core", "RX-07")] == [7, 9]
    assert tables_of(made, "core", "RX-08") == []


def test_a_rule_goes_and_the_others_stay() -> None:
    both = with_change(WRITTEN, {**SEVEN, "id": "RX-08"})
    assert tables_of(without_rule(both, "core", "RX-07"), "core", "RX-08") != []
    assert tomli.loads(without_rule(WRITTEN, "core", "RX-07")) == {}


def test_what_is_no_toml_is_said() -> None:
    with pytest.raises(RuleDataError, match="not valid TOML"):
        with_change("[[rules", SEVEN)
