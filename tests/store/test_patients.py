from __future__ import annotations

from datetime import datetime

import pytest

from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.store.database import Store
from massage_ins_bridge.store.facts import Facts
from massage_ins_bridge.store.models import PatientRow
from massage_ins_bridge.store.patients import Contact, Match, Patients, Person


def match(store: Store, now: datetime, **person: str) -> Match:
    with store.write() as session:
        return Patients(session, store.vault, "default").match(Person(**person), now)


def test_by_the_platforms_id_then_email_then_phone(store: Store, now: datetime) -> None:
    first = match(store, now, ref="desk:7", name="Ann Lee", email="ann@x.org", phone="2065550100")
    assert first.created
    for person in (
        {"ref": "desk:7", "name": "Another Name", "email": "new@x.org"},
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
    assert third.doubt
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


def test_another_clinic_sees_nothing(store: Store, now: datetime) -> None:
    with store.write() as session:
        row = Patients(session, store.vault, "one").create({}, Contact("a@x.org"), now)
        other = Patients(session, store.vault, "two")
        assert other.get(row.id) is None
        assert other.find("email", "a@x.org") == set()
        assert other.list() == []


def test_facts_are_read_before_they_are_kept(store: Store, now: datetime) -> None:
    with store.write() as session:
        patient = Patients(session, store.vault, "default").create({}, Contact(), now)
        facts = Facts(session, store.vault, "default")
        for kind, data in (
            ("coverage", {"payr": "regence"}),
            ("visit", {"on": "2026-02-30"}),
            ("authorization", {"from": "2026-12-02", "to": "2026-12-01"}),
            ("prescription", {"signed_on": "9999-01-01"}),
        ):
            with pytest.raises(UnusableInputError):
                facts.add(patient.id, kind, data, now)
        facts.add(patient.id, "visit", {"on": "2026-11-01", "payer": "regence"}, now)
        assert len(facts.known(patient.id)["visit"]) == 1


def test_personal_columns_are_sealed(store: Store, now: datetime) -> None:
    secret = "Ann Unmistakable"
    with store.write() as session:
        patients = Patients(session, store.vault, "default")
        row = patients.create({"name": secret}, Contact("unmistakable@x.org", "2065550199"), now)
        patients.index_members(row.id, ["ZZZUNMISTAKABLE"])
        Facts(session, store.vault, "default").add(
            row.id, "coverage", {"payer": "regence", "member_id": "ZZZUNMISTAKABLE"}, now
        )
    if store.file is not None:
        stored = b"".join(p.read_bytes() for p in store.file.parent.glob("bridge.sqlite3*"))
        for text in (b"nmistakable", b"NMISTAKABLE", b"2065550199", b"regence"):
            assert text not in stored
    with store.read() as session:
        row = session.get_one(PatientRow, row.id)
        assert secret.encode() not in row.facts_sealed
        assert Patients(session, store.vault, "default").facts(row)["name"] == secret
