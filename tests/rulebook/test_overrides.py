"""A clinic's own rule file: it changes numbers, adds plans and rules, from a date and to a date,
and every decision that rests on it says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.rulebook.book import RuleDataError
from massage_ins_bridge.rulebook.overrides import read_overrides
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import host_of, request, requirement, shown, told, visits

PA = "prior-authorization"
SELF = {"coverages.0.funding": "self_insured"}
DAYS_10 = """
[[rules]]
plugin = "regence"
id = "REG-03"
source = "call with eviCore, 2026-11-30"
values = { days_after_first_visit = 10 }
"""
MORE_PLANS = """
[[rules]]
plugin = "uniform"
id = "EX-07"
source = "letter of the plan"
add = { plans = ["Evergreen State Staff"] }
"""
NEW_PLAN = """
[[rules]]
plugin = "uniform"
id = "EX-50"
text = "Cascade Timber is exempt."
source = "letter of the plan"
values = { plans = ["Cascade Timber"], group_numbers = ["10098765"] }
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "clinic-rules.toml"
    path.write_text(text, encoding="utf-8")
    return path


def host(folder: Path, text: str) -> Host:
    return host_of("regence", "uniform", overrides=read_overrides(written(folder, text)))


def decide(host: Host, **changes: Any) -> Mapping[str, Any]:
    return decide_request(request("regence", **SELF, **changes), host)


def test_a_changed_number_counts(tmp_path: Path) -> None:
    """Visit 1 on November 22nd: seven days have passed on December 1st, ten have not."""
    two = {"visits": visits("regence", "2026-11-22")}
    before = decide(host_of("regence", "uniform"), **two)
    after = decide(host(tmp_path, DAYS_10), **two)
    assert shown(dict(before), PA) == "unmet/block"
    assert told(dict(after), [PA, f"due {PA}"]) == {PA: "unmet/hold", f"due {PA}": "2026-12-02"}


def test_a_byte_order_mark_is_no_part_of_the_file(tmp_path: Path) -> None:
    assert read_overrides(written(tmp_path, f"\ufeff{DAYS_10}"))[0]["id"] == "REG-03"


def test_what_the_clinic_touched_says_so(tmp_path: Path) -> None:
    decision = decide(host(tmp_path, DAYS_10))
    found = requirement(dict(decision), PA)
    assert found is not None
    assert "changed by the clinic's own rule file" in found["source"]
    assert "call with eviCore, 2026-11-30" in found["source"]
    assert decision["ruleset"]["regence"].endswith("+clinic")
    assert not decision["ruleset"]["uniform"].endswith("+clinic")
    assert not decision["ruleset"]["core"].endswith("+clinic")


def test_two_changes_are_still_one_clinic(tmp_path: Path) -> None:
    decision = decide(host(tmp_path, DAYS_10 + DAYS_10.replace("REG-03", "REG-04")))
    assert decision["ruleset"]["regence"].count("+clinic") == 1


@pytest.mark.parametrize("plan", ["Evergreen State Staff", "evergreen  state staff", "UMP"])
def test_a_plan_is_added_to_a_list(plan: str, tmp_path: Path) -> None:
    changed = decide(host(tmp_path, MORE_PLANS), **{"coverages.0.plan": plan})
    assert shown(dict(changed), "waivers") == ["EX-07 firm"]
    assert shown(dict(changed), PA) == "waived/none"


def test_a_plan_that_nobody_added_is_not_exempt() -> None:
    plain = decide(host_of("regence", "uniform"), **{"coverages.0.plan": "Evergreen State Staff"})
    assert shown(dict(plain), "waivers") == []


@pytest.mark.parametrize(
    "changes", [{"coverages.0.plan": "Cascade Timber"}, {"coverages.0.group_number": "10098765"}]
)
def test_a_new_exemption_counts_under_its_own_id(changes: dict[str, str], tmp_path: Path) -> None:
    decision = decide(host(tmp_path, NEW_PLAN), **changes)
    assert shown(dict(decision), "waivers") == ["EX-50 firm"]
    (waiver,) = decision["waivers"]
    assert waiver["source"] == "the clinic's own rule file: letter of the plan"
    assert decision["ruleset"]["uniform"].endswith("+clinic")


@pytest.mark.parametrize(
    ("start", "due"),
    [("2026-12-08", "2026-12-15"), ("2026-12-09", "2026-12-16"), ("2026-12-10", "2026-12-20")],
)
def test_a_change_counts_from_its_day_on(start: str, due: str, tmp_path: Path) -> None:
    changed = host(tmp_path, DAYS_10 + "from = 2026-12-10\n")
    times = {"booking.start": f"{start}T10:00:00-08:00", "booking.end": ...}
    assert shown(dict(decide(changed, **times)), f"due {PA}") == due


