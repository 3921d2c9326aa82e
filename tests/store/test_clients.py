"""Whose booking it is: by ids and addresses, never by a name alone, and with doubts told."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from tests.store.conftest import opened

from massage_ins_bridge.store.clients import Contact, Match, Person
from massage_ins_bridge.store.database import Store
from massage_ins_bridge.store.models import PatientRow

Matching = Callable[..., Match]
Given = dict[str, str]
PHONE = "2065550100"
FAMILY = {"name": "Anna Smith", "email": "anna@x.org", "phone": PHONE}


@pytest.fixture
def match(store: Store, now: datetime) -> Matching:
    """Finds the client of a booking that says so much of its person."""

    def find(**person: str) -> Match:
        with opened(store, now) as record:
            return record.clients.match(Person(**person))

    return find


@pytest.fixture
def create(store: Store, now: datetime) -> Callable[..., str]:
    """Puts a client on file, ``later`` days after the others."""

    def make(contact: Contact, later: int = 0, **facts: str) -> str:
        with opened(store, now + timedelta(later)) as record:
            return record.clients.create(facts, contact).id

    return make


def test_by_the_platforms_id_then_email_then_phone(match: Matching) -> None:
    first = match(ref="desk:7", name="Ann Lee", email="ann@x.org", phone=PHONE)
    assert first.created
    for person in (
        {"ref": "desk:7", "name": "Ann B. Lee", "email": "new@x.org"},
        {"ref": "desk:7"},
        {"name": "Ann Lee", "email": "ANN@x.org"},
        {"name": "Ann Lee", "phone": "+1 206 555 0100"},
    ):
        assert match(**person) == Match(first.patient_id, False)


def test_never_by_name_alone(match: Matching) -> None:
    first = match(name="Ann Lee", email="ann@x.org")
    assert match(name="Ann Lee").patient_id != first.patient_id
    assert match(name="Ann Lee", email="b@x.org").patient_id != first.patient_id


def test_two_candidates_are_not_merged(match: Matching) -> None:
    one = match(name="Ann Lee", email="ann@x.org")
    two = match(name="Ben Lee", phone=PHONE)
    third = match(name="Ann Lee", email="ann@x.org", phone=PHONE)
    assert third.created
    assert "belongs to one client and the phone number to another" in third.doubt
    assert third.patient_id not in {one.patient_id, two.patient_id}
    again = match(name="Ann Lee", email="ann@x.org", phone=PHONE)
    assert again.patient_id == third.patient_id


def test_a_stranger_on_the_same_address_is_someone_else(match: Matching) -> None:
    ann = match(name="Ann Lee", email="family@x.org")
    ben = match(name="Ben Cho", email="family@x.org")
    assert (ben.created, bool(ben.doubt)) == (True, True)
    for name, known in (("Ann Lee", ann), ("Ben Cho", ben)):
        assert match(name=name, email="family@x.org").patient_id == known.patient_id


@pytest.mark.parametrize(
    ("given", "shared"),
    [
        ({"name": "Bob Smith", "email": "bob@x.org", "phone": PHONE}, "phone number"),
        ({"name": "Bob Smith", "email": "anna@x.org"}, "e-mail address"),
        ({**FAMILY, "name": "Bob Smith"}, "e-mail address and the same phone number"),
        ({"name": "Smith", "phone": PHONE}, "phone number"),
        ({"name": "Anna Smith Jr.", "email": "anna@x.org"}, "e-mail address"),
        ({"name": "Anna Jones", "email": "aj@x.org", "phone": PHONE}, "phone number"),
        ({"name": "Anna Jones", "email": "anna@x.org", "phone": "2065550111"}, "e-mail address"),
        ({"name": "A. Smith", "phone": PHONE}, "phone number"),
        ({"phone": PHONE}, "phone number"),
        ({"ref": "desk:7", "name": "Bob Smith"}, "account on the platform"),
    ],
)
def test_a_family_is_not_one_client(match: Matching, given: Given, shared: str) -> None:
    anna = match(ref="desk:7", **FAMILY)
    found = match(**given)
    assert found.created
    assert found.doubt.startswith(f"Two clients share the same {shared}, and their names")
    assert match(**FAMILY) == Match(anna.patient_id, False)
    if given.get("name") and "ref" not in given:
        assert match(**given).patient_id == found.patient_id


@pytest.mark.parametrize(
    ("given", "looked_at"),
    [
        ({"name": "Ánna Smith", "email": "anna@x.org"}, False),
        ({"name": "Anna Marie Smith", "phone": PHONE}, False),
        ({"name": "Anna Smith-Jones", "phone": PHONE}, True),
        ({"name": "Anna Jones", "email": "anna@x.org"}, True),
        ({"name": "Anna", "email": "anna@x.org", "phone": "206-555-0100"}, True),
        ({"name": "A. Smith", "email": "anna@x.org"}, True),
        ({"email": "anna@x.org"}, True),
        ({"ref": "desk:7", "name": "Anna Jones", "email": "new@x.org"}, True),
    ],
)
def test_a_name_is_written_in_many_ways(match: Matching, given: Given, looked_at: bool) -> None:
    anna = match(ref="desk:7", **FAMILY)
    found = match(**given)
    assert (found.patient_id, found.created) == (anna.patient_id, False)
    assert bool(found.doubt) is looked_at


def test_an_account_of_the_platform_may_be_a_familys(match: Matching) -> None:
    anna = match(ref="desk:7", **FAMILY)
    bob = match(ref="desk:7", name="Bob Smith", email="anna@x.org")
    assert bob.created
    assert match(ref="desk:7", name="Bob Smith") == Match(bob.patient_id, False)
    assert match(ref="desk:7", name="Anna Smith") == Match(anna.patient_id, False)
    nobody = match(ref="desk:7")
    assert nobody.created
    assert nobody.doubt.startswith("Several clients")


@pytest.mark.parametrize("given", [{"email": "ann@x.org"}, {"phone": PHONE}])
def test_of_two_the_older_is_taken(
    match: Matching, create: Callable[..., str], given: Given
) -> None:
    contact = Contact("ann@x.org", PHONE)
    made = {days: create(contact, days, name="Ann Lee") for days in (2, 0, 1)}
    for _ in range(2):
        found = match(name="Ann Lee", **given)
        assert (found.patient_id, found.created) == (made[0], False)
        assert found.doubt.startswith("Two clients on file look like the same person.")


def test_namesakes_of_other_birth_dates(match: Matching, create: Callable[..., str]) -> None:
    contact = Contact(phone=PHONE)
    known = {create(contact, name="Jo Lee", birth_date=day) for day in ("1950-01-01", "1980-01-01")}
    found = match(name="Jo Lee", phone=PHONE)
    assert found.created
    assert found.doubt.startswith("Several clients on file could have made this booking")
    again = match(name="Jo Lee", phone=PHONE)
    assert again.patient_id == found.patient_id
    assert again.patient_id not in known
    assert "different birth dates" in again.doubt


def test_a_client_whose_phone_is_anothers_too_is_found_by_their_name(match: Matching) -> None:
    ann = match(name="Ann Lee", email="family@x.org")
    match(name="Ben Lee", email="family@x.org", phone=PHONE)
    found = match(name="Ann Lee", email="family@x.org", phone=PHONE)
    assert found == Match(ann.patient_id, False)


def test_several_that_are_alike_are_left_alone(match: Matching, create: Callable[..., str]) -> None:
    for name in ("Ann Lee Cho", "Ann Lee Park"):
        create(Contact("ann@x.org"), name=name)
    found = match(name="Ann Lee", email="ann@x.org")
    assert found.created
    assert found.doubt.startswith("Several clients")


def test_another_clinic_sees_nothing(store: Store, now: datetime) -> None:
    with opened(store, now, "one") as record:
        row = record.clients.create({}, Contact("a@x.org"))
    with opened(store, now, "two") as other:
        assert other.clients.get(row.id) is None
        assert other.clients.find("email", "a@x.org") == set()
        assert other.clients.list() == []


def test_personal_columns_are_sealed(store: Store, now: datetime) -> None:
    """Nor does a task's topic say which payer's rule it is about."""
    secret = "Ann Unmistakable"
    with opened(store, now) as record:
        row = record.clients.create({"name": secret}, Contact("unmistakable@x.org", "2065550199"))
        record.clients.index_members(row.id, ["ZZZUNMISTAKABLE"])
        coverage = {"payer": "regence", "member_id": "ZZZUNMISTAKABLE"}
        record.facts.add(row.id, "coverage", coverage)
        record.tasks.open("action", "send-lni-form:LNI-04", "regence", patient_id=row.id)
    if store.file is not None:
        stored = b"".join(p.read_bytes() for p in store.file.parent.glob("bridge.sqlite3*"))
        for text in (b"nmistakable", b"NMISTAKABLE", b"2065550199", b"regence", b"LNI-04"):
            assert text not in stored
    with opened(store, now) as record:
        row = record.session.get_one(PatientRow, row.id)
        assert secret.encode() not in row.facts_sealed
        assert record.clients.facts(row)["name"] == secret
