"""What the clinic knows of its clients, and by what they are found."""

from datetime import datetime

import pytest
from tests.store.conftest import opened

from massage_ins_bridge.store.clients import Alias, Contact
from massage_ins_bridge.store.database import Store
from massage_ins_bridge.store.models import PatientRow
from massage_ins_bridge.store.vault import normal_id


def test_a_client_is_found_by_all_that_they_are_known_by(store: Store, now: datetime) -> None:
    with opened(store, now) as record:
        clients = record.clients
        row = clients.create({"name": "Ann Lee"}, Contact("ann@x.org", "206-555-0100"))
        clients.learn(row, Alias("Ann Jones", "aj@y.org", "+1 253 555 0111", "bkg_1"))
        found = {"ann+cal@X.org", "206 555 0100 x3", "555-0100", "aj@y.org", "001 253 555 0111"}
        for value in found:
            assert clients.find("email" if "@" in value else "phone", value) == {row.id}
        assert clients.known(row).names == ("Ann Lee", "Ann Jones")
        clients.update(row, {"name": "Ann Lee"}, Contact("new@x.org"))
        assert clients.find("email", "ann@x.org") == set()
        assert clients.find("email", "aj@y.org") == {row.id}
        clients.put_aliases(row, ())
        assert clients.find("email", "aj@y.org") == set()


@pytest.mark.parametrize(
    ("alias", "kept"),
    [
        (Alias("Ann Lee", "ANN@x.org", "(206) 555-0100"), 0),
        (Alias("Ann Jones", "ann@x.org"), 1),
        (Alias("Ann Lee", "new@x.org"), 1),
        (Alias("Ann Lee", "ann@x.org", "253-555-0111"), 1),
        (Alias("Ann Lee", "ann@x.org", settled=True), 1),
    ],
)
def test_only_news_is_learned_and_once(
    store: Store, now: datetime, alias: Alias, kept: int
) -> None:
    with opened(store, now) as record:
        row = record.clients.create({"name": "Ann Lee"}, Contact("ann@x.org", "2065550100"))
        for _ in range(2):
            record.clients.learn(row, alias)
        assert len(record.clients.aliases(row)) == kept


def test_another_clinic_sees_nothing(store: Store, now: datetime) -> None:
    with opened(store, now, "one") as record:
        row = record.clients.create({}, Contact("a@x.org"))
    with opened(store, now, "two") as other:
        assert other.clients.get(row.id) is None
        assert other.clients.find("email", "a@x.org") == set()
        assert other.clients.several([row.id]) == []


def test_personal_columns_are_sealed(store: Store, now: datetime) -> None:
    """Nor does a task's topic say which payer's rule it is about."""
    secret = "Ann Unmistakable"
    with opened(store, now) as record:
        row = record.clients.create({"name": secret}, Contact("unmistakable@x.org", "2065550199"))
        record.clients.learn(row, Alias("Bea Unmistakable", "more@unmistakable.org"))
        record.clients.identities.put_members(row.id, ["ZZZUNMISTAKABLE"])
        coverage = {"payer": "regence", "member_id": "ZZZUNMISTAKABLE"}
        record.facts.add(row.id, "coverage", coverage)
        record.receipts.add("kind", row.id, {"name": secret}, secret)
        record.tasks.open("action", "send-lni-form:LNI-04", "regence", patient_id=row.id)
        assert record.clients.find("member", "zzz-unmistakable") == {row.id}
        assert normal_id("zzz-unmistakable") == "zzzunmistakable"
    if store.file is not None:
        stored = b"".join(p.read_bytes() for p in store.file.parent.glob("bridge.sqlite3*"))
        for text in (b"nmistakable", b"NMISTAKABLE", b"nmstkbl", b"2065550199", b"regence"):
            assert text not in stored
        assert b"LNI-04" not in stored
    with opened(store, now) as record:
        row = record.session.get_one(PatientRow, row.id)
        assert secret.encode() not in row.facts_sealed
        assert record.clients.facts(row)["name"] == secret
