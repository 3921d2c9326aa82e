"""A report against a fortnight counted by hand: seven visits that were held, and what became of
them."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.desk.opened import Opened
from massage_ins_bridge.desk.overrides import override
from massage_ins_bridge.desk.report.period import Period
from massage_ins_bridge.desk.report.tables import as_csv, table
from massage_ins_bridge.desk.report.visits import Counted
from massage_ins_bridge.desk.report.whole import Report, StaffsWord, report
from massage_ins_bridge.desk.tags import to_json
from massage_ins_bridge.testing.bookings import NOW, START

DAYS = Period(date(2026, 11, 30), date(2026, 12, 20))
STAND = {"outcome": "allow", "reason": "they said so by phone", "name": "Dana Ruiz"}


def with_fees(folder: Path, url: str | None = None) -> Iterator[Bridge]:
    made = make_bridge(folder, url, clinic={"fees": {"regence": "110.00"}})
    yield made
    made.close()


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    yield from with_fees(tmp_path)


@pytest.fixture
def everywhere(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    yield from with_fees(tmp_path, database_url)


def made(bridge: Bridge, days: Period = DAYS) -> Report:
    with bridge.installation.read() as record:
        return report(bridge.installation, record, Opened(), days)


def at(bridge: Bridge, moment: datetime) -> None:
    bridge.pass_time(moment)


def come(bridge: Bridge, ref: str, **values: Any) -> None:
    bridge.take(ref, name=f"Client {ref}", email=f"{ref}@example.com", **values)


def confirm_other(bridge: Bridge, ref: str) -> None:
    """A payer whose fee nobody named is billed."""
    bridge.confirm_coverage_alone(ref)
    with bridge.installation.write() as record:
        (row,) = record.facts.list(bridge.row(ref).patient_id, "coverage")
        record.facts.replace(row, {"payer": "Acme Life", "staff_confirmed": True})
    bridge.choose(ref, payer="Acme Life")


def test_it_agrees_with_what_is_counted_by_hand(everywhere: Bridge) -> None:
    bridge = everywhere
    for ref in ("b1", "b2", "b3", "b4", "b5", "b7"):
        come(bridge, ref)
    come(bridge, "b6", start=START + timedelta(days=7))
    come(bridge, "early", start=START - timedelta(days=14))  # of no day that is asked for
    at(bridge, NOW + timedelta(hours=12))
    bridge.confirm_coverage("b1")
    come(bridge, "b8", start=START + timedelta(hours=2))
    with bridge.installation.write() as record:
        override(record, bridge.row("b4").id, STAND)
    at(bridge, NOW + timedelta(days=3))
    bridge.confirm_coverage("b2")
    at(bridge, NOW + timedelta(days=5))
    confirm_other(bridge, "b3")
    bridge.take("b5", "cancelled", status="cancelled")
    at(bridge, START - timedelta(days=4, hours=2))
    at(bridge, START - timedelta(days=3))  # the last day is over: two are refused
    at(bridge, START + timedelta(days=1))
    bridge.take("b2", "no-show", status="no-show")

    found = made(bridge)
    assert bridge.row("b7").platform_status == bridge.row("b8").platform_status == "rejected"
    visits = found.visits
    counted = (visits.cured, visits.not_cured, visits.let_stand, visits.open, visits.called_off)
    assert counted == (2, 2, 1, 1, 2)
    assert (visits.cured_dollars, visits.not_cured_dollars) == (Decimal(110), Decimal(220))
    assert visits.without_fee == 1
    assert [(one.first.day, one.cured, one.not_cured) for one in visits.stretches] == [
        *((30, 0, 0), (7, 2, 2), (14, 0, 0)),
    ]
    assert [one.number for one in found.holds.soon] == [1, 0, 1, 0, 2]
    assert found.holds.half_within == 1
    assert found.holds.causes == (Counted("Intake not in", 8),)
    assert found.staff == StaffsWord(stopped=0, refusals=2, let_stand=0, by_hand=0)
    earlier = made(bridge, Period(date(2026, 11, 16), date(2026, 11, 29)))
    assert (earlier.visits.not_cured, earlier.staff.let_stand) == (1, 1)


def test_what_a_moved_visit_takes_along_is_said_once(bridge: Bridge) -> None:
    come(bridge, "b1")
    with bridge.installation.write() as record:
        override(record, bridge.row("b1").id, STAND)
    come(bridge, "b2", previous_ref="b1", start=START + timedelta(days=1))
    found = made(bridge, Period(date(2026, 11, 16), date(2026, 12, 20)))
    assert (found.visits.let_stand, found.staff.let_stand) == (1, 1)


def authorize(bridge: Bridge, **more: Any) -> None:
    bridge.add_fact("b1", "authorization", {"kind": "prior-authorization", **more})


def test_payers_answers_are_counted_by_payer(bridge: Bridge) -> None:
    """Two of three answers were yes; they took 2, 4 and 9 days."""
    come(bridge, "b1")
    bridge.clock.moment = START + timedelta(days=5)
    asked = {"payer": "Regence", "requested_on": "2026-12-01", "visits_asked": 6}
    for day, status, visits in (("03", "approved", 4), ("05", "approved", 6), ("10", "denied", 0)):
        given = {"visits": visits} if status == "approved" else {}
        authorize(bridge, **asked, status=status, decided_on=f"2026-12-{day}", **given)
    authorize(bridge, **asked, status="requested")
    authorize(bridge, payer="=Acme()", status="requested", requested_on="2026-12-02")
    authorize(bridge, payer="Regence", status="requested", requested_on="2026-11-02")
    authorize(bridge, payer="Regence", status="approved", decided_on="2026-12-01")
    authorize(
        bridge, payer="Other", requested_on="2026-12-05", decided_on="2026-12-01", status="denied"
    )
    authorize(bridge, **{**asked, "kind": "clinic-approval"}, status="approved")
    regence, acme, other = made(bridge).payers
    assert (other.denied, other.half_within, other.slowest) == (1, None, None)  # a typing error
    assert (regence.payer, regence.asked, regence.waiting) == ("Regence", 4, 1)
    assert (regence.approved, regence.denied, regence.share) == (2, 1, 67)
    assert (regence.visits_given, regence.visits_asked) == (10, 18)
    assert (regence.half_within, regence.slowest) == (4, 9)
    assert (acme.payer, acme.share, acme.half_within) == ("=Acme()", None, None)
    text = as_csv(table(made(bridge), "payers"))
    assert text.splitlines()[2].startswith("'=Acme(),1,0,0,1,0,0,,,,,")


def test_amounts_are_texts_in_json(bridge: Bridge) -> None:
    come(bridge, "b1")
    bridge.confirm_coverage("b1")
    said = json.loads(to_json(made(bridge)))
    assert said["visits"]["cured_dollars"] == "110.00"
    assert "Client" not in str(said)
