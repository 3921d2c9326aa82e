"""The API's bookings as the host knows them, and what is refused."""

from __future__ import annotations

import json

import httpx
import pytest

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    Gone,
    PlatformClient,
    PlatformError,
    PlatformPerson,
)
from massage_ins_bridge_calcom.connector import CalcomConnector

BOOKING = {
    "id": 123,
    "uid": "abc",
    "title": "not read",
    "hosts": [{"id": 5, "name": "Example Massage"}],
    "status": "accepted",
    "start": "2026-12-08T18:00:00.000Z",
    "end": "2026-12-08T19:00:00.000Z",
    "eventTypeId": 7,
    "eventType": {"id": 30412, "slug": "medical"},
    "attendees": [{"name": "Ada Test", "email": "ada@example.com", "absent": False}],
    "bookingFieldsResponses": {"name": "Ada Test", "insurance": "Regence", "member": 123},
    "createdAt": "2026-11-22T18:00:00.000Z",
    "updatedAt": "2026-11-22T19:00:00.000Z",
    "brandNewField": {"of": ["the vendor"]},
}


def data(**changed):
    booking = {k: v for k, v in {**BOOKING, **changed}.items() if v != "absent"}
    return {"status": "success", "data": booking}


def test_every_field_finds_its_place(answered):
    booking = answered(data(rescheduledFromUid="old")).fetch("abc")
    assert (booking.ref, booking.status, booking.service_ref) == ("abc", "accepted", "30412")
    assert booking.start.isoformat() == "2026-12-08T18:00:00+00:00"
    assert booking.version == "2026-11-22T19:00:00+00:00"
    assert booking.person == PlatformPerson(None, "Ada Test", "ada@example.com", None)
    assert booking.answers == {"payer": "Regence", "member_id": "123"}
    assert (booking.practitioner_ref, booking.previous_ref) == ("5", "old")
    assert not booking.recurring


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"status": "pending"}, "pending"),
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "rejected"}, "rejected"),
        ({"status": "PENDING"}, "pending"),
        ({"attendees": [{"absent": True}]}, "no-show"),
        ({"attendees": [{"absent": True}], "status": "cancelled"}, "cancelled"),
        ({"absentHost": True}, "accepted"),
    ],
)
def test_statuses(answered, changed, status):
    assert answered(data(**changed)).fetch("abc").status == status


@pytest.mark.parametrize(
    "changed",
    [
        {"attendees": "absent", "hosts": "absent", "bookingFieldsResponses": "absent"},
        {"attendees": [], "hosts": [], "createdAt": None, "eventType": None},
        {"hosts": [{"id": "unknown"}], "end": None, "bookingFieldsResponses": None},
    ],
)
def test_what_may_be_missing_may_be_missing(answered, changed):
    booking = answered(data(**changed)).fetch("abc")
    assert booking.practitioner_ref is None
    assert booking.version is not None
    assert booking.service_ref in ("30412", "7")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"uid": "absent"}, "without uid"),
        ({"status": "absent"}, "no status"),
        ({"status": "maybe"}, "no status"),
        ({"start": "absent"}, "start"),
        ({"start": "2026-12-08T18:00:00"}, "start"),
        ({"attendees": [{"seatUid": "x", "name": "Ada Test"}]}, "seats"),
    ],
)
def test_what_must_be_there_is_named(answered, changed, words):
    with pytest.raises(PlatformError, match=words) as caught:
        answered(data(**changed)).fetch("abc")
    assert caught.value.permanent
    assert "Ada" not in str(caught.value)


@pytest.mark.parametrize("answer", [{}, [], None, "x", {"status": "success"}, {"data": None}])
def test_an_answer_that_is_no_booking_is_an_error(answered, answer):
    with pytest.raises(PlatformError):
        answered(answer).fetch("abc")


def test_a_version_is_the_rows_own(answered):
    """A mark of absence does not touch the row; a time of its making says nothing of changes."""
    present, absent = ({"attendees": [{"absent": mark}]} for mark in (False, True))
    versions = [answered(data(**changed)).fetch("abc").version for changed in (present, absent)]
    assert len({*versions, BOOKING["updatedAt"]}) == 3
    assert answered(data(updatedAt=None)).fetch("abc").version is None