@pytest.mark.parametrize(
    ("start", "due"),
    [("2026-12-08", "2026-12-18"), ("2026-12-09", "2026-12-19"), ("2026-12-10", "2026-12-17")],
)
def test_a_change_counts_to_its_last_day_and_then_the_rule_is_as_it_was(
    start: str, due: str, tmp_path: Path
) -> None:
    changed = host(tmp_path, DAYS_10 + "to = 2026-12-09\n")
    times = {"booking.start": f"{start}T10:00:00-08:00", "booking.end": ...}
    assert shown(dict(decide(changed, **times)), f"due {PA}") == due


def test_a_change_of_a_rule_with_versions_leaves_the_others_in_force(tmp_path: Path) -> None:
    """LAW-01 ended in 2020; a change that ends before it begins must not remove it."""
    text = '[[rules]]\nplugin = "regence"\nid = "REG-20"\nsource = "x"\nto = 2017-12-31\n'
    changed = host(tmp_path, text).rules_on(date(2026, 12, 8))["regence"]
    assert changed["REG-20"].values["from_visit"] == 7


def test_versions_before_and_after_a_change_do_not_overlap(tmp_path: Path) -> None:
    book = host(tmp_path, DAYS_10 + "from = 2026-12-10\n").books["regence"]
    spans = [(rule.from_, rule.to) for rule in book.rules if rule.id == "REG-03"]
    assert spans == [(None, date(2026, 12, 9)), (date(2026, 12, 10), None)]


def test_the_date_of_service_decides_not_today(tmp_path: Path) -> None:
    changed = host(tmp_path, DAYS_10 + "from = 2026-12-05\n")
    assert shown(dict(decide(changed)), f"due {PA}") == "2026-12-18"


def test_a_change_may_confirm_a_rule_anew(tmp_path: Path) -> None:
    text = DAYS_10 + "confirmed_on = 2027-02-01\nreview_by = 2027-05-01\n"
    rule = host(tmp_path, text).rules_on(date(2026, 12, 8))["regence"]["REG-03"]
    assert (rule.confirmed_on, rule.review_by) == (date(2027, 2, 1), date(2027, 5, 1))
    assert rule.changed_by_clinic


UNUSABLE = {
    "no TOML": ("[[rules]\n", ["not valid TOML"]),
    "another table": ("[[rule]]\n", ["unknown key 'rule'", "[[rules]]"]),
    "no plugin": ('[[rules]]\nid = "A"\nsource = "b"\n', ["rule A", "'plugin' is missing"]),
    "no id": ('[[rules]]\nplugin = "regence"\nsource = "b"\n', ["rule ?", "'id' is missing"]),
    "no source": ('[[rules]]\nplugin = "regence"\nid = "A"\n', ["rule A", "'source' is missing"]),
    "misspelt key": (DAYS_10 + "valus = {}\n", ["REG-03", "'valus'", "did you mean 'values'?"]),
    "a date in quotes": (DAYS_10 + 'from = "2026-01-01"\n', ["REG-03", "'from' is not a date"]),
    "rules holds text": ('rules = ["REG-03"]\n', ["rule"]),
    "values is a number": (DAYS_10.replace("{ days_after_first_visit = 10 }", "7"), ["REG-03"]),
    "add is a number": (
        MORE_PLANS.replace('{ plans = ["Evergreen State Staff"] }', "7"),
        ["EX-07"],
    ),
    "add to a number": (DAYS_10 + "add = { days_after_first_visit = [3] }\n", ["REG-03", "list"]),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_an_unusable_file_is_refused_in_one_line(kind: str, tmp_path: Path) -> None:
    text, words = UNUSABLE[kind]
    with pytest.raises(RuleDataError) as caught:
        host(tmp_path, text)
    assert len(str(caught.value).splitlines()) == 1
    for word in words:
        assert word in str(caught.value)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(RuleDataError, match=r"none\.toml: cannot be read"):
        read_overrides(tmp_path / "none.toml")


def test_an_unknown_plugin_suggests_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(
        RuleDataError, match="no plugin 'regense' installed; did you mean 'regence'"
    ):
        host(tmp_path, DAYS_10.replace('"regence"', '"regense"'))


def test_a_plugin_that_the_clinic_disabled_may_still_have_its_changes() -> None:
    """Disabling a plugin mends a fault; it must not keep the bridge from starting."""
    table = {"plugin": "regence", "id": "REG-03", "source": "x", "values": {"a": 1}}
    decision = decide_request(request("lni"), Host.load(disabled=["regence"], overrides=[table]))
    assert decision["outcome"] == "allow"
