"""Rule files: what cannot be used is refused in one line that names file, rule and cure; what can
is picked by the date of service."""

from datetime import date
from pathlib import Path

import pytest
from tests.rulebook.parts import BASE, FACT, HEAD, KIND, LATER, PAPER, PAYER, RULE, SOURCES, VERSION
from tests.rulebook.unusable import UNUSABLE

from massage_ins_bridge.api import RuleBook, Source
from massage_ins_bridge.domain.rule import NoRuleError
from massage_ins_bridge.rulebook.book import RuleDataError, parse_book, read_book


def book(text: str) -> RuleBook:
    return parse_book(HEAD + SOURCES + LATER + text, "rules.toml")


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize("kind", UNUSABLE)
def test_an_unusable_file_is_refused_in_one_line(kind: str) -> None:
    text, words = UNUSABLE[kind]
    with pytest.raises(RuleDataError) as caught:
        parse_book(text, "trial/rules.toml")
    said = str(caught.value)
    assert said.startswith("trial/rules.toml")
    assert len(said.splitlines()) == 1
    for word in words:
        assert word in said


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(RuleDataError, match=r"none\.toml: cannot be read \(No such file"):
        read_book(tmp_path / "none.toml")
    path = tmp_path / "rules.toml"
    path.write_bytes(b'plugin = "caf\xe9"\n')
    with pytest.raises(RuleDataError, match=r"rules\.toml"):
        read_book(path)


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(BASE + PAYER, encoding="utf-8")
    found = read_book(path)
    assert found.plugin == "trial"
    assert found.ruleset == "1"
    assert [rule.id for rule in found.rules] == ["T-1"]
    assert [(payer.key, payer.plugin) for payer in found.payers] == [("acme", "trial")]


DATED = (
    RULE
    + "values = { a = 1, b = 1 }\n"
    + "[[rules.versions]]\nfrom = 2018-06-07\nto = 2020-06-10\nvalues = { b = 2 }\n"
    + '[[rules.versions]]\nfrom = 2020-06-11\ntext = "Newer."\nsource = "later"\n'
)


@pytest.mark.parametrize(
    ("on", "found"),
    [
        *(("2018-06-06", None), ("2018-06-07", ("A rule.", "A page", 2))),
        *(("2020-06-10", ("A rule.", "A page", 2)), ("2020-06-11", ("Newer.", "A later page", 1))),
        ("2199-12-31", ("Newer.", "A later page", 1)),
    ],
)
def test_a_version_is_picked_by_date(on: str, found: tuple[str, str, int] | None) -> None:
    rule = book(DATED).on(day(on)).get("T-1")
    if found is None:
        assert rule is None
    else:
        assert rule is not None
        assert (rule.text, rule.source.title, rule.values["b"]) == found
        assert rule.values["a"] == 1


def test_a_rule_cites_what_it_was_read_in() -> None:
    told = 'place = "page 4"\nquote = "So it is."\nnote = "It may be."\n'
    more = "[[rules.versions]]\nto = 2025-12-31\n[[rules.versions]]\nfrom = 2026-01-01\n"
    first, second = book(RULE + told + more + 'source = "later"\nsure = "secondary"\n').rules
    assert first.source == Source("A page", None, day("2026-11-01"), "read")
    assert (first.place, first.quote, first.note) == ("page 4", "So it is.", "It may be.")
    assert second.source == Source(
        "A later page", "https://a.example/x", day("2026-11-02"), "secondary"
    )
    assert (second.place, second.quote, second.note) == ("", "", "")


def test_two_rules_of_one_id_may_follow_each_other() -> None:
    two = f"{RULE}to = 2025-12-31\n{RULE.replace('A rule.', 'Newer.')}from = 2026-01-01\n"
    assert [book(two).on(day(on))["T-1"].text for on in ("2025-12-31", "2026-01-01")] == [
        *("A rule.", "Newer.")
    ]


def test_a_rule_without_dates_is_always_in_force() -> None:
    assert "T-1" in book(RULE).on(day("1900-01-01"))
    assert "T-1" in book(RULE).on(day("2199-12-31"))


def test_a_rule_is_overdue_the_day_after_its_review() -> None:
    rule = book(RULE + "review_by = 2027-02-20\n").rules[0]
    assert not rule.overdue(day("2027-02-20"))
    assert rule.overdue(day("2027-02-21"))
    assert not book(RULE).rules[0].overdue(day("2199-12-31"))


def test_a_book_goes_by_the_name_that_its_plugin_was_installed_by() -> None:
    named = book(RULE + PAYER).named("other")
    assert named.plugin == "other"
    assert {rule.plugin for rule in named.rules} == {"other"}
    assert {payer.plugin for payer in named.payers} == {"other"}


def test_what_a_plugin_declares_goes_by_its_installed_name_too() -> None:
    found = parse_book(HEAD + FACT + KIND + PAPER, "rules.toml")
    (fact,) = found.declared.facts
    assert (fact.plugin, fact.on, fact.name, fact.type, fact.label) == (
        *("trial", "visit", "units", "int", "Units"),
    )
    renamed = found.named("other").declared
    kinds = [kind.kind for kind in (*renamed.actions, *renamed.authorization_kinds)]
    assert (renamed.facts[0].plugin, kinds) == ("other", ["other.fax", "other.fax"])
    assert renamed.actions[0].label == "Send the fax"


def test_a_rule_that_is_not_in_force_says_when_it_is() -> None:
    found = parse_book(VERSION + "to = 2025-12-31\n", "rules.toml")
    with pytest.raises(NoRuleError, match="not in force on 2026-01-01; it is to 2025-12-31"):
        found.on(day("2026-01-01"))["T-1"]