def test_an_answer_about_another_booking_is_not_believed(answered):
    """Neither as an answer nor as the state that a change begins with."""
    connector = answered(data(uid="other"))
    for ask in (connector.fetch, lambda ref: connector.confirm(ref, "k")):
        with pytest.raises(PlatformError, match="another booking") as caught:
            ask("abc")
        assert not caught.value.permanent
    with pytest.raises(PlatformError, match="another booking"):
        connector.cancel("abc", "", "k")


def test_a_series_uid_is_never_taken_for_a_booking(answered):
    series = answered({"status": "success", "data": [BOOKING, BOOKING]})
    with pytest.raises(PlatformError, match="series"):
        series.fetch("abc")
    assert series.cancel("abc", "", "k").reached == "manual"


def test_an_occurrence_of_a_series_is_marked(answered):
    assert answered(data(recurringBookingUid="series")).fetch("abc").recurring


def test_an_unknown_booking_is_gone(answered):
    assert answered({"status": "error"}, 404).fetch("abc") == Gone("abc")


@pytest.mark.parametrize("ref", ["", "..", "a/b", "a?x=1", "a b", "ä", "x" * 300])
def test_an_odd_ref_never_reaches_an_address(connector, ref):
    with pytest.raises(PlatformError):
        connector.fetch(ref)


@pytest.mark.parametrize("ask", ["changes", "upcoming"])
def test_one_unreadable_booking_does_not_hide_the_others(answered, caplog, now, ask):
    rows = [{**BOOKING, "uid": "one"}, {**BOOKING, "start": "?"}, {**BOOKING, "uid": "two"}]
    page = getattr(answered({"data": rows}), ask)(None, now)
    assert ([booking.ref for booking in page.items], page.more) == (["one", "two"], False)
    assert "start" in caplog.text
    assert "Ada" not in caplog.text


@pytest.mark.parametrize("ask", ["changes", "upcoming"])
def test_a_list_without_data_is_an_error(answered, now, ask):
    with pytest.raises(PlatformError):
        getattr(answered({"status": "success"}), ask)(None, now)


@pytest.mark.parametrize("ask", ["changes", "upcoming"])
def test_an_endless_list_ends(answered, now, ask):
    """Also where each page holds the same bookings."""
    connector = answered({"data": [BOOKING] * 100})

    def turn_pages():
        cursor = None
        for _ in range(250):
            cursor = getattr(connector, ask)(cursor, now).cursor

    with pytest.raises(PlatformError, match="more than"):
        turn_pages()


@pytest.mark.parametrize(
    ("cursor", "after"),
    [
        (None, "2026-11-20T18:00:00.000Z"),
        ("soon", "2026-11-20T18:00:00.000Z"),
        ("2026-11-22T17:00:00.500Z", "2026-11-22T17:00:00.500Z"),
        ("2026-11-22T09:00:00.5-08:00", "2026-11-22T17:00:00.500Z"),
    ],
)
def test_the_next_look_begins_before_the_newest_change(now, cursor, after):
    """By the platform's clock; where nothing changed it begins where this one did."""
    asked, rows = [], [BOOKING]

    def answer(request):
        asked.append(request.url.params["afterUpdatedAt"])
        return httpx.Response(200, json={"data": rows})

    base = "https://api.cal.example"
    with PlatformClient(base, transport=httpx.MockTransport(answer)) as client:
        connector = CalcomConnector(AccountConfig("x", base, "k", "s"), client)
        assert connector.changes(cursor, now).cursor == "2026-11-22T18:45:00.000Z"
        rows.clear()
        assert connector.changes(cursor, now).cursor == after
    assert asked == [after] * 2


def test_a_change_that_the_platform_did_not_make_is_not_believed(answered):
    pending = answered(data(status="pending"))
    with pytest.raises(PlatformError, match="without doing it") as caught:
        pending.confirm("abc", "k")
    assert not caught.value.permanent


def test_every_call_is_versioned_and_carries_the_key(simulator):
    uid = simulator.book()
    connector = simulator.connector()
    connector.confirm(uid, "write-7")
    [call] = simulator.calls(uid, "confirm")
    assert call["request_id"] == "write-7"
    wrong = httpx.get(
        f"{simulator.url}/v2/bookings/{uid}", headers={"authorization": "Bearer cal_test_key"}
    )
    assert wrong.status_code == 400
    assert "cal_test_key" not in json.dumps(repr(connector))
