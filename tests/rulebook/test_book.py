"""Rule files: what cannot be used is refused in one line that names file, rule and cure; what can
is picked by the date of service."""

from datetime import date
from pathlib import Path

import pytest

from massage_ins_bridge.api import RuleBook, Source
from massage_ins_bridge.domain.rule import NoRuleError
from massage_ins_bridge.rulebook.book import RuleDataError, parse_book, read_book

HEAD = 'plugin = "trial"\nruleset = "1"\n'
SOURCE = '[[sources]]\nid = "{}"\ntitle = "{}"\npublisher = "Acme"\nread_on = {}\n'
SOURCES = SOURCE.format("page", "A page", "2026-11-01")
LATER = SOURCE.format("later", "A later page", "2026-11-02") + 'address = "https://a.example/x"\n'
RULE = '[[rules]]\nid = "T-1"\ntext = "A rule."\nsource = "page"\nsure = "read"\n'
BASE = HEAD + SOURCES + RULE
VERSION = f"{BASE}[[rules.versions]]\n"
FACT = '[[facts]]\non = "visit"\nname = "units"\ntype = "int"\nlabel = "Units"\n'
KIND = '[[actions]]\nkind = "trial.fax"\nlabel = "Send the fax"\n'
PAPER = KIND.replace("actions", "authorization_kinds")
PAYER = '[[payers]]\nkey = "acme"\nname = "Acme"\n'


def book(text: str) -> RuleBook:
    return parse_book(HEAD + SOURCES + LATER + text, "rules.toml")


def day(text: str) -> date:
    return date.fromisoformat(text)


