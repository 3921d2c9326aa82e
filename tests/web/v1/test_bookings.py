"""``/v1/bookings``: the list, staff's word about who is billed, and how a visit ended."""

import re
from datetime import timedelta
from typing import Any

import pytest
from tests.web.conftest import Site, problem

from massage_ins_bridge.testing.bookings import START


def begun(site: Site, ref: str, **more: Any) -> dict[str, Any]:
    """A booking whose time has come; it was accepted on the platform."""
    values = {"email": f"{ref}@example.com", "service_ref": "2", **more}
    start = site.installation.clock.now() - timedelta(hours=1)
    site.send(ref, "created", status="accepted", start=start, **values)
    return site.until_state(ref, "allowed")


def closed(site: Site, booking: dict[str, Any], ending: str) -> tuple[int, dict[str, Any]]:
    answer = site.api("POST", f"/v1/bookings/{booking['id']}/{ending}")
    return answer.status_code, answer.json()


def open_tasks(site: Site, booking: dict[str, Any]) -> set[str]:
    found = site.api("GET", f"/v1/tasks?booking={booking['id']}").json()["tasks"]
    return {task["kind"] for task in found}


def test_all_are_reached_piece_by_piece(shared: Site) -> None:
    for number in range(5):
        start = START + timedelta(days=100, hours=(number + 1) // 2)  # pieces part a pair
        shared.send(f"l{number}", email=f"l{number}@example.com", start=start)
        shared.until_state(f"l{number}", "on hold")
    query = f"state=on hold&starts_from={(START + timedelta(days=99)):%Y-%m-%dT%H:%MZ}&limit=2"
    pages = list(shared.pages(f"/v1/bookings?{query}"))
    found = sorted(booking["ref"] for page in pages for booking in page["bookings"])
    assert (found, len(pages)) == ([f"l{n}" for n in range(5)], 3)


SAID = {"place": "home", "prescription": "rx1", "episode": "low back 2026", "injury": "neither"}


UNASKABLE = [
    *(f"starts_from={text}" for text in ("0.5", "-1", "2026-12-01", "2026-12-01T10:00:00")),
    *("starts_from=0001-01-01T00:00:00%2B23:59", "starts_before=9999-12-31T23:59:59-23:59"),
    *("ref=a%00b", "patient=%00", "outcome=maybe", "state=lost", "limit=0", "limit=501"),
    *("from=2026", "cursor=zzz", "cursor=WyJ4Il0"),
]


@pytest.mark.parametrize("query", UNASKABLE)
def test_parameters_that_cannot_be_asked_for(shared: Site, query: str) -> None:
    (error,) = problem(shared.api("GET", f"/v1/bookings?{query}"), 422)["errors"]
    assert error["path"] == query.partition("=")[0]
    assert not re.search("Value error|Extra inputs|pattern", error["message"])


def test_how_a_visit_ended_can_be_corrected(shared: Site) -> None:
    client = {"name": "Ann Lee", "email": "c1@example.com"}
    patient = shared.api("POST", "/v1/patients", client).json()["id"]
    coverage = {"payer": "regence", "staff_confirmed": True}
    shared.api("POST", f"/v1/patients/{patient}/coverages", coverage)
    first = begun(shared, "c1", service_ref="1")
    shared.send("c2", email="c1@example.com")
    second = shared.until_state("c2", "allowed")

    def numbers() -> list[int]:
        whole = shared.api("GET", f"/v1/bookings/{second['id']}").json()
        return [d["decision"]["visit_number"] for d in whole["decisions"]]

    assert closed(shared, first, "completed")[1]["state"] == "completed"
    assert "after-visit" in open_tasks(shared, first)
    assert numbers()[-1] == 2
    assert closed(shared, first, "no-show")[1]["state"] == "not shown up"
    assert "after-visit" not in open_tasks(shared, first)
    shared.until(lambda: numbers()[-1] == 1)
    assert closed(shared, first, "completed")[1]["state"] == "completed"
    assert "after-visit" in open_tasks(shared, first)
    shared.until(lambda: numbers()[-1] == 2)


@pytest.mark.parametrize("ending", ["completed", "no-show"])
def test_the_same_word_again_changes_nothing(shared: Site, ending: str) -> None:
    booking = begun(shared, f"again-{ending}")
    assert closed(shared, booking, ending)[0] == 200
    before, tasks = shared.booking(booking["ref"]), open_tasks(shared, booking)
    started: list[Any] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shared.installation, "start", started.extend)
        assert closed(shared, booking, ending)[0] == 200
    assert (shared.booking(booking["ref"]), open_tasks(shared, booking)) == (before, tasks)
    assert started == []


