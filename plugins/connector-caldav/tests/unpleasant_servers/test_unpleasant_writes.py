"""A change is made once, to nothing but a booking, and overrules nobody."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from massage_ins_bridge.api.connectors import PlatformRefusedError, WriteResult
from massage_ins_bridge.testing.calendar_servers import event
from massage_ins_bridge.testing.unpleasant_caldav import UnpleasantCaldav
from massage_ins_bridge_caldav.connector import CaldavConnector


def test_a_write_whose_answer_is_lost_is_known_by_its_mark(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    server.put("a.ics", event("a"))
    lost: list[httpx.Response] = []

    def lose(request: httpx.Request) -> httpx.Response | None:
        if request.method != "PUT" or lost:
            return None
        lost.append(server.answer_object(request, "a.ics"))
        raise httpx.ReadTimeout("lost")

    server.before = lose
    assert connector.hold("mira/a.ics", "", "wrt_1") == WriteResult("tentative")
    assert server.asked.count("PUT") == 1
    assert b"STATUS:TENTATIVE" in server.objects["a.ics"]


def test_who_was_quicker_is_read_and_decided_again(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    server.put("a.ics", event("a", more="STATUS:TENTATIVE\n"))

    def race(request: httpx.Request) -> httpx.Response | None:
        if request.method == "PUT":
            server.before = lambda _r: None
            server.put("a.ics", event("a", more="STATUS:CANCELLED\n"))
        return None

    server.before = race
    done = connector.confirm("mira/a.ics", "wrt_1")
    assert (done.reached, "cancelled" in done.detail) == ("already", True)
    assert server.objects["a.ics"] == event("a", more="STATUS:CANCELLED\n")


def test_a_person_who_confirmed_meanwhile_is_not_overruled(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    server.put("a.ics", event("a", more="STATUS:CONFIRMED\n"))
    assert connector.reject("mira/a.ics", "Call us.", "wrt_1").reached == "already"
    assert server.objects["a.ics"] == event("a", more="STATUS:CONFIRMED\n")


def test_what_somebody_else_cancelled_is_not_reopened(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    server.put("a.ics", event("a", more="STATUS:CANCELLED\n"))
    with pytest.raises(PlatformRefusedError, match="somebody else"):
        connector.reopen("mira/a.ics", "wrt_1")


def test_what_is_reopened_needs_its_time(
    server: UnpleasantCaldav, connector: CaldavConnector
) -> None:
    server.put("a.ics", event("a"))
    connector.cancel("mira/a.ics", "Call us.", "wrt_1")
    server.put("b.ics", event("b", title="Lunch", description="none"))
    with pytest.raises(PlatformRefusedError, match="taken"):
        connector.reopen("mira/a.ics", "wrt_2")
    server.delete("b.ics")
    assert connector.reopen("mira/a.ics", "wrt_2").reached == "native"
    assert b"COMMENT" not in server.objects["a.ics"]


@pytest.mark.parametrize("act", ["hold", "confirm", "reject", "cancel"])
def test_nothing_but_a_booking_is_ever_written_to(
    server: UnpleasantCaldav, connector: CaldavConnector, act: str
) -> None:
    bodies = {
        "dentist.ics": event("d", title="Dentist", description=""),
        "series.ics": event("s", more="RRULE:FREQ=WEEKLY;COUNT=4\n"),
        "busy.ics": event("x@massage-ins-bridge", more="X-MASSAGE-INS-BRIDGE:BUSY\n"),
        "whole-day.ics": event("w")
        .replace(b"DTSTART:", b"DTSTART;VALUE=DATE:")
        .replace(b"T180000Z", b""),
    }
    for name, body in bodies.items():
        server.put(name, body)
        reasons: Any = () if act == "confirm" else ("Call us.",)
        done = getattr(connector, act)(f"mira/{name}", *reasons, "wrt_1")
        assert done.reached == "manual", name
    assert server.objects == bodies
    assert "PUT" not in server.asked
