"""Staff says who somebody is; it is learned, and everybody concerned is decided again."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.desk.bridge import Bridge
from tests.desk.mosses import (
    COVERAGE,
    KATIE,
    KAY,
    SOON,
    doubtful,
    owner,
    settle,
    take_back,
)

from massage_ins_bridge.desk.chart import (
    add_client,
    add_fact,
    change_client,
    client_row,
    whole_client,
)
from massage_ins_bridge.desk.errors import ConflictError, MergedError, NotFoundError
from massage_ins_bridge.desk.receipts import receipt
from massage_ins_bridge.store.doubt_models import ReceiptRow


def test_it_is_this_client(clinic: Bridge) -> None:
    """Her papers count, and her next booking under that name is sure."""
    kay, katie = owner(clinic, "kay"), owner(clinic, "b1")
    clinic.clock.moment += timedelta(minutes=1)
    made = settle(clinic, "merge", kay, katie)
    assert (owner(clinic, "b1"), clinic.outcome("b1")) == (kay, "allow")
    assert clinic.platform.bookings["b1"].status == "accepted"
    assert "who-is-it" not in clinic.tasks()
    clinic.take("b2", start=SOON + timedelta(hours=1), **KATIE)
    assert (owner(clinic, "b2"), clinic.outcome("b2")) == (kay, "allow")
    with clinic.installation.read() as record:
        found = whole_client(record, record.clients.get(kay))  # type: ignore[arg-type]
        assert [c["staff_confirmed"] for c in found["coverages"]] == [True]
        with pytest.raises(MergedError, match=f"merged into {kay}"):
            client_row(record, katie)
        shown = receipt(record, record.session.get_one(ReceiptRow, made))
        assert (shown.patient, shown.other, shown.can_undo) == (kay, katie, True)
        assert [(w.booking, w.kind) for w in shown.written] == [(clinic.row("b1").id, "confirm")]


def test_what_is_on_file_of_one_alone_stays_on_file(clinic: Bridge) -> None:
    """What both say stays as it was; an undo takes back all but what was changed since."""
    with clinic.installation.write() as record:
        born = {"birth_date": "1980-03-04", "intake_received": True}
        ola = add_client(record, {"name": "Ola Ruud", "phone": "206-555-0150"}).id
        ole = add_client(record, {"name": "Ole Ruud", "email": "ole@y.org", **born}).id
    made = settle(clinic, "merge", ola, ole)
    assert on_file(clinic, ola) == ("Ola Ruud", "206-555-0150", "ole@y.org", "1980-03-04", True)
    with clinic.installation.write() as record:
        change_client(record, ola, {"birth_date": "1980-04-03"})
    take_back(clinic, made)
    assert on_file(clinic, ola) == ("Ola Ruud", "206-555-0150", None, "1980-04-03", None)
    assert on_file(clinic, ole) == ("Ole Ruud", None, "ole@y.org", "1980-03-04", True)


def on_file(clinic: Bridge, patient: str) -> tuple[object, ...]:
    with clinic.installation.read() as record:
        row = client_row(record, patient)
        facts, contact = record.clients.facts(row), record.clients.contact(row)
    more = (facts.get("birth_date"), facts.get("intake_received"))
    return (facts.get("name"), contact.phone, contact.email, *more)


def test_it_is_somebody_new(clinic: Bridge) -> None:
    """They are judged on their own papers, and so is their next booking."""
    katie = owner(clinic, "b1")
    made = settle(clinic, "is_new", katie)
    assert (clinic.outcome("b1"), doubtful(clinic, "b1")) == ("block", False)
    clinic.take("b2", start=SOON + timedelta(hours=1), **KATIE)
    assert (owner(clinic, "b2"), clinic.outcome("b2")) == (katie, "block")
    clinic.take("b3", start=SOON + timedelta(hours=2), **KAY)
    assert clinic.outcome("b3") in ("allow", "hold")
    with pytest.raises(ConflictError, match="not in doubt"):
        settle(clinic, "is_new", katie)
    take_back(clinic, made)
    assert doubtful(clinic, "b1")


def test_a_booking_is_moved_to_whom_it_belongs(clinic: Bridge) -> None:
    """With what its form said; both are decided again, and known by what is theirs."""
    kay = owner(clinic, "kay")
    with clinic.installation.write() as record:
        olga = add_client(record, {"name": "Olga Ruiz", "email": "olga@y.org"}).id
        add_fact(record, olga, "coverage", COVERAGE)
    clinic.take("b2", start=SOON + timedelta(hours=1), **KAY)
    assert owner(clinic, "b2") == kay
    made = settle(clinic, "move", clinic.row("b2").id, olga)
    assert (owner(clinic, "b2"), clinic.outcome("b2")) == (olga, "allow")
    clinic.take("b3", start=SOON + timedelta(hours=2), **KAY)
    assert owner(clinic, "b3") == olga, "staff said that exactly this is Olga"
    clinic.take("b3", "cancelled", status="cancelled")
    take_back(clinic, made)
    assert owner(clinic, "b2") == kay
    with pytest.raises(ConflictError, match="already"):
        settle(clinic, "move", clinic.row("b2").id, kay)


def test_a_booking_is_moved_to_somebody_new(clinic: Bridge) -> None:
    clinic.take("b2", start=SOON + timedelta(hours=1), **KAY)
    settle(clinic, "move", clinic.row("b2").id, None)
    assert owner(clinic, "b2") not in {owner(clinic, "kay"), owner(clinic, "b1")}
    assert clinic.outcome("b2") == "block"  # of somebody new there are no papers


def test_the_only_booking_of_one_in_doubt_says_who_they_are(clinic: Bridge) -> None:
    kay = owner(clinic, "kay")
    settle(clinic, "move", clinic.row("b1").id, kay)
    assert (owner(clinic, "b1"), clinic.outcome("b1")) == (kay, "allow")
    assert "who-is-it" not in clinic.tasks()


def test_who_may_be_one_of_two_may_be_the_one_that_they_are(clinic: Bridge) -> None:
    """A question that names a client who was merged names the other from then on."""
    kay, katie = owner(clinic, "kay"), owner(clinic, "b1")
    with clinic.installation.write() as record:
        again = add_client(record, {"name": "Kay Moss", "email": "kay2@x.org"}).id
    made = settle(clinic, "merge", again, kay)
    with clinic.installation.read() as record:
        assert [d.candidate_id for d in record.doubts.of(katie)] == [again]
    take_back(clinic, made)
    with clinic.installation.read() as record:
        assert [d.candidate_id for d in record.doubts.of(katie)] == [kay]


@pytest.mark.parametrize("act", [("merge", "KAY", "pat_none"), ("merge", "KAY", "KAY")])
def test_what_cannot_be_settled(clinic: Bridge, act: tuple[str, str, str]) -> None:
    kay = owner(clinic, "kay")
    with pytest.raises((NotFoundError, ConflictError)):
        settle(clinic, *(part.replace("KAY", kay) for part in act))
    with clinic.installation.store.read() as session:
        assert session.scalars(select(ReceiptRow)).all() == []