@pytest.mark.parametrize("status", ["cancelled", "rejected"])
@pytest.mark.parametrize("ending", ["completed", "no-show"])
def test_what_does_not_stand_cannot_be_closed(shared: Site, status: str, ending: str) -> None:
    ref = f"{status}-{ending}"
    booking = begun(shared, ref)
    shared.send(ref, status, status=status)
    shared.until_state(ref, status)
    code, said = closed(shared, booking, ending)
    assert code == 409
    assert said["detail"].startswith(f"This booking was {status} on the platform.")
    assert shared.booking(ref)["platform_status"] == status


def test_one_that_was_moved_or_has_not_begun_cannot_be_closed(shared: Site) -> None:
    booking = begun(shared, "old")
    shared.send("new", previous="old", email="old@example.com", previous_ref="old")
    shared.until_state("old", "moved")
    code, said = closed(shared, booking, "completed")
    assert (code, "was moved to another time" in said["detail"]) == (409, True)
    shared.send("early", email="early@example.com", start=START)
    assert closed(shared, shared.until_state("early", "on hold"), "no-show")[0] == 409


def test_an_empty_change_is_no_choice_of_staff(shared: Site) -> None:
    shared.send("p1", name="Ida Moss", email="p1@example.com", answers={})
    booking = shared.until_state("p1", "allowed", "accepted")
    path = f"/v1/bookings/{booking['id']}"
    before = shared.api("GET", path).json()
    answer = shared.api("PATCH", path, {})
    assert (answer.status_code, answer.json()) == (200, before)
    shared.send("p1", "rescheduled", service_ref="2")
    shared.until(lambda: shared.booking("p1")["self_pay"])
    assert shared.api("PATCH", "/v1/bookings/bkg_none", {}).status_code == 404


def test_who_is_billed_is_chosen_by_staff(shared: Site) -> None:
    shared.send("p2", name="Zoe Park", email="p2@example.com")
    booking = shared.until_state("p2", "on hold")
    path = f"/v1/bookings/{booking['id']}"
    for bad in ({"payer": ""}, {"payer": "   "}, {"payer": "l\u202eni"}, {"self_pay": "yes"}):
        said = problem(shared.api("PATCH", path, bad), 422)
        assert said["errors"][0]["path"] == next(iter(bad))
    assert shared.api("PATCH", path, {"payer": " Regence "}).json()["payer"] == "Regence"
    assert shared.api("PATCH", path, {"self_pay": True}).json()["self_pay"] is True
    shared.until_state("p2", "allowed", "accepted")
    shared.send("p2", "rescheduled", start=START + timedelta(days=1))
    shared.until(lambda: shared.booking("p2")["start"][:10] == "2026-12-09")
    assert shared.booking("p2")["self_pay"] is True


def test_a_change_waits_for_nobody_who_has_seen_another_state(shared: Site) -> None:
    booking = begun(shared, "tagged")
    path = f"/v1/bookings/{booking['id']}"
    seen = shared.api("GET", path).headers["etag"]
    assert shared.api("GET", path, **{"if-none-match": seen}).status_code == 304
    first = shared.api("PATCH", path, {"payer": "lni"}, **{"if-match": seen})
    second = shared.api("PATCH", path, {"payer": "regence"}, **{"if-match": seen})
    assert (first.status_code, second.status_code) == (200, 412)
    assert "read it again" in second.json()["detail"]
    assert shared.api("GET", path).json()["payer"] != "regence"


