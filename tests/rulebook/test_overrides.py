"""A clinic's own rule file: it changes numbers, adds plans and rules, from a date and to a date,
and every decision that rests on it says so."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.rulebook.evergreen import EvergreenPayer

from massage_ins_bridge.api import Answer, Case, add_days, hookimpl
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.hooks.loading import installed
from massage_ins_bridge.rulebook.book import RuleDataError, parse_book
from massage_ins_bridge.rulebook.overrides import read_overrides
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import host_of, request, shown

PA = "prior-authorization"
BOOK = parse_book(
    """
plugin = "evergreen"
ruleset = "2026.1"
sources = [{ id = "a-test", title = "a test", publisher = "a test", read_on = 2026-11-01 }]
payers = [{ key = "evergreen", name = "Evergreen Health" }]
[[rules]]
id = "EVG-01"
text = "Owed after the visit."
source = "a-test"
sure = "read"
values = { days = 7 }
[[rules]]
id = "EVG-02"
text = "Exempt plans."
source = "a-test"
sure = "read"
values = { plans = ["Timber"] }
[[rules]]
id = "EVG-03"
text = "Once this, now that."
source = "a-test"
sure = "read"
versions = [
  { to = 2018-06-06, values = { visit = 2 } },
  { from = 2018-06-07, values = { visit = 7 } },
]
""",
    "rules.toml",
)
TABLE = '[[rules]]\nplugin = "evergreen"\nid = "{}"\nsource = "{}"\n'
DAYS_10 = f"{TABLE.format('EVG-01', 'call with Evergreen, 2026-11-30')}values = {{ days = 10 }}\n"
LETTER = "letter of the plan"
MORE_PLANS = f'{TABLE.format("EVG-02", LETTER)}add = {{ plans = ["Cascade"] }}\n'
RAINIER = 'text = "Rainier is exempt."\nvalues = { plans = ["Rainier"] }\n'
NEW_RULE = TABLE.format("EVG-50", LETTER) + RAINIER


class Evergreen(EvergreenPayer):
    """A payer that reads all it asks from its rule data."""

    book = BOOK

    @hookimpl
    def on_booking(self, case: Case) -> Answer:
        rule, plan = case.rules["EVG-01"], case.coverage.plan if case.coverage else None
        owed = rule.owed(PA, "Owed.", "", "", add_days(case.date_of_service, rule.values["days"]))
        exempt = [r for r in case.rules.values() if plan in r.values.get("plans", ())]
        return Answer((owed,), tuple(r.waive(PA, "Exempt.", firm=True) for r in exempt))


def written(folder: Path, text: str) -> Path:
    path = folder / "clinic-rules.toml"
    path.write_text(text, encoding="utf-8")
    return path


def host(folder: Path, text: str) -> Host:
    return host_of(points=(Evergreen(),), overrides=read_overrides(written(folder, text)))


def decide(host: Host, **changes: Any) -> dict[str, Any]:
    return decide_request(request("evergreen", **changes), host)


def test_a_changed_number_counts(tmp_path: Path) -> None:
    assert shown(decide(host_of(points=(Evergreen(),))), f"due {PA}") == "2026-12-15"
    assert shown(decide(host(tmp_path, DAYS_10)), f"due {PA}") == "2026-12-18"


def test_a_byte_order_mark_is_no_part_of_the_file(tmp_path: Path) -> None:
    assert read_overrides(written(tmp_path, f"\ufeff{DAYS_10}"))[0]["id"] == "EVG-01"


def test_what_the_clinic_touched_says_so(tmp_path: Path) -> None:
    """Once, however much of it there is."""
    decision = decide(host(tmp_path, DAYS_10 + MORE_PLANS))
    source = shown(decision, f"source {PA}")["title"]
    assert "changed by the clinic's own rule file" in source
    assert shown(decision, f"source {PA}")["sure"] == "ours"
    assert "call with Evergreen, 2026-11-30" in source
    assert decision["ruleset"]["evergreen"] == "2026.1+clinic"
    assert not decision["ruleset"]["core"].endswith("+clinic")


@pytest.mark.parametrize(
    ("plan", "waivers"),
    [
        *(("Timber", ["EVG-02 firm"]), ("Cascade", ["EVG-02 firm"]), ("Rainier", ["EVG-50 firm"])),
        ("Olympic", []),
    ],
)
def test_lists_grow_and_new_rules_count(plan: str, waivers: list[str], tmp_path: Path) -> None:
    decision = decide(host(tmp_path, MORE_PLANS + NEW_RULE), **{"coverages.0.plan": plan})
    assert shown(decision, "waivers") == waivers
    assert shown(decision, PA) == ("waived/none" if waivers else "due/none")
    if plan == "Rainier":
        (waiver,) = decision["waivers"]
        assert waiver["source"]["title"] == "The clinic's own rule file: letter of the plan"


@pytest.mark.parametrize(
    ("dated", "dues"),
    [
        ("from = 2026-12-10", ["2026-12-15", "2026-12-16", "2026-12-20"]),
        ("to = 2026-12-09", ["2026-12-18", "2026-12-19", "2026-12-17"]),
    ],
)
def test_a_change_counts_within_its_days(dated: str, dues: list[str], tmp_path: Path) -> None:
    """The date of service decides, not today; then the rule is as it was."""
    changed = host(tmp_path, f"{DAYS_10}{dated}\n")
    starts = [f"2026-12-{day}T10:00:00-08:00" for day in ("08", "09", "10")]
    found = [decide(changed, **{"booking.start": start, "booking.end": ...}) for start in starts]
    assert [shown(one, f"due {PA}") for one in found] == dues


def test_a_change_of_a_rule_with_versions_leaves_the_others_in_force(tmp_path: Path) -> None:
    """A change that ends before the version in force begins must not remove it."""
    ended = TABLE.format("EVG-03", "x") + "to = 2017-12-31\n"
    changed = host(tmp_path, ended).rules_on(date(2026, 12, 8))["evergreen"]
    assert changed["EVG-03"].values["visit"] == 7


def test_versions_before_and_after_a_change_do_not_overlap(tmp_path: Path) -> None:
    book = host(tmp_path, DAYS_10 + "from = 2026-12-10\n").books["evergreen"]
    spans = [(rule.from_, rule.to) for rule in book.rules if rule.id == "EVG-01"]
    assert spans == [(None, date(2026, 12, 9)), (date(2026, 12, 10), None)]


def test_a_change_may_confirm_a_rule_anew(tmp_path: Path) -> None:
    text = DAYS_10 + "confirmed_on = 2027-02-01\nreview_by = 2027-05-01\n"
    rule = host(tmp_path, text).rules_on(date(2026, 12, 8))["evergreen"]["EVG-01"]
    assert (rule.confirmed_on, rule.review_by) == (date(2027, 2, 1), date(2027, 5, 1))
    assert rule.changed_by_clinic


UNUSABLE = {
    "no TOML": ("[[rules]\n", ["not valid TOML"]),
    "another table": ("[[rule]]\n", ["'rule' is an unknown key", "did you mean 'rules'?"]),
    "no plugin": ('[[rules]]\nid = "A"\nsource = "b"\n', ["rule A", "'plugin' is missing"]),
    "no id": ('[[rules]]\nplugin = "evergreen"\nsource = "b"\n', ["rule ?", "'id' is missing"]),
    "no source": ('[[rules]]\nplugin = "evergreen"\nid = "A"\n', ["rule A", "'source' is missing"]),
    "misspelt key": (DAYS_10 + "valus = {}\n", ["EVG-01", "'valus'", "did you mean 'values'?"]),
    "a date in quotes": (DAYS_10 + 'from = "2026-01-01"\n', ["EVG-01", "'from' is not a date"]),
    "rules holds text": ('rules = ["EVG-01"]\n', ["rule"]),
    "values is a number": (DAYS_10.replace("{ days = 10 }", "7"), ["EVG-01"]),
    "add is a number": (MORE_PLANS.replace('{ plans = ["Cascade"] }', "7"), ["EVG-02"]),
    "an unknown plugin": (
        DAYS_10.replace('"evergreen"', '"evergren"'),
        ["no plugin 'evergren' installed; did you mean 'evergreen'"],
    ),
    "add to a number": (
        DAYS_10 + "add = { days = [3] }\n",
        ["EVG-01", "'add.days' must be a whole number, not a list"],
    ),
    "it ends before it begins": (
        DAYS_10 + "from = 2026-01-02\nto = 2026-01-01\n",
        ["rule EVG-01", "'to' lies before 'from'"],
    ),
    "a value twice": (
        DAYS_10 + DAYS_10.replace("10", "12"),
        ["rule EVG-01", "'values.days' is given twice for the same days"],
    ),
    "an unknown rule": (
        DAYS_10.replace("EVG-01", "EVG-1"),
        ["rule EVG-1", "'id'", "no such rule; did you mean 'EVG-01'?"],
    ),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_an_unusable_file_is_refused_in_one_line(kind: str, tmp_path: Path) -> None:
    text, words = UNUSABLE[kind]
    with pytest.raises(RuleDataError) as caught:
        host(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'clinic-rules.toml'}: ")
    assert len(str(caught.value).splitlines()) == 1
    for word in words:
        assert word in str(caught.value)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(RuleDataError, match=r"none\.toml: cannot be read"):
        read_overrides(tmp_path / "none.toml")


def test_a_plugin_that_the_clinic_disabled_may_still_have_its_changes(tmp_path: Path) -> None:
    """Disabling a plugin mends a fault; it must not keep the bridge from starting."""
    points: list[Any] = [Evergreen(), *(point for point in installed() if point.name == "core")]
    own = read_overrides(written(tmp_path, DAYS_10))
    assert set(Host.load(points=points, disabled=["evergreen"], overrides=own).books) == {"core"}
