"""Rule files: what cannot be used is refused in one line that names file, rule and cure; what can
is picked by the date of service."""

from datetime import date
from pathlib import Path

import pytest

from massage_ins_bridge.api import RuleBook
from massage_ins_bridge.rulebook.book import RuleDataError, parse_book, read_book

HEAD = 'plugin = "trial"\nruleset = "1"\n'
RULE = '[[rules]]\nid = "T-1"\ntext = "A rule."\nsource = "a page"\n'
BASE, VERSION = HEAD + RULE, f"{HEAD}{RULE}[[rules.versions]]\n"
PAYER = '[[payers]]\nkey = "acme"\nname = "Acme"\n'


def book(text: str) -> RuleBook:
    return parse_book(HEAD + text, "rules.toml")


def day(text: str) -> date:
    return date.fromisoformat(text)


#: A file that cannot be used, and what the one line must name.
UNUSABLE = {
    "no TOML": ("plugin = \n", ["not valid TOML"]),
    "no plugin": ('ruleset = "1"\n', ["'plugin' is missing", "give it as text"]),
    "plugin is a number": ('plugin = 7\nruleset = "1"\n', ["'plugin' is missing"]),
    "no ruleset": ('plugin = "trial"\n', ["'ruleset' is missing"]),
    "no id": (HEAD + '[[rules]]\ntext = "A"\nsource = "b"\n', ["rule ?", "'id' is missing"]),
    "no text": (HEAD + '[[rules]]\nid = "T-1"\nsource = "b"\n', ["rule T-1", "'text' is missing"]),
    "no source": (HEAD + '[[rules]]\nid = "T-1"\ntext = "A"\n', ["T-1", "'source' is missing"]),
    "empty source": (HEAD + RULE + '[[rules]]\nid = "T-2"\ntext = "A"\nsource = ""\n', ["T-2"]),
    "unknown key": (HEAD + RULE + "valid = true\n", ["T-1", "unknown key 'valid'"]),
    "a date in quotes": (
        HEAD + RULE + 'from = "2026-01-01"\n',
        ["T-1", "'from' is not a date", "without quotes"],
    ),
    "a time for a date": (
        BASE + "review_by = 2026-01-01T00:00:00\n",
        ["'review_by' is not a date"],
    ),
    "a date of a version": (VERSION + 'to = "soon"\n', ["T-1", "'to' is not a date"]),
    "unknown key of a payer": (HEAD + PAYER + "nickname = 1\n", ["acme", "unknown key 'nickname'"]),
    "a payer without a name": (HEAD + '[[payers]]\nkey = "acme"\n', ["acme", "name"]),
    "rules is a number": (HEAD + "rules = 7\n", ["rules"]),
    "rules holds text": (HEAD + 'rules = ["T-1"]\n', ["rule"]),
    "values is a number": (HEAD + RULE + "values = 7\n", ["T-1", "values"]),
    "versions is text": (HEAD + RULE + 'versions = "all"\n', ["T-1", "versions"]),
    "a version's values are a list": (VERSION + "values = [7]\n", ["T-1", "values"]),
    "a version's key misspelt": (VERSION + "form = 2026-01-01\n", ["T-1", "unknown key 'form'"]),
}


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
    path.write_text(HEAD + RULE + PAYER, encoding="utf-8")
    found = read_book(path)
    assert found.plugin == "trial"
    assert found.ruleset == "1"
    assert [rule.id for rule in found.rules] == ["T-1"]
    assert [(payer.key, payer.plugin) for payer in found.payers] == [("acme", "trial")]


DATED = (
    RULE
    + "values = { a = 1, b = 1 }\n"
    + "[[rules.versions]]\nfrom = 2018-06-07\nto = 2020-06-10\nvalues = { b = 2 }\n"
    + '[[rules.versions]]\nfrom = 2020-06-11\ntext = "Newer."\nsource = "a later page"\n'
)


@pytest.mark.parametrize(
    ("on", "found"),
    [
        *(("2018-06-06", None), ("2018-06-07", ("A rule.", "a page", 2))),
        *(("2020-06-10", ("A rule.", "a page", 2)), ("2020-06-11", ("Newer.", "a later page", 1))),
        ("2199-12-31", ("Newer.", "a later page", 1)),
    ],
)
def test_a_version_is_picked_by_date(on: str, found: tuple[str, str, int] | None) -> None:
    rule = book(DATED).on(day(on)).get("T-1")
    if found is None:
        assert rule is None
    else:
        assert rule is not None
        assert (rule.text, rule.source, rule.values["b"]) == found
        assert rule.values["a"] == 1


def test_of_two_versions_in_force_the_later_one_stands_whatever_their_order() -> None:
    newer, older = (f"[[rules.versions]]\nfrom = {year}-01-01\n" for year in (2026, 2020))
    for versions in (older + newer, newer + older):
        rule = book(RULE + versions).on(day("2026-06-01"))["T-1"]
        assert rule.from_ == day("2026-01-01")


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
