"""Calendars that are given out show each visit as it stands, and nothing that a passer-by may not
read."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from tests.desk.bridge import Bridge, make_bridge
from tests.two_rules import KNOBS

from massage_ins_bridge.api import Action
from massage_ins_bridge.calendars.read import read_calendar
from massage_ins_bridge.desk.calendar_feed import WORK, Feed, Feeds
from massage_ins_bridge.desk.calendars import add_calendar, remove_calendar, rotate_calendar
from massage_ins_bridge.domain.answers import ACTION_KINDS
from massage_ins_bridge.testing.bookings import START


def given_out(bridge: Bridge, **values: Any) -> str:
    """The token of a new calendar."""
    with bridge.installation.write() as record:
        made = add_calendar(bridge.installation, record, {"name": "Visits", **values})
    return token_of(made.address)


def token_of(address: str) -> str:
    return address.rpartition("/")[2].removesuffix(".ics")


def feed(bridge: Bridge, token: str) -> Feed:
    found = Feeds(bridge.installation).of(token)
    assert found is not None
    return found


def events(bridge: Bridge, token: str) -> list[tuple[str, str, int]]:
    """Title, status and sequence of each entry."""
    made = Calendar.from_ical(feed(bridge, token).body)
    return [
        (str(e["SUMMARY"]), str(e["STATUS"]), int(str(e["SEQUENCE"]))) for e in made.walk("VEVENT")
    ]


def test_a_visit_is_tentative_confirmed_and_cancelled(bridge: Bridge) -> None:
    token = given_out(bridge)
    assert events(bridge, token) == []
    bridge.take("b1")
    assert events(bridge, token) == [("A. L.", "TENTATIVE", 0)]
    bridge.confirm_coverage("b1")
    assert events(bridge, token) == [("A. L.", "CONFIRMED", 1)]
    bridge.take("b1", "rescheduled", start=START + timedelta(days=1), version="7")
    assert events(bridge, token) == [("A. L.", "CONFIRMED", 2)]
    bridge.take("b1", "cancelled", status="cancelled", start=START + timedelta(days=1), version="8")
    assert events(bridge, token) == [("A. L.", "CANCELLED", 3)]


def test_what_does_not_change_is_byte_for_byte_the_same(bridge: Bridge) -> None:
    token = given_out(bridge)
    bridge.take("b1")
    first = feed(bridge, token)
    bridge.choose("b1", payer="regence")  # decided again, as before
    bridge.clock.moment += timedelta(minutes=3)
    assert feed(bridge, token) == first
    feeds = Feeds(bridge.installation)
    assert feeds.of(token) is feeds.of(token)


def test_our_own_reader_reads_it(bridge: Bridge) -> None:
    token = given_out(bridge)
    bridge.take("b1")
    zone = ZoneInfo("America/Los_Angeles")
    window = (START - timedelta(days=1), START + timedelta(days=1))
    (one,) = read_calendar(feed(bridge, token).body, window=window, zone=zone).occurrences
    assert (one.start, one.end, one.doubt) == (START, START + timedelta(hours=1), None)


def test_nothing_that_a_passer_by_may_not_read(bridge: Bridge) -> None:
    token = given_out(bridge)
    due = given_out(bridge, name="Deadlines", kind="deadlines")
    KNOBS.actions = (Action("request-authorization", "CP-COVERAGE", "Ask about Ann Lee's back."),)
    bridge.take("b1")
    for known in (token, due):
        body = feed(bridge, known).body.lower()
        for word in (b"ann", b"lee", b"regence", b"back", b"example.com", b"insur"):
            assert word not in body, word


def test_deadlines_are_days(bridge: Bridge) -> None:
    token = given_out(bridge, kind="deadlines")
    day = bridge.clock.moment.date() + timedelta(days=9)
    asked = Action("request-authorization", "CP-COVERAGE", "Ask.", due=day)
    bridge.knobs.actions = (asked, Action("settle-coordination", "CP-COVERAGE", "Ask.", due=day))
    bridge.take("b1")
    (event,) = [
        e
        for e in Calendar.from_ical(feed(bridge, token).body).walk("VEVENT")
        if str(e["SUMMARY"]) == WORK["request-authorization"]
    ]
    assert event.decoded("DTSTART") == day
    assert f"{day}" in str(event["DESCRIPTION"])
    bridge.knobs.actions = ()
    bridge.choose("b1", payer="regence")
    titles = [title for title, _, _ in events(bridge, token)]
    assert WORK["request-authorization"] not in titles


def test_work_goes_by_its_right_names() -> None:
    assert set(WORK) <= ACTION_KINDS


def test_each_practitioner_has_their_own(tmp_path: Any) -> None:
    clinic = {"practitioners": [{"key": "mira", "name": "Mira Example"}]}
    hosts = {"practitioners": {"h1": "mira"}}
    bridge = make_bridge(tmp_path, None, clinic=clinic, account=hosts)
    try:
        mine = given_out(bridge, practitioner="mira")
        bridge.take("b1", host_refs=("h1",))
        assert [title for title, _, _ in events(bridge, mine)] == ["A. L."]
        with bridge.installation.write() as record:
            row = record.bookings.by_ref("desk", "b1")
            assert row is not None
            details = record.bookings.details(row)
            assert details.practitioner == "mira"
    finally:
        bridge.close()


def test_an_address_can_be_exchanged_and_taken_back(bridge: Bridge) -> None:
    token = given_out(bridge)
    with bridge.installation.write() as record:
        other = token_of(rotate_calendar(bridge.installation, record, "Visits").address)
    feeds = Feeds(bridge.installation)
    assert feeds.of(token) is None
    assert feeds.of(other) is not None
    with bridge.installation.write() as record:
        remove_calendar(record, "Visits")
    assert feeds.of(other) is None


@pytest.mark.parametrize("token", ["", "x", "é" * 40])
def test_any_other_address_leads_nowhere(bridge: Bridge, token: str) -> None:
    assert Feeds(bridge.installation).of(token) is None
