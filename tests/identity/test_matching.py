"""Whose booking it is: surely one client's, nobody's on file, or in doubt."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from massage_ins_bridge.identity.matching import (
    InDoubt,
    NobodyOnFile,
    OnFile,
    Person,
    Surely,
    Whose,
    whose,
)

MAIL, PHONE, BORN = "anna@x.org", "12065550100", date(1980, 2, 3)
ANNA = OnFile("anna", ("Anna Smith",), frozenset({MAIL}), frozenset({PHONE}), BORN)
NEW, SURE, DOUBT = NobodyOnFile(), Surely("anna"), InDoubt(("anna",))


def person(name: str | None = "Anna Smith", **more: Any) -> Person:
    return Person(name, **more)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # the name fits, and how they are reached
        (person(email=MAIL, phones=(PHONE,)), SURE),
        (person("SMITH, Ánna", email=MAIL), SURE),
        (person(phones=(PHONE,)), SURE),
        (person(phones=("5550100",)), SURE),
        (person("Anna Marie Smith", email=MAIL), SURE),
        (person("Anna Marie Smith", phones=(PHONE,)), DOUBT),
        (person(email=MAIL, phones=("12535550111",), birth_date=BORN), SURE),
        # a namesake, or a new address
        (person(), DOUBT),
        (person(email="new@x.org"), DOUBT),
        (person(email="new@x.org", phones=("12535550111",)), DOUBT),
        (person(email=MAIL, phones=("12535550111",)), DOUBT),
        (person(email="new@x.org", phones=(PHONE,)), DOUBT),
        (person(email=MAIL, birth_date=date(2004, 5, 6)), DOUBT),
        (person(email="new@x.org", birth_date=date(2004, 5, 6)), NEW),
        # another name for them, or another person
        (person("Ann Smith", email=MAIL, phones=(PHONE,)), DOUBT),
        (person("Annie Smyth", email="new@x.org"), DOUBT),
        (person("Anna Smith Jr.", email=MAIL, phones=(PHONE,)), DOUBT),
        (person("Anna Jones", email=MAIL), DOUBT),
        (person("Anna Jones", email="new@x.org", birth_date=BORN), DOUBT),
        (person("Anna Jones", email="new@x.org"), NEW),
        (person("A. Smith", phones=(PHONE,)), DOUBT),
        (person("A. Smith", phones=("12535550111",)), NEW),
        # a family, or one person by two names
        (person("Bob Smith", email=MAIL, phones=(PHONE,)), DOUBT),
        (person("Xiaoming Smith", phones=(PHONE,)), DOUBT),
        (person("Bob Smith", email="new@x.org", member_id="Z1"), NEW),
        # nobody says who it is
        (person(None, email=MAIL), DOUBT),
        (person(None), InDoubt()),
        (person("Anna"), InDoubt()),
        (person("Bob", email="bob@x.org"), InDoubt()),
    ],
)
def test_one_client_on_file(given: Person, expected: Whose) -> None:
    assert whose(given, [ANNA]) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (person(email="new@x.org", phones=("12535550111",)), SURE),
        (person("Anna Marie Smith"), SURE),
        (person("Ann Smith"), DOUBT),
        (person("Bob Smith"), DOUBT),
        (person(None), DOUBT),
    ],
)
def test_the_platforms_account_is_theirs(given: Person, expected: Whose) -> None:
    assert whose(given, [replace(ANNA, linked=True)]) == expected


def test_what_staff_said_of_exactly_this_person_is_sure() -> None:
    known = replace(ANNA, settled=True)
    ann = replace(ANNA, id="ann", names=("Ann Smith",))
    given = person("Ann Smith", email=MAIL, phones=(PHONE,))
    assert whose(given, [known, ann]) == SURE
    assert whose(given, [known, replace(ann, settled=True)]) == InDoubt(("ann", "anna"))


def test_a_name_that_was_learned_fits() -> None:
    known = replace(ANNA, names=("Anna Smith", "Anna Jones"))
    assert whose(person("Anna Jones", email=MAIL), [known]) == SURE


@pytest.mark.parametrize("rival", ["Ann Smith", "Anna Smith Jr.", "Anna Maria Smith", "Ana Smyth"])
def test_mother_and_daughter_on_one_phone(rival: str) -> None:
    """The names that a client goes by are no secret of hers: another may write theirs so."""
    other = replace(ANNA, id="other", names=(rival,))
    assert isinstance(whose(person(phones=(PHONE,)), [ANNA, other]), InDoubt)
    elsewhere = replace(other, emails=frozenset(), phones=frozenset())
    assert whose(person(phones=(PHONE,)), [ANNA, elsewhere]) == SURE


def test_a_couple_on_one_phone() -> None:
    bob = replace(ANNA, id="bob", names=("Bob Smith",))
    for name, known in (("Anna Smith", "anna"), ("Bob Smith", "bob")):
        assert whose(person(name, email=MAIL, phones=(PHONE,)), [ANNA, bob]) == Surely(known)
    assert whose(person("Cleo Smith", phones=(PHONE,)), [ANNA, bob]) == InDoubt(("anna", "bob"))


def test_two_on_file_who_may_be_one() -> None:
    again = replace(ANNA, id="again")
    assert whose(person(email=MAIL), [ANNA, again]) == InDoubt(("again", "anna"))


def test_somebody_of_whom_it_was_asked_already() -> None:
    """Their next booking asks nothing new; the client they may be keeps their own bookings."""
    asked = OnFile("asked", ("Ann Smith",), frozenset({"new@x.org"}), frozenset({PHONE}), open=True)
    there = Surely("asked")
    assert whose(person("Ann Smith", email="new@x.org", phones=(PHONE,)), [ANNA, asked]) == there
    assert whose(person(email=MAIL, phones=(PHONE,)), [ANNA, asked]) == SURE
    namesake = replace(asked, names=("Anna Smith",))
    assert whose(person(email=MAIL, phones=(PHONE,)), [ANNA, namesake]) == SURE
    assert whose(person(phones=(PHONE,)), [ANNA, namesake]) == there


def test_nobody_is_on_file() -> None:
    assert whose(person(email=MAIL), []) == NEW
