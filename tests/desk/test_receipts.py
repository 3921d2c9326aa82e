"""What staff said of who somebody is can be taken back, and says whose word it was."""

from datetime import timedelta

import pytest
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

from massage_ins_bridge.desk import settle_who
from massage_ins_bridge.desk.chart import add_client, add_fact, whole_client
from massage_ins_bridge.desk.errors import ConflictError
from massage_ins_bridge.desk.receipts import LIMIT, Receipt, receipt, undo
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.store.doubt_models import ReceiptRow
from massage_ins_bridge.store.record import Record


def test_undone_the_two_are_as_they_were(clinic: Bridge) -> None:
    """What came meanwhile goes with whom it fits."""
    kay, katie = owner(clinic, "kay"), owner(clinic, "b1")
    with clinic.installation.read() as record:
        before = [whole_client(record, row) for row in record.clients.several([kay, katie])]
    made = settle(clinic, "merge", kay, katie)
    clinic.clock.moment += timedelta(minutes=1)
    clinic.take("b2", start=SOON + timedelta(hours=1), **KATIE)
    clinic.take("b3", start=SOON + timedelta(hours=2), **KAY)
    take_back(clinic, made)
    assert [owner(clinic, ref) for ref in ("kay", "b1", "b2", "b3")] == [kay, katie, katie, kay]
    assert clinic.outcome("b1") == clinic.outcome("b2") == "hold"
    assert clinic.outcome("b3") == "allow"
    assert (doubtful(clinic, "b1"), "who-is-it" in clinic.tasks()) == (True, True)
    with clinic.installation.read() as record:
        after = [whole_client(record, row) for row in record.clients.several([kay, katie])]
    assert after == before
    clinic.take("b4", start=SOON + timedelta(hours=3), **KATIE)
    assert owner(clinic, "b4") == katie


def test_each_act_has_the_name_of_whose_it_was(clinic: Bridge) -> None:
    """As an override has; what was done before names were asked for has none."""
    kay, katie = owner(clinic, "kay"), owner(clinic, "b1")
    acts: list[tuple[str, tuple[str | None, ...]]] = [
        ("is_new", (katie,)),
        ("merge", (kay, katie)),
        ("move", (clinic.row("b1").id, None)),
    ]
    made = [settle(clinic, act, *about) for act, about in acts]
    take_back(clinic, made[-1])
    with clinic.installation.read() as record:
        rows = [record.session.get_one(ReceiptRow, one) for one in made]
        shown = [receipt(record, row) for row in rows]
        nameless = replace_said(record, rows[0])
    assert [one.name for one in shown] == ["Pat"] * 3
    assert [one.undone_by for one in shown] == [None, None, "Kim"]
    assert (nameless.name, nameless.undone_by) == (None, None)
    with clinic.installation.write() as record, pytest.raises(UnusableInputError, match="name"):
        settle_who.move(record, clinic.row("b1").id, None, "")
    with clinic.installation.write() as record, pytest.raises(UnusableInputError, match="name"):
        undo(record, made[0], "")


def replace_said(record: Record, row: ReceiptRow) -> Receipt:
    """The receipt as it was before names were asked for."""
    kept = {k: v for k, v in record.receipts.data(row).items() if k != "said"}
    with record.session.no_autoflush:
        row.data_sealed = record.vault.seal_json(kept, record.place("receipts.data"))
        return receipt(record, row)