#: A file that cannot be used, and what the one line must name.
UNUSABLE = {
    "a fact on nothing known": (
        HEAD + FACT.replace('"visit"', '"visits"'),
        ["fact units", "'on' must be one of 'coverage'", "did you mean 'visit'?"],
    ),
    "a fact of no type": (
        HEAD + FACT.replace('"int"', '"integer"'),
        ["fact units", "'type' must be one of 'text'", "did you mean 'int'?"],
    ),
    "a fact without label": (HEAD + FACT.replace('label = "Units"\n', ""), ["units", "'label'"]),
    "a fact's name in capitals": (
        HEAD + FACT.replace('"units"', '"Units"'),
        ["fact Units", "'name' must be a name of small letters"],
    ),
    "a fact twice": (HEAD + FACT + FACT, ["fact units", "'name' is given twice: 'units'"]),
    "a choice of nothing": (
        HEAD + FACT.replace('"int"', '"choice"'),
        ["fact units", "'choices' is missing; list what may be chosen"],
    ),
    "a choice among numbers": (
        HEAD + FACT + 'choices = ["one"]\n',
        ["fact units", "'choices' goes with the type 'choice', not 'int'"],
    ),
    "a fact of another key": (HEAD + FACT + 'choice = ["a"]\n', ["did you mean 'choices'?"]),
    "an action by half its name": (
        HEAD + KIND.replace("trial.", ""),
        ["action fax", "'kind' must be the plugin's name, a dot"],
    ),
    "another plugin's action": (
        HEAD + KIND.replace("trial.", "regence."),
        ["action regence.fax", "must begin with the plugin's own name: 'trial.fax'"],
    ),
    "an action twice": (HEAD + KIND + KIND, ["action trial.fax", "is given twice"]),
    "another plugin's authorization": (
        HEAD + PAPER.replace("trial.", "regence."),
        ["authorization kind regence.fax", "must begin with the plugin's own name: 'trial.fax'"],
    ),
    "no TOML": ("plugin = \n", ["not valid TOML"]),
    "no plugin": ('ruleset = "1"\n', ["'plugin' is missing", "give it as text"]),
    "plugin is a number": ('plugin = 7\nruleset = "1"\n', ["'plugin' must be text"]),
    "no ruleset": ('plugin = "trial"\n', ["'ruleset' is missing"]),
    "an unknown table": (
        f"{BASE}[[payer]]\n",
        ["'payer' is an unknown key", "did you mean 'payers'?"],
    ),
    "no id": (BASE.replace('id = "T-1"\n', ""), ["rule ? (1)", "'id' is missing"]),
    "no text": (BASE.replace('text = "A rule."\n', ""), ["rule T-1", "'text' is missing"]),
    "no source": (BASE.replace('source = "page"\n', ""), ["T-1", "'source' is missing"]),
    "not how sure": (
        BASE.replace('sure = "read"\n', ""),
        ["rule T-1", "'sure' is missing", "'secondary'"],
    ),
    "sure in its own way": (
        BASE.replace('"read"', '"reed"'),
        ["rule T-1", "'sure' must be one of 'read'", "did you mean 'read'?"],
    ),
    "the old word for it": (BASE + 'confidence = "quoted"\n', ["T-1", "'confidence'"]),
    "empty source": (BASE.replace('"page"\nsure', '""\nsure'), ["T-1", "'source' is empty"]),
    "a source of no name": (
        BASE.replace('"page"\nsure', '"pge"\nsure'),
        ["rule T-1", "'source' names 'pge'", "[[sources]]", "did you mean 'page'?"],
    ),
    "a version's source of no name": (
        VERSION + 'source = "pages"\n',
        ["rule T-1", "version 1", "'source' names 'pages'", "did you mean 'page'?"],
    ),
    "a source twice": (BASE + SOURCES, ["source page", "'id' is given twice"]),
    "a source without a day": (
        BASE.replace("read_on = 2026-11-01\n", ""),
        ["source page", "'read_on' is missing", "2026-11-22"],
    ),
    "a source that links to a script": (
        BASE + LATER.replace("https://a.example/x", "javascript:x()"),
        ["source later", "'address' must be an address that begins with https://"],
    ),
    "unknown key": (
        BASE + "form = 2026-01-01\n",
        ["rule T-1", "'form' is an unknown key", "did you mean 'from'?"],
    ),
    "a date in quotes": (
        BASE + 'from = "2026-01-01"\n',
        ["T-1", "'from' is not a date", "without quotes"],
    ),
    "a time for a date": (
        BASE + "review_by = 2026-01-01T00:00:00\n",
        ["'review_by' is not a date"],
    ),
    "a date of a version": (VERSION + 'to = "soon"\n', ["T-1", "version 1", "'to' is not a date"]),
    "it ends before it begins": (
        BASE + "from = 2026-01-02\nto = 2026-01-01\n",
        ["rule T-1", "'to' lies before 'from'"],
    ),
    "a version that ends before it begins": (
        VERSION + "from = 2026-01-02\nto = 2026-01-01\n",
        ["rule T-1", "version 1", "'to' lies before 'from'"],
    ),
    "read again before it was read": (
        BASE + "confirmed_on = 2026-01-02\nreview_by = 2026-01-01\n",
        ["rule T-1", "'review_by' lies before 'confirmed_on'"],
    ),
    "dates beside versions": (
        BASE + "from = 2026-01-01\n[[rules.versions]]\n",
        ["rule T-1", "'from' belongs into the rule's versions"],
    ),
    "an id twice": (BASE + RULE, ["rule T-1", "'from' overlaps", "has no end"]),
    "two rules of one id on one day": (
        f"{BASE}to = 2026-01-01\n{RULE}from = 2026-01-01\n",
        ["rule T-1", "'from' overlaps", "runs to 2026-01-01"],
    ),
    "two versions on one day": (
        VERSION + "to = 2026-01-01\n[[rules.versions]]\nfrom = 2025-12-31\n",
        ["rule T-1", "version 2", "'from' overlaps", "runs to 2026-01-01"],
    ),
    "no versions": (BASE + "versions = []\n", ["T-1", "'versions' is empty"]),
    "unknown key of a payer": (
        BASE + PAYER + "alias = []\n",
        ["payer acme", "'alias' is an unknown key", "did you mean 'aliases'?"],
    ),
    "a payer's word of no meaning": (
        BASE + PAYER + 'settlement = "claims"\n',
        ["payer acme", "'settlement' must be one of", "did you mean 'claim'?"],
    ),
    "a payer's name is a number": (
        BASE + PAYER + "aliases = [7]\n",
        ["payer acme", "'aliases.0' must be text"],
    ),
    "a payer twice": (BASE + PAYER + PAYER, ["payer acme", "'key' is given twice"]),
    "a payer's rule that is not there": (
        BASE + PAYER + 'necessity_rule = "T-11"\n',
        ["payer acme", "'necessity_rule' names 'T-11'", "did you mean 'T-1'?"],
    ),
    "a payer without a name": (HEAD + '[[payers]]\nkey = "acme"\n', ["acme", "'name' is missing"]),
    "rules is a number": (HEAD + "rules = 7\n", ["'rules' must be tables", "[[rules]]"]),
    "rules holds text": (HEAD + 'rules = ["T-1"]\n', ["rule ? (1)", "must be a table"]),
    "values is a number": (BASE + "values = 7\n", ["T-1", "'values' must be a table"]),
    "versions is text": (
        BASE + 'versions = "all"\n',
        ["T-1", "'versions' must be tables", "[[rules.versions]]"],
    ),
    "a version's values are a list": (VERSION + "values = [7]\n", ["T-1", "version 1", "values"]),
    "a version's key misspelt": (
        VERSION + "form = 2026-01-01\n",
        ["T-1", "version 1", "'form' is an unknown key", "did you mean 'from'?"],
    ),
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
