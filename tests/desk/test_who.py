"""Whose booking it is: filed under a client on file only where that is sure, and held where not.

Bookings are for the day after tomorrow: a client without a confirmed coverage is refused at once.
"""

from datetime import timedelta
from typing import Any

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.desk.chart import change_client
from massage_ins_bridge.desk.decide import decide_client
from massage_ins_bridge.desk.settle_who import is_new
from massage_ins_bridge.store.doubt_models import DoubtRow
from massage_ins_bridge.testing.bookings import NOW, person

SOON = NOW + timedelta(days=2)
KAY: dict[str, Any] = {"name": "Kay Moss", "email": "kay@x.org", "phone": "206-555-0900"}


@pytest.fixture
def clinic(bridge: Bridge) -> Bridge:
    """Kay Moss is on file, and cured."""
    bridge.take("kay", **KAY)
    bridge.confirm_coverage("kay")
    return bridge


def book(bridge: Bridge, ref: str, **given: Any) -> tuple[bool, str | None]:
    """Whether it is Kay's booking, and the outcome."""
    start = SOON + timedelta(hours=len(ref))
    row = bridge.take(ref, start=start, **{"email": None, "phone": None, **given})
    return row.patient_id == bridge.row("kay").patient_id, row.outcome


SURE, DOUBT, NEW = (True, "allow"), (False, "hold"), (False, "block")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({**KAY, "email": "kay+cal@x.org", "phone": "206-555-0900 ext. 3"}, SURE),
        ({"name": "MOSS, Kay", "phone": "001 206 555 0900"}, SURE),
        ({**KAY, "email": "12065550900@sms.platform.example"}, SURE),
        ({**KAY, "name": "Katherine Moss"}, DOUBT),
        ({**KAY, "phone": "253-555-0111"}, DOUBT),
        ({**KAY, "email": "new@y.org", "phone": None}, DOUBT),
        ({"name": "Kay Moss", "email": "booked-by-phone@platform.example"}, DOUBT),
        ({**KAY, "name": "Kay Nolan"}, DOUBT),
        ({**KAY, "name": "Ben Moss"}, DOUBT),
        ({"name": None, "email": "kay@x.org"}, DOUBT),
        ({"name": None}, DOUBT),
        ({"name": "Olga Ruiz", "email": "olga@y.org"}, NEW),
    ],
)
def test_who_booked(clinic: Bridge, given: dict[str, Any], expected: tuple[bool, str]) -> None:
    assert book(clinic, "b1", **given) == expected
    assert ("who-is-it" in clinic.tasks()) is (expected == DOUBT)


def test_an_address_that_the_platform_made_up_brings_nobody_together(bridge: Bridge) -> None:
    shared = {"email": "booked-by-phone@platform.example"}
    one = bridge.take("b1", name="Jo Park", phone="206-555-0101", **shared)
    two = bridge.take("b2", name="Jo Park", phone="206-555-0102", **shared)
    assert one.patient_id != two.patient_id
    assert bridge.outcome("b2") == "hold"
    with bridge.installation.read() as record:
        client = record.clients.get(one.patient_id)
        assert client is not None
        assert record.clients.contact(client).email is None


def test_who_was_asked_about_is_asked_about_once(clinic: Bridge) -> None:
    """Their next booking is filed with the first, and nothing else is asked of staff."""
    given = {**KAY, "name": "Katie Moss"}
    for ref in ("b1", "b22"):
        assert book(clinic, ref, **given) == DOUBT
    assert clinic.row("b1").patient_id == clinic.row("b22").patient_id
    assert clinic.tasks().count("who-is-it") == 1
    assert "action" not in clinic.tasks()
    assert book(clinic, "b333", **KAY) == SURE, "who is on file keeps their own bookings"
    with clinic.installation.read() as record:
        (task,) = [t for t in record.tasks.due_first(9) if t.kind == "who-is-it"]
        assert task.booking_id is None
        words = record.tasks.message(task)
        assert words.startswith("Katie Moss booked and may be Kay Moss, who is on file.")


def test_no_booking_waits_and_nothing_is_asked(clinic: Bridge) -> None:
    book(clinic, "b1", **{**KAY, "name": "Katie Moss"})
    clinic.take("b1", "cancelled", status="cancelled")
    assert "who-is-it" not in clinic.tasks()


def test_a_deadline_refuses_nobody_in_doubt(clinic: Bridge) -> None:
    clinic.take("b1", start=NOW + timedelta(days=9), **{**KAY, "name": "Katie Moss"})
    clinic.pass_time(NOW + timedelta(days=8))
    assert clinic.outcome("b1") == "hold"
    with clinic.installation.write() as record:
        decide_client(clinic.installation, record, clinic.row("b1").patient_id, "again")
    assert (clinic.outcome("b1"), clinic.platform.bookings["b1"].status) == ("hold", "pending")


def test_who_pays_by_themselves_may_be_anybody(clinic: Bridge) -> None:
    given = {**KAY, "name": "Katie Moss", "service_ref": "2", "answers": {}}
    assert book(clinic, "b1", **given) == (False, "allow")


def test_the_platform_says_later_who_booked(clinic: Bridge) -> None:
    """What it showed at first named nobody."""
    assert book(clinic, "b1", name=None) == DOUBT
    clinic.take("b1", "rescheduled", start=SOON + timedelta(hours=5), person=person(**KAY))
    assert clinic.row("b1").patient_id == clinic.row("kay").patient_id
    assert (clinic.outcome("b1"), "who-is-it" in clinic.tasks()) == ("allow", False)
    with clinic.installation.read() as record:
        assert all(d.settled_at for d in record.session.query(DoubtRow))


