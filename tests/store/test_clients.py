from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.store.conftest import opened

from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.store.clients import Contact, Match, Person
from massage_ins_bridge.store.database import Store
from massage_ins_bridge.store.models import PatientRow


def match(store: Store, now: datetime, **person: str) -> Match:
    with opened(store, now) as record:
        return record.clients.match(Person(**person))


def test_by_the_platforms_id_then_email_then_phone(store: Store, now: datetime) -> None:
    first = match(store, now, ref="desk:7", name="Ann Lee", email="ann@x.org", phone="2065550100")
    assert first.created
    for person in (
        {"ref": "desk:7", "name": "Ann B. Lee", "email": "new@x.org"},
        {"ref": "desk:7"},
        {"name": "Ann Lee", "email": "ANN@x.org"},
        {"name": "Ann Lee", "phone": "+1 206 555 0100"},
    ):
        found = match(store, now, **person)
        assert (found.patient_id, found.created, found.doubt) == (first.patient_id, False, "")


def test_never_by_name_alone(store: Store, now: datetime) -> None:
    first = match(store, now, name="Ann Lee", email="ann@x.org")
    assert match(store, now, name="Ann Lee").patient_id != first.patient_id
    assert match(store, now, name="Ann Lee", email="b@x.org").patient_id != first.patient_id


def test_two_candidates_are_not_merged(store: Store, now: datetime) -> None:
    one = match(store, now, name="Ann Lee", email="ann@x.org")
    two = match(store, now, name="Ben Lee", phone="2065550100")
    third = match(store, now, name="Ann Lee", email="ann@x.org", phone="2065550100")
    assert third.created
    assert "belongs to one client and the phone number to another" in third.doubt
    assert third.patient_id not in {one.patient_id, two.patient_id}
    again = match(store, now, name="Ann Lee", email="ann@x.org", phone="2065550100")
    assert again.patient_id == third.patient_id


def test_a_stranger_on_the_same_address_is_someone_else(store: Store, now: datetime) -> None:
    ann = match(store, now, name="Ann Lee", email="family@x.org")
    ben = match(store, now, name="Ben Cho", email="family@x.org")
    assert ben.created
    assert ben.doubt
    assert match(store, now, name="Ann Lee", email="family@x.org").patient_id == ann.patient_id
    assert match(store, now, name="Ben Cho", email="family@x.org").patient_id == ben.patient_id


def test_a_changed_surname_is_looked_at(store: Store, now: datetime) -> None:
    ann = match(store, now, name="Ann Lee", email="ann@x.org")
    found = match(store, now, name="Ann Cho", email="ann@x.org")
    assert found.patient_id == ann.patient_id
    assert found.doubt


FAMILY = {"name": "Anna Smith", "email": "anna@x.org", "phone": "2065550100"}


@pytest.mark.parametrize(
    ("given", "shared"),
    [
        ({"name": "Bob Smith", "email": "bob@x.org", "phone": "2065550100"}, "phone number"),
        ({"name": "Bob Smith", "email": "anna@x.org"}, "e-mail address"),
        (
            {"name": "Bob Smith", "email": "anna@x.org", "phone": "2065550100"},
            "e-mail address and the same phone number",
        ),
        ({"name": "Smith", "phone": "2065550100"}, "phone number"),
        ({"name": "Smith, Bob", "phone": "2065550100"}, "phone number"),
        ({"name": "B. Smith", "email": "anna@x.org"}, "e-mail address"),
        ({"name": "Anna Smith Jr.", "email": "anna@x.org"}, "e-mail address"),
        ({"name": "Anna Jones", "email": "aj@x.org", "phone": "2065550100"}, "phone number"),
        ({"name": "Anna Jones", "email": "anna@x.org", "phone": "2065550111"}, "e-mail address"),
        ({"name": "A. Smith", "phone": "2065550100"}, "phone number"),
        ({"phone": "2065550100"}, "phone number"),
        ({"ref": "desk:7", "name": "Bob Smith"}, "account on the platform"),
    ],
)
def test_a_family_is_not_one_client(
    store: Store, now: datetime, given: dict[str, str], shared: str
) -> None:
    anna = match(store, now, ref="desk:7", **FAMILY)
    found = match(store, now, **given)
    assert found.created
    assert found.doubt.startswith(f"Two clients share the same {shared}, and their names")
    assert match(store, now, **FAMILY) == Match(anna.patient_id, False)
    if given.get("name") and "ref" not in given:
        assert match(store, now, **given).patient_id == found.patient_id


