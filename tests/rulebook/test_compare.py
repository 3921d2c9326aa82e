"""Two states of the rules, laid beside each other in words."""

from datetime import date

from massage_ins_bridge.rulebook.book import RuleBook, parse_book
from massage_ins_bridge.rulebook.compare import compare_rules

BOOK = """
plugin = "evergreen"
ruleset = "2026.1"
sources = [
  { id = "page", title = "A page", publisher = "a test", read_on = 2026-11-01 },
  { id = "letter", title = "A letter", publisher = "a test", read_on = 2026-11-02 },
]
[[rules]]
id = "EVG-01"
text = "Owed after the visit."
source = "page"
sure = "read"
values = { days = 7, plans = ["Timber", "Pine"], strict = true, note = "once" }
[[rules]]
id = "EVG-02"
text = "Ends with the year."
source = "page"
sure = "read"
to = 2026-12-31
[[rules]]
id = "EVG-03"
text = "Begins with the year."
source = "page"
sure = "read"
from = 2027-01-01
values = { visits = 4 }
"""
DAY, LATER = date(2026, 11, 20), date(2027, 1, 1)


def words(before: RuleBook, after: RuleBook, on: date = DAY, then: date = DAY) -> list[str]:
    found = compare_rules({"evergreen": before.on(on)}, {"evergreen": after.on(then)})
    return [f"{c.rule} {c.what}: {' '.join(c.words)}" for c in found]


def test_the_same_is_not_different() -> None:
    book = parse_book(BOOK, "a file")
    assert words(book, book) == []


def test_rules_begin_and_end() -> None:
    book = parse_book(BOOK, "a file")
    assert words(book, book, DAY, LATER) == [
        "EVG-02 ended: Ends with the year.",
        "EVG-03 added: Begins with the year. visits is 4.",
    ]


def test_numbers_lists_and_words_are_told_apart() -> None:
    old = parse_book(BOOK, "a file")
    edited = BOOK.replace("days = 7", "days = 10").replace('"Pine"', '"Larch"')
    edited = edited.replace("strict = true", "strict = false").replace(', note = "once"', "")
    new = parse_book(edited.replace("Owed after", "Owed before"), "a file")
    assert words(old, new) == [
        (
            "EVG-01 changed: It says: Owed before the visit. It said: Owed after the visit. "
            "days is 10; it was 7. note is gone; it was once. "
            "plans is now with Larch and without Pine. strict is no; it was yes."
        )
    ]


def test_another_source_is_told() -> None:
    old = parse_book(BOOK, "a file")
    new = parse_book(BOOK.replace('source = "page"', 'source = "letter"', 1), "a file")
    (told,) = words(old, new)
    assert "A letter" in told
    assert "it was read in" in told
