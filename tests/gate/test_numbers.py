"""Records of one number are one authorization, and what one speaks of."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from massage_ins_bridge.api import Authorization, Case, Prescription, fits, share_category
from massage_ins_bridge.domain.rule import RulesOn
from massage_ins_bridge.gate.numbers import Answers, answers_of, is_newer
from massage_ins_bridge.testing.requests import chart_of, request, small_host

PA = "prior-authorization"
FIRST = date(2026, 11, 10)


def day(number: int) -> date:
    return date(2026, 11, number)


def paper(status: str | None = "approved", number: str | None = "A1", **more: Any) -> Authorization:
    return Authorization("cigna", PA, number, status, **more)  # type: ignore[arg-type]


def sorted_out(*papers: Authorization) -> Answers:
    found = answers_of(papers, (PA,), FIRST)
    for order in permutations(papers):
        assert as_sets(answers_of(order, (PA,), FIRST)) == as_sets(found)
    return found


def as_sets(found: Answers) -> list[object]:
    return [set(item) if isinstance(item, tuple) else item for item in found]


def counts(*papers: Authorization) -> tuple[int, int, int, int]:
    found = sorted_out(*papers)
    return tuple(map(len, (found.approvals, found.denials, found.revoked, found.asked)))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("one", "other", "stands"),
    [
        ({"decided_on": day(1)}, {"decided_on": day(2)}, 1),
        ({"decided_on": day(1)}, {"requested_on": day(2)}, 1),
        ({"decided_on": day(2), "requested_on": day(1)}, {"requested_on": day(1)}, 0),
        ({"to": day(20)}, {"to": day(21)}, 1),
        ({}, {"to": day(21)}, 0),
        ({"visits": 4}, {"visits": 7}, 1),
        ({"decided_on": day(2), "visits": 4}, {"decided_on": day(1), "visits": 7}, 0),
        ({"number": "a 1", "decided_on": day(2)}, {"decided_on": day(1)}, 0),
    ],
)
def test_of_one_number_the_newest_record_counts(
    one: dict[str, Any], other: dict[str, Any], stands: int
) -> None:
    both = (paper(**one), paper(**other))
    assert sorted_out(*both).approvals == (both[stands],)


def test_of_records_that_are_equally_new_the_same_counts_in_whatever_order() -> None:
    for status in ("approved", "denied", "requested"):
        sorted_out(paper(status, codes=("97110",)), paper(status, codes=("97124",)))
    sorted_out(paper(codes=("97110",)), paper("denied", codes=("97124",)))


def test_other_numbers_kinds_and_none_are_others() -> None:
    assert counts(paper(), paper(number="A2")) == (2, 0, 0, 0)
    assert counts(paper(number=None), paper(number=None, visits=4)) == (2, 0, 0, 0)
    referral = Authorization("cigna", "referral", "A1", "denied", decided_on=day(2))
    assert counts(paper(), referral) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("later", "stands"),
    [
        (paper("denied", decided_on=day(2)), (0, 0, 1, 0)),
        (paper("denied", decided_on=day(1)), (0, 0, 1, 0)),  # equal in all: the stricter
        (paper("void", decided_on=day(2)), (0, 0, 0, 0)),
        (paper("void", decided_on=day(1)), (0, 0, 0, 0)),
        (paper("requested", requested_on=day(2)), (1, 0, 0, 1)),
        (paper("requested", requested_on=date(2026, 10, 1)), (1, 0, 0, 0)),
        (paper("denied", number="A2", decided_on=day(2)), (1, 1, 0, 0)),
    ],
)
def test_what_was_approved_and_what_came_after(
    later: Authorization, stands: tuple[int, int, int, int]
) -> None:
    assert counts(paper(decided_on=day(1)), later) == stands


def test_an_approval_after_a_denial_of_its_number_stands() -> None:
    assert counts(paper("denied", decided_on=day(1)), paper(decided_on=day(2))) == (1, 0, 0, 0)


def test_what_ended_before_the_episode_says_nothing() -> None:
    for status in ("approved", "denied", "requested", None):
        old, young = (sorted_out(paper(status, to=day(n))) for n in (9, 10))
        assert old == Answers((), (), (), (), lacking=False)
        assert young != old


def test_what_lacks_its_answer_or_its_kind_is_noticed() -> None:
    assert sorted_out(paper(None)).lacking
    assert sorted_out(Authorization("cigna", None, "A1", "approved")).lacking
    assert not sorted_out(Authorization("cigna", None, "A1", "void")).lacking
    assert not sorted_out(paper(), paper("denied", number="A2")).lacking


@pytest.mark.parametrize(
    ("asked", "newer"), [(day(2), True), (day(3), True), (day(1), False), (None, True)]
)
def test_a_request_is_newer_from_the_day_of_the_last_answer_on(
    asked: date | None, newer: bool
) -> None:
    answered = [paper(requested_on=day(1), decided_on=day(2)), paper(requested_on=day(1))]
    assert is_newer(paper("requested", requested_on=asked), answered) is newer
    assert is_newer(paper("requested", requested_on=asked), [paper()])


NECK = Prescription(diagnoses=("M54.2", "M25.511"))


def care(prescription: Prescription | None) -> Case:
    case = small_host("out-of-network").case(chart_of(request("cigna")))
    case.prescription = prescription
    return case


@pytest.mark.parametrize(
    ("more", "prescription", "good"),
    [
        *(({}, NECK, True), ({"codes": ()}, NECK, True), ({"codes": ("97110",)}, NECK, False)),
        *(({"codes": ("97124", "97110")}, NECK, True), ({"codes": ("97112",)}, None, True)),
        *(({"diagnoses": ("M54.50",)}, NECK, True), ({"diagnoses": ("s93.401a",)}, NECK, False)),
        *(({"diagnoses": ("M75.01",)}, None, True), ({"diagnoses": ()}, NECK, True)),
        ({"diagnoses": ("M75.01",)}, Prescription(), True),
    ],
)
def test_what_one_speaks_of(
    more: dict[str, Any], prescription: Prescription | None, good: bool
) -> None:
    assert fits(care(prescription), paper(**more)) is good


@pytest.mark.parametrize(
    ("some", "others", "shared"),
    [
        (["S13.4XXA", "M54.50"], [" m542 "], True),
        (["M54.50"], ["M55.0", "S13.4XXA"], False),
        *((["M54.50"], [], False), ([], ["M54.50"], False)),
    ],
)
def test_a_category_is_three_characters_however_they_are_written(
    some: list[str], others: list[str], shared: bool
) -> None:
    assert share_category(care(None), some, others) is shared


def test_codes_and_categories_are_what_the_rules_of_the_day_say() -> None:
    """A clinic, or another year's codes, may name others."""
    case = care(NECK)
    core = dict(case.all_rules["core"])
    for rule_id, values in (
        ("CP-CODES", {"massage": ["99999"]}),
        ("CP-CATEGORY", {"characters": 1}),
    ):
        core[rule_id] = replace(core[rule_id], values=values)
    case.all_rules = RulesOn({**case.all_rules, "core": core})
    assert not fits(case, paper(codes=("97124",)))
    assert fits(case, paper(codes=("99999",), diagnoses=("M99.01",)))