@pytest.mark.parametrize(
    ("given", "looked_at"),
    [
        ({"name": "ANNA SMITH", "phone": "2065550100"}, False),
        ({"name": "Smith, Anna", "phone": "2065550100"}, False),
        ({"name": "Smith Anna", "phone": "2065550100"}, False),
        ({"name": "Ánna Smith", "email": "anna@x.org"}, False),
        ({"name": "Anna Marie Smith", "phone": "2065550100"}, False),
        ({"name": "Anna M. Smith", "phone": "2065550100"}, False),
        ({"name": "Mrs. Anna Smith", "phone": "2065550100"}, False),
        ({"name": "Anna Smith-Jones", "phone": "2065550100"}, True),
        ({"name": "Anna Jones", "email": "anna@x.org"}, True),
        ({"name": "Anna", "email": "anna@x.org", "phone": "206-555-0100"}, True),
        ({"name": "A. Smith", "email": "anna@x.org"}, True),
        ({"email": "anna@x.org"}, True),
        ({"ref": "desk:7", "name": "Anna Jones", "email": "new@x.org"}, True),
    ],
)
def test_one_client_writes_her_name_in_many_ways(
    store: Store, now: datetime, given: dict[str, str], looked_at: bool
) -> None:
    anna = match(store, now, ref="desk:7", **FAMILY)
    found = match(store, now, **given)
    assert (found.patient_id, found.created) == (anna.patient_id, False)
    assert bool(found.doubt) is looked_at


def test_an_account_of_the_platform_may_be_a_familys(store: Store, now: datetime) -> None:
    anna = match(store, now, ref="desk:7", **FAMILY)
    bob = match(store, now, ref="desk:7", name="Bob Smith", email="anna@x.org")
    assert bob.created
    assert match(store, now, ref="desk:7", name="Bob Smith") == Match(bob.patient_id, False)
    assert match(store, now, ref="desk:7", name="Anna Smith") == Match(anna.patient_id, False)
    nobody = match(store, now, ref="desk:7")
    assert nobody.created
    assert nobody.doubt.startswith("Several clients")


def create(store: Store, now: datetime, contact: Contact, **facts: str) -> str:
    with opened(store, now) as record:
        return record.clients.create(facts, contact).id


@pytest.mark.parametrize("given", [{"email": "ann@x.org"}, {"phone": "2065550100"}])
def test_of_two_equal_clients_the_older_one_is_taken(
    store: Store, now: datetime, given: dict[str, str]
) -> None:
    contact = Contact("ann@x.org", "2065550100")
    made = {
        days: create(store, now + timedelta(days), contact, name="Ann Lee") for days in (2, 0, 1)
    }
    for _ in range(2):
        found = match(store, now, name="Ann Lee", **given)
        assert (found.patient_id, found.created) == (made[0], False)
        assert found.doubt.startswith("Two clients on file look like the same person.")


def test_namesakes_of_other_birth_dates_are_not_taken_for_each_other(
    store: Store, now: datetime
) -> None:
    contact = Contact(phone="2065550100")
    known = {
        create(store, now, contact, name="Jo Lee", birth_date=day)
        for day in ("1950-01-01", "1980-01-01")
    }
    found = match(store, now, name="Jo Lee", phone="2065550100")
    assert found.created
    assert found.doubt.startswith("Several clients on file could have made this booking")
    again = match(store, now, name="Jo Lee", phone="2065550100")
    assert again.patient_id == found.patient_id
    assert again.patient_id not in known
    assert "different birth dates" in again.doubt


def test_a_client_whose_phone_is_anothers_too_is_found_by_her_name(
    store: Store, now: datetime
) -> None:
    ann = match(store, now, name="Ann Lee", email="family@x.org")
    match(store, now, name="Ben Lee", email="family@x.org", phone="2065550100")
    found = match(store, now, name="Ann Lee", email="family@x.org", phone="2065550100")
    assert found == Match(ann.patient_id, False)


def test_several_that_are_only_alike_are_left_alone(store: Store, now: datetime) -> None:
    for name in ("Ann Lee Cho", "Ann Lee Park"):
        create(store, now, Contact("ann@x.org"), name=name)
    found = match(store, now, name="Ann Lee", email="ann@x.org")
    assert found.created
    assert found.doubt.startswith("Several clients")


def test_another_clinic_sees_nothing(store: Store, now: datetime) -> None:
    with opened(store, now, "one") as record:
        row = record.clients.create({}, Contact("a@x.org"))
    with opened(store, now, "two") as other:
        assert other.clients.get(row.id) is None
        assert other.clients.find("email", "a@x.org") == set()
        assert other.clients.list() == []


def test_facts_are_read_before_they_are_kept(store: Store, now: datetime) -> None:
    with opened(store, now) as record:
        patient = record.clients.create({}, Contact())
        for kind, data in (
            ("coverage", {"payr": "regence"}),
            ("authorization", {"from": "2026-12-02", "to": "2026-12-01"}),
            ("prescription", {"signed_on": "9999-01-01"}),
        ):
            with pytest.raises(UnusableInputError):
                record.facts.add(patient.id, kind, data)
        with pytest.raises(UnusableInputError):
            record.visits.file(patient.id, {"on": "2026-02-30"}, [])
        assert record.visits.list(patient.id) == []


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
