"""What a booking or a visit names of one client's chart it does not name in another's."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge, make_bridge
from tests.desk.mosses import KAY, SOON, kay_and_katie, owner, settle, take_back

from massage_ins_bridge.desk.bookings import change_booking
from massage_ins_bridge.desk.chart import add_client, add_fact
from massage_ins_bridge.desk.visits import close_booking

PAPER = {"signed": True, "diagnoses": ["M54.2"]}
SAID = ("prescription", "episode", "injury", "place")


@pytest.fixture
def clinic(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    bridge = make_bridge(tmp_path, database_url)
    yield kay_and_katie(bridge)
    bridge.close()


def said(bridge: Bridge, ref: str) -> tuple[Any, ...]:
    details = bridge.details(ref)
    return tuple(getattr(details, name) for name in SAID)


def say(bridge: Bridge, ref: str, **words: str | None) -> None:
    with bridge.installation.write() as record:
        change_booking(record, bridge.row(ref).id, words)
    bridge.work()


def visit_of(bridge: Bridge, ref: str) -> dict[str, Any]:
    with bridge.installation.read() as record:
        rows = record.visits.list(owner(bridge, ref))
        (found,) = (record.visits.data(r) for r in rows if r.booking_id == bridge.row(ref).id)
        return found


def test_what_a_booking_names_of_one_chart_it_does_not_name_in_another(clinic: Bridge) -> None:
    """Undone, it names again what it named; what was named of the other chart since is gone."""
    kay = owner(clinic, "kay")
    with clinic.installation.write() as record:
        olga = add_client(record, {"name": "Olga Ruiz", "email": "olga@y.org"}).id
        hers = add_fact(record, olga, "prescription", PAPER).record
        mine = add_fact(record, kay, "prescription", {**PAPER, "visits": 12}).record
    clinic.take("b2", start=SOON + timedelta(hours=1), **KAY)
    before = (mine, "neck", "neither", "home")
    say(clinic, "b2", **dict(zip(SAID, before, strict=True)))
    made = settle(clinic, "move", clinic.row("b2").id, olga)
    assert said(clinic, "b2") == (None, None, None, "home")
    say(clinic, "b2", prescription=hers, injury="work")
    take_back(clinic, made)
    assert owner(clinic, "b2") == kay
    assert said(clinic, "b2") == before


def test_that_it_is_for_an_injury_still_holds_the_other_s_booking(clinic: Bridge) -> None:
    clinic.take("b2", start=SOON + timedelta(hours=1), **KAY)
    say(clinic, "b2", injury="work")
    settle(clinic, "move", clinic.row("b2").id, None)
    assert clinic.details("b2").injury == "work"


def test_a_visit_is_moved_without_what_it_named(clinic: Bridge) -> None:
    kay = owner(clinic, "kay")
    clinic.take("b2", start=SOON + timedelta(hours=1), **KAY)
    with clinic.installation.write() as record:
        mine = add_fact(record, kay, "prescription", PAPER).record
    say(clinic, "b2", prescription=mine, episode="neck")
    clinic.pass_time(SOON + timedelta(hours=3))
    with clinic.installation.write() as record:
        close_booking(clinic.installation, record, clinic.row("b2").id, "completed")
    before = visit_of(clinic, "b2")
    assert (before["prescription"], before["episode"]) == (mine, "neck")
    made = settle(clinic, "move", clinic.row("b2").id, None)
    assert visit_of(clinic, "b2").keys() == before.keys() - {"prescription", "episode"}
    take_back(clinic, made)
    assert visit_of(clinic, "b2") == before


def test_of_one_paper_in_both_charts_the_one_that_stays_is_named(clinic: Bridge) -> None:
    kay, katie = owner(clinic, "kay"), owner(clinic, "b1")
    with clinic.installation.write() as record:
        mine = add_fact(record, kay, "prescription", PAPER).record
        hers = add_fact(record, katie, "prescription", PAPER).record
    say(clinic, "b1", prescription=hers)
    made = settle(clinic, "merge", kay, katie)
    assert clinic.details("b1").prescription == mine
    take_back(clinic, made)
    assert clinic.details("b1").prescription == hers


def test_two_again_no_booking_names_the_other_s_paper(clinic: Bridge) -> None:
    kay, katie = owner(clinic, "kay"), owner(clinic, "b1")
    with clinic.installation.write() as record:
        mine = add_fact(record, kay, "prescription", PAPER).record
    made = settle(clinic, "merge", kay, katie)
    say(clinic, "b1", prescription=mine)
    take_back(clinic, made)
    assert (owner(clinic, "b1"), clinic.details("b1").prescription) == (katie, None)