def test_a_booking_that_no_platform_knows(shared: Site) -> None:
    """It is decided at once, moved, cancelled and taken back; the platform hears nothing."""
    when = {"start": "2026-12-20T10:00:00-08:00", "end": "2026-12-20T11:00:00-08:00"}
    who = {"client": {"name": "Zoe Day", "phone": "206-555-0177"}, "self_pay": True}
    made = shared.api("POST", "/v1/bookings", {**when, **who, "practitioner": "mira"})
    booking = made.json()
    assert (made.status_code, booking["account"], booking["state"]) == (201, None, "allowed")
    assert (booking["enforcement"], booking["practitioner"]) == (None, "mira")
    problem(shared.api("POST", "/v1/bookings", {**when, "patient": booking["patient"]}), 409)
    path = f"/v1/bookings/{booking['id']}"
    stale = {"if-match": made.headers["etag"]}
    moved = shared.api("PATCH", path, {"start": "2026-12-21T10:00:00-08:00"}, **stale).json()
    assert (moved["start"][:10], moved["end"][:13]) == ("2026-12-21", "2026-12-21T19")
    shared.until(lambda: shared.api("GET", path).json()["state"] == "allowed")
    assert shared.api("POST", f"{path}/cancelled", **stale).status_code == 412
    for ending, state in (("cancelled", "cancelled"), ("open", "allowed")):
        assert shared.api("POST", f"{path}/{ending}").json()["state"] == state
    assert shared.api("GET", f"/v1/writes?booking={booking['id']}").json() == {"writes": []}


def test_what_only_staff_knows_is_said_of_any_booking(shared: Site) -> None:
    """Of a platform's too, and it is decided again."""
    shared.send("said", name="Uma Fox", email="said@example.com", answers={})
    booking = shared.until_state("said", "allowed", "accepted")
    assert {booking[name] for name in SAID} == {None}
    path = f"/v1/bookings/{booking['id']}"
    changed = shared.api("PATCH", path, SAID).json()
    assert {name: changed[name] for name in SAID} == SAID
    shared.until(lambda: shared.booking("said")["decided_at"] > booking["decided_at"])
    shared.send("said", "rescheduled", start=START + timedelta(days=2))
    shared.until(lambda: shared.booking("said")["start"][:10] == "2026-12-10")
    assert {name: shared.booking("said")[name] for name in SAID} == SAID
    taken_back = shared.api("PATCH", path, dict.fromkeys(SAID)).json()
    assert {taken_back[name] for name in SAID} == {None}
    for bad in ({"place": "moon"}, {"injury": "knee"}, {"episode": 1}, {"prescription": ["rx1"]}):
        said = problem(shared.api("PATCH", path, bad), 422)
        assert said["errors"][0]["path"] == next(iter(bad))


def test_what_only_staff_knows_is_said_at_once(shared: Site) -> None:
    when = {"start": "2026-12-22T10:00:00-08:00"}
    who = {"client": {"name": "Abe Orr", "phone": "206-555-0188"}}
    made = shared.api("POST", "/v1/bookings", {**when, **who, **SAID})
    assert made.status_code == 201
    assert {name: made.json()[name] for name in SAID} == SAID
    said = problem(shared.api("POST", "/v1/bookings", {**when, **who, "place": "moon"}), 422)
    assert said["errors"][0]["path"] == "place"


def test_that_a_client_is_here_is_said_and_taken_back(shared: Site) -> None:
    shared.send("here", "created", status="accepted", email="here@example.com")
    path = f"/v1/bookings/{shared.until_state('here', 'on hold')['id']}"
    seen = shared.api("GET", path)
    assert seen.json()["arrived_at"] is None
    arrived = shared.api("POST", f"{path}/arrived")
    assert (arrived.status_code, bool(arrived.json()["arrived_at"])) == (200, True)
    assert shared.api("POST", f"{path}/arrived").json() == arrived.json()
    tag = {"if-match": seen.headers["etag"]}
    assert shared.api("DELETE", f"{path}/arrived", **tag).status_code == 412
    assert shared.api("DELETE", f"{path}/arrived").json()["arrived_at"] is None
    shared.send("here", "cancelled", status="cancelled")
    shared.until(lambda: shared.booking("here")["platform_status"] == "cancelled")
    assert shared.api("POST", f"{path}/arrived").status_code == 409