def test_a_booking_that_was_moved_is_its_clients(clinic: Bridge) -> None:
    """Whatever name the platform gives with it, and though it is told only afterwards."""
    later = SOON + timedelta(days=1)
    clinic.take("new", start=later, **{**KAY, "name": "Katie Moss"})
    assert clinic.outcome("new") == "hold"
    clinic.take("new", "rescheduled", start=later + timedelta(hours=2), previous_ref="kay")
    assert clinic.row("new").patient_id == clinic.row("kay").patient_id
    assert (clinic.outcome("new"), "who-is-it" in clinic.tasks()) == ("allow", False)


BEN: dict[str, Any] = {"name": "Ben Moss", "email": "ben@y.org", "phone": KAY["phone"]}
ELSEWHERE = "253-555-0111"


def correct(bridge: Bridge, ref: str, **data: str | None) -> tuple[str | None, bool]:
    """Staff corrects what is on file of a booking's client; what becomes of ``b1``, and whether it
    is asked who that is."""
    with bridge.installation.write() as record:
        change_client(record, bridge.row(ref).patient_id, data)
    bridge.work()
    assert bridge.row("b1").patient_id != bridge.row("kay").patient_id, "nobody said so"
    return bridge.outcome("b1"), "who-is-it" in bridge.tasks()


GONE, STAYS = ("block", False), ("hold", True)


@pytest.mark.parametrize(
    ("given", "whose", "data", "expected"),
    [
        (BEN, "b1", {"phone": ELSEWHERE}, GONE),
        (BEN, "b1", {"phone": None}, GONE),
        (BEN, "kay", {"phone": ELSEWHERE}, GONE),
        (BEN, "b1", {"email": "ben@z.org"}, STAYS),
        (BEN, "b1", {"intake_received": True}, STAYS),
        (BEN, "b1", {"name": "Kay Moss", "email": KAY["email"]}, STAYS),
        ({**BEN, "name": "Kay Moss", "phone": ELSEWHERE}, "b1", {"name": "Ida Ruiz"}, GONE),
        ({**BEN, "name": None, "phone": None, "email": None}, "b1", {"name": "Ida Ruiz"}, GONE),
        ({**BEN, "name": None, "phone": None, "email": None}, "b1", {"name": "Kay Moss"}, STAYS),
    ],
)
def test_a_correction_that_leaves_no_doubt_ends_it(
    clinic: Bridge,
    given: dict[str, Any],
    whose: str,
    data: dict[str, Any],
    expected: tuple[str, bool],
) -> None:
    """It is judged on its own papers then. Who has become just like somebody on file is still not
    made one with them."""
    assert book(clinic, "b1", **given) == DOUBT
    assert correct(clinic, whose, **data) == expected


def test_namesakes_of_other_birthdays_are_two(clinic: Bridge) -> None:
    assert book(clinic, "b1", **{**BEN, "name": "Kay Moss", "phone": ELSEWHERE}) == DOUBT
    assert correct(clinic, "kay", birth_date="1980-01-01") == STAYS
    assert correct(clinic, "b1", birth_date="1981-01-01") == GONE


def test_the_platforms_id_is_not_corrected_away(bridge: Bridge) -> None:
    """Whoever books by somebody's account there may be them under whatever name."""
    bridge.take("kay", person=person(**KAY, ref="u1"))
    bridge.take("b1", start=SOON, person=person(**BEN, ref="u1"))
    assert correct(bridge, "b1", name="Ida Ruiz", phone=None) == STAYS


def test_how_they_gave_themselves_otherwise_counts_too(clinic: Bridge) -> None:
    """One booking's number is corrected; another one of theirs has Kay's address."""
    for ref, given in (("b1", BEN), ("b22", {**BEN, "email": KAY["email"]})):
        clinic.take(ref, start=SOON, person=person(**given, ref="u2"))
    assert clinic.row("b1").patient_id == clinic.row("b22").patient_id
    assert correct(clinic, "b1", phone=ELSEWHERE) == STAYS


def test_a_correction_that_is_taken_back_brings_the_doubt_back(clinic: Bridge) -> None:
    book(clinic, "b1", **{**BEN, "service_ref": "1"})
    clinic.platform.faults += [PlatformError("it hangs")] * 9
    assert correct(clinic, "b1", phone=ELSEWHERE) == GONE
    assert correct(clinic, "b1", phone=BEN["phone"]) == STAYS


def test_what_staff_said_is_not_asked_again(clinic: Bridge) -> None:
    book(clinic, "b1", **BEN)
    clinic.platform.faults += [PlatformError("it hangs")] * 9
    with clinic.installation.write() as record:
        is_new(record, clinic.row("b1").patient_id, "Pat")
    assert correct(clinic, "b1", name="Benjamin Moss") == GONE
    assert correct(clinic, "kay", email="kay@z.org") == GONE
    kay, ben = (clinic.row(ref).patient_id for ref in ("kay", "b1"))
    with clinic.installation.write() as record:
        record.doubts.bring(ben, [kay, None])
        kept = [d.candidate_id for d in record.doubts.of(ben) if d.settled_at is None]
    assert kept == [None]