def test_two_charts_are_one_and_two_again(bridge: Bridge) -> None:
    """Nothing is lost, and nothing stands twice."""
    coverage = {**COVERAGE, "member_id": "Z1"}
    visit = {"on": "2026-11-02", "payer": "regence"}
    sam = {"name": "Sam Novak", "phone": "206-555-0111"}
    with bridge.installation.write() as record:
        one, two = (
            add_client(record, {**sam, "name": n}).id for n in ("Sam Novak", "Samuel Novak")
        )
        for client, more in ((one, {"on": "2026-11-05"}), (two, {"on": "2026-11-09"})):
            add_fact(record, client, "coverage", coverage)
            add_fact(record, client, "visit", visit)
            add_fact(record, client, "visit", {**visit, **more})
        add_fact(record, two, "prescription", {"id": "rx", "visits": 3})
        before = [whole_client(record, row) for row in record.clients.several([one, two])]
    made = settle(bridge, "merge", one, two)
    with bridge.installation.read() as record:
        (only,) = record.clients.several([one, two])
        found = whole_client(record, only)
        assert [len(found[key]) for key in ("coverages", "prescriptions", "visits")] == [1, 1, 3]
    bridge.take("b1", start=SOON, **sam)
    bridge.take("b2", start=SOON + timedelta(hours=1), **{**sam, "name": "Samuel Novak"})
    assert owner(bridge, "b1") == owner(bridge, "b2") == one
    bridge.take("b1", "cancelled", status="cancelled")
    take_back(bridge, made)
    with bridge.installation.read() as record:
        assert [whole_client(record, r) for r in record.clients.several([one, two])] == before


def test_what_contradicts_an_undo(clinic: Bridge) -> None:
    kay, katie = owner(clinic, "kay"), owner(clinic, "b1")
    with clinic.installation.write() as record:
        olga = add_client(record, {"name": "Olga Ruiz"}).id
    first = settle(clinic, "merge", kay, katie)
    second = settle(clinic, "move", clinic.row("b1").id, olga)
    with pytest.raises(ConflictError, match="moved to another client since"):
        take_back(clinic, first)
    take_back(clinic, second)
    third = settle(clinic, "merge", olga, kay)
    with pytest.raises(ConflictError, match="merged again since"):
        take_back(clinic, first)
    for made in (third, first):
        take_back(clinic, made)
    assert owner(clinic, "b1") == katie
    clinic.clock.moment += LIMIT + timedelta(days=1)
    late = settle(clinic, "merge", kay, olga)
    clinic.clock.moment += LIMIT + timedelta(seconds=1)
    with pytest.raises(ConflictError, match="more than 30 days ago"):
        take_back(clinic, late)


def test_what_was_asked_meanwhile_goes_with_its_booking(bridge: Bridge) -> None:
    """One task, in the name of whose booking it is again."""
    bridge.take("kay", **KAY)
    bridge.take("b1", status="accepted", name="Bo Diaz", email="bo@x.org")
    bridge.confirm_coverage("b1")
    kay, bo = owner(bridge, "kay"), owner(bridge, "b1")
    made = settle(bridge, "merge", kay, bo)
    bridge.knobs.visits = 0
    bridge.choose("b1", payer="regence")
    take_back(bridge, made)
    assert (owner(bridge, "b1"), bridge.outcome("b1")) == (bo, "block")
    with bridge.installation.read() as record:
        about = record.tasks.of_bookings([bridge.row("b1").id])[bridge.row("b1").id]
        found = [t.patient_id for t in about if t.kind == "block-by-hand"]
    assert found == [bo]


def test_confirmed_papers_outdo_the_others_word(clinic: Bridge) -> None:
    """Whichever of the two stays; undone, each has their own again, with what came meanwhile."""
    kay, katie = owner(clinic, "kay"), owner(clinic, "b1")
    made = settle(clinic, "merge", katie, kay)
    assert clinic.outcome("b1") == "allow"
    clinic.take("kay", "cancelled", status="cancelled")
    clinic.take("kay", status="pending", start=SOON + timedelta(hours=3))
    take_back(clinic, made)
    with clinic.installation.read() as record:
        found = [record.facts.list(one, "coverage") for one in (kay, katie)]
        sure = [[record.facts.data(row)["staff_confirmed"] for row in rows] for rows in found]
        tasks = [t for t in record.tasks.of_client(katie) if t.booking_id == clinic.row("kay").id]
    assert (sure, tasks) == ([[True], [False]], [])
