"""Where a rule was read: as JSON, in one line, in an order of its own, and as once stored."""

from datetime import date
from itertools import permutations

from massage_ins_bridge.domain.source import Source, as_source, project_rule

PAGE = Source("A page", "https://a.example/page", date(2026, 11, 22), "secondary")
BARE = Source("A page")


def test_a_source_as_json() -> None:
    assert PAGE.to_dict() == {
        "title": "A page",
        "href": "https://a.example/page",
        "read_on": "2026-11-22",
        "sure": "secondary",
    }
    assert BARE.to_dict() == {"title": "A page", "href": None, "read_on": None, "sure": "unsure"}


def test_a_source_in_one_line() -> None:
    assert str(PAGE) == "A page, read on 2026-11-22: https://a.example/page"
    assert str(BARE) == "A page"


def test_sources_have_one_order_whatever_they_lack() -> None:
    """Nothing depends on which plugin answered first."""
    many = (PAGE, BARE, Source("A page", sure="read"), Source("B", read_on=date(2026, 1, 1)))
    assert len({tuple(sorted(given)) for given in permutations(many)}) == 1


def test_the_hosts_own_rules_say_why() -> None:
    assert project_rule("so it is safe") == Source("Project rule: so it is safe", sure="ours")


def test_a_source_that_was_stored_as_text_is_read() -> None:
    assert as_source("WAC 296-23-250") == Source("WAC 296-23-250").to_dict()
    assert as_source(PAGE.to_dict()) == PAGE.to_dict()
