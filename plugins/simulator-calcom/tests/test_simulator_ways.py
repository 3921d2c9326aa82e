"""Each way in which Cal.com acts, on and off."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self, cast

import httpx
import pytest

from massage_ins_bridge_calcom_simulator import testing
from massage_ins_bridge_calcom_simulator.command import main
from massage_ins_bridge_calcom_simulator.testing import Arrived, Mailbox, Simulator
from massage_ins_bridge_calcom_simulator.ways import WAYS

CONFIRM, INSTANT, SEATED, NEAR, MANAGED = 30412, 30413, 30414, 30415, 30416
KINDS = (
    "30412:medical:60:confirm",
    "30413:relaxation:60:instant",
    "30415:near:60:confirm-within-48h",
)
PAST, LATER = "2026-11-01T10:00:00-08:00", "2027-03-01T10:00:00-08:00"
API = {"authorization": "Bearer cal_test", "cal-api-version": "2024-08-13"}


class Played(Simulator):
    """A simulator with event types of every kind."""

    def __init__(self, *options: str) -> None:
        kinds = [part for kind in KINDS for part in ("--event-type", kind)]
        super().__init__("--api-key", "cal_test", "--secret", "whsec", *kinds, *options)

    def __enter__(self) -> Self:
        super().__enter__()
        self.control("POST", "settings", event_type=SEATED, requires_confirmation=False, seats=3)
        self.control("POST", "settings", event_type=MANAGED, parent=CONFIRM)
        return self

    def api(self, method: str, path: str, **body: Any) -> httpx.Response:
        """A call of the API."""
        return self.http.request(method, f"/v2/{path}", headers=API, json=body or None)

    def read(self, uid: str) -> dict[str, Any]:
        """A booking as the API shows it once its copy has caught up."""
        self.catch_up()
        found: dict[str, Any] = self.api("GET", f"bookings/{uid}").json()["data"]
        return found

    def listed(self, **query: str) -> dict[str, Any]:
        """A list as the API shows it once its copy has caught up."""
        self.catch_up()
        answer = self.http.get("/v2/bookings", params=query, headers=API)
        found: dict[str, Any] = answer.json()
        return found

    def settle(self) -> None:
        """Wait until no webhook is on its way."""
        testing.wait_until(lambda: self.control("GET", "webhooks")["pending"] == 0)


def said(arrived: Arrived) -> dict[str, Any]:
    return cast(dict[str, Any], json.loads(arrived.raw)["payload"])


def stamp(arrived: Arrived) -> str:
    return str(json.loads(arrived.raw)["createdAt"])


def requested_plain(at: Played, box: Mailbox) -> bool:
    new = at.control("POST", f"bookings/{at.book()}/reschedule", start=LATER)["uid"]
    return "rescheduleUid" not in said(box.wait_for("BOOKING_REQUESTED", new))


def queued(at: Played, box: Mailbox) -> bool:
    """What was cancelled meanwhile is still said to be pending."""
    at.control("POST", "settings", holding=True)
    uid = at.book()
    changed = str(at.control("POST", f"bookings/{uid}/cancel")["updatedAt"])
    at.control("POST", "webhooks/release")
    told = box.wait_for("BOOKING_REQUESTED", uid)
    assert said(told)["status"] == "PENDING"
    return stamp(told) < changed


def stamped_late(at: Played, box: Mailbox) -> bool:
    at.control("POST", "settings", holding=True)
    uid = at.book(event_type=INSTANT)
    changed = str(at.control("POST", f"bookings/{uid}/cancel")["updatedAt"])
    at.control("POST", "webhooks/release")
    told = box.wait_for("BOOKING_CREATED", uid)
    assert said(told)["status"] == "ACCEPTED"
    return stamp(told) > changed


def sent_once(at: Played, box: Mailbox) -> bool:
    box.refusals.append(HTTPStatus.SERVICE_UNAVAILABLE)
    uid = at.book()
    at.settle()
    return [one["result"] for one in at.journal(kind="webhook", uid=uid)] == [503]


def no_redirect(at: Played, box: Mailbox) -> bool:
    at.control("POST", "settings", webhook_url=f"{box.url}/slash")
    uid = at.book()
    at.settle()
    return [one["result"] for one in at.journal(kind="webhook", uid=uid)] == [307]


def organizer_plain(at: Played, box: Mailbox) -> bool:
    uid = at.book()
    at.control("POST", f"bookings/{uid}/accept")
    return "id" not in said(box.wait_for("BOOKING_CREATED", uid))["organizer"]


def thin_request(at: Played, box: Mailbox) -> bool:
    uid = at.book(event_type=INSTANT)
    at.control("POST", f"bookings/{uid}/ask-to-move", reason="ill")
    told = said(box.wait_for("BOOKING_CANCELLED", uid))
    assert at.booking(uid)["status"] == "cancelled"
    assert (
        at.control("POST", f"bookings/{uid}/reschedule", start=LATER)["rescheduledFromUid"] == uid
    )
    return not {"status", "eventTypeId", "bookingId"} & told.keys()


def cancel_first(at: Played, box: Mailbox) -> bool:
    uid = at.book(event_type=INSTANT)
    seen = []
    box.on_arrival = lambda: seen.append(at.booking(uid)["status"])
    box.wait_for("BOOKING_CREATED", uid)
    at.control("POST", f"bookings/{uid}/cancel")
    box.wait_for("BOOKING_CANCELLED", uid)
    assert at.booking(uid)["status"] == "cancelled"
    return bool(seen[-1] == "accepted")


def series_once(at: Played, box: Mailbox) -> bool:
    first = at.book(event_type=INSTANT, occurrences=3)
    series = at.booking(first)["recurringBookingUid"]
    at.catch_up()
    at.api("POST", f"bookings/{series}/cancel", cancellationReason="closed")
    at.settle()
    told = [one for one in box.arrived if b"BOOKING_CANCELLED" in one.raw]
    assert len(at.journal(kind="change", to="cancelled")) == 3
    return len(told) == 1


def cancel_any(at: Played, box: Mailbox) -> bool:
    uid = at.book(event_type=INSTANT, host=7)
    at.catch_up()
    assert not any(uid.encode() in one.raw for one in box.arrived)
    return at.api("POST", f"bookings/{uid}/cancel", cancellationReason="x").status_code == 200


def cancel_reason(at: Played, _box: Mailbox) -> bool:
    return at.api("POST", f"bookings/{at.book()}/cancel").status_code == HTTPStatus.BAD_REQUEST


def confirm_any(at: Played, _box: Mailbox) -> bool:
    uids = [at.book(), at.book()]
    for uid in uids:
        at.control("POST", f"bookings/{uid}/cancel")
    at.catch_up()
    done = [
        at.api("POST", f"bookings/{uid}/{verb}").is_success
        for uid, verb in zip(uids, ("confirm", "decline"), strict=True)
    ]
    states = [at.booking(uid)["status"] for uid in uids]
    assert states == (["accepted", "rejected"] if all(done) else ["cancelled"] * 2)
    return all(done)


def confirm_hosts(at: Played, _box: Mailbox) -> bool:
    uid = at.book(host=7)
    at.catch_up()
    return at.api("POST", f"bookings/{uid}/confirm").status_code == HTTPStatus.UNAUTHORIZED


def no_show_apart(at: Played, box: Mailbox) -> bool:
    uid = at.book(event_type=INSTANT, start=PAST, guests=["guest@example.com"])
    before = at.booking(uid)["updatedAt"]
    at.control("POST", f"bookings/{uid}/no-show", who="guest@example.com")
    told = said(box.wait_for("BOOKING_NO_SHOW_UPDATED", uid))
    marks = {one["email"]: one["absent"] for one in at.booking(uid)["attendees"]}
    assert marks == {"ada@example.com": False, "guest@example.com": True}
    return bool(len(told["attendees"]) == 1 and at.booking(uid)["updatedAt"] == before)


def no_show_after(at: Played, _box: Mailbox) -> bool:
    uid = at.book(event_type=INSTANT, start=LATER)
    answer = at.http.post(f"/_standin/bookings/{uid}/no-show")
    at.control("POST", "settings", now="2027-03-01T10:30:00-08:00")
    at.control("POST", f"bookings/{uid}/no-show")
    return answer.status_code == HTTPStatus.BAD_REQUEST


def list_scope(at: Played, _box: Mailbox) -> bool:
    mine, member, guest, theirs = (
        at.book(),
        at.book(host=6),
        at.book(host=7, email="desk@clinic.example"),
        at.book(host=7),
    )
    refs = {row["uid"] for row in at.listed()["data"]}
    assert mine in refs
    assert theirs not in refs
    return {member, guest} <= refs


def list_total(at: Played, _box: Mailbox) -> bool:
    at.book()
    page = at.listed(afterUpdatedAt="2100-01-01T00:00:00Z")
    return not page["data"] and page["pagination"]["totalItems"] == 1


def replica(at: Played, _box: Mailbox) -> bool:
    uid = at.book()
    statuses = [at.api("GET", f"bookings/{uid}").status_code for _ in range(2)]
    at.control("POST", f"bookings/{uid}/cancel")
    states = [at.api("GET", f"bookings/{uid}").json()["data"]["status"] for _ in range(2)]
    assert (statuses[1], states[1]) == (200, "cancelled")
    return (statuses[0], states[0]) == (404, "pending")


def unordered(at: Played, box: Mailbox) -> bool:
    uid = at.book(guests=["guest@example.com"])
    told = said(box.wait_for("BOOKING_REQUESTED", uid))["attendees"]
    read = at.read(uid)["attendees"]
    assert [one["email"] for one in told] == [one["email"] for one in read]
    return bool(read[0]["email"] == "guest@example.com")


def series_plain(at: Played, _box: Mailbox) -> bool:
    first = at.book(event_type=INSTANT, occurrences=2)
    new = at.control("POST", f"bookings/{first}/reschedule", start=LATER)
    assert new["rescheduledFromUid"] == first
    assert new["recurringBookingUid"]
    old = at.read(first)
    return "rescheduledToUid" not in old and "phoneNumber" not in old["attendees"][0]


def seats_hidden(at: Played, _box: Mailbox) -> bool:
    """The list shows of its own event type what one booking of another's hides."""
    mine = at.book(event_type=SEATED)
    assert at.book(event_type=SEATED, email="bob@example.com", name="Bob Test") == mine
    [row] = at.listed()["data"]
    assert len(row["attendees"]) == 2
    at.control("POST", "settings", event_type=SEATED, owner=7)
    return bool(at.read(at.book(event_type=SEATED))["attendees"] == [])


def type_null(at: Played, _box: Mailbox) -> bool:
    uid = at.book()
    at.control("DELETE", f"event-types/{CONFIRM}")
    shown = at.read(uid)
    return (shown["eventTypeId"], shown["eventType"]) == (None, None)


def managed_ids(at: Played, _box: Mailbox) -> bool:
    return bool(at.read(at.book(event_type=MANAGED))["eventType"]["id"] == MANAGED)


def threshold(at: Played, _box: Mailbox) -> bool:
    near = (datetime.now(UTC) + timedelta(hours=30)).isoformat()
    assert at.booking(at.book(event_type=NEAR, start=near))["status"] == "pending"
    return bool(at.booking(at.book(event_type=NEAR, start=LATER))["status"] == "accepted")


Probe = Callable[[Played, Mailbox], bool]
PROBES: dict[str, Probe] = {
    name.replace("_", "-"): probe
    for name, probe in list(globals().items())
    if name.replace("_", "-") in WAYS
}


@pytest.mark.parametrize("name", WAYS)
def test_each_way_can_be_turned_off(name: str) -> None:
    acts = []
    for off in ((), ("--unlike", name)):
        with Played("--team-admin", *off) as at, Mailbox(at) as box:
            acts.append(PROBES[name](at, box))
    assert acts == [True, False]


def test_the_clock_can_be_set_forward_and_back() -> None:
    with Played() as at:
        for year in ("2030", "2020"):
            at.control("POST", "settings", now=f"{year}-05-05T10:00:00+00:00")
            assert f"May {year}" in at.api("GET", "me").headers["date"]
            assert at.booking(at.book())["createdAt"].startswith(f"{year}-05-05T10:00")


def test_of_a_deleted_event_type_nothing_is_queued() -> None:
    with Played() as at, Mailbox(at) as box:
        at.control("POST", "settings", holding=True)
        uid = at.book()
        at.control("DELETE", f"event-types/{CONFIRM}")
        at.control("POST", "webhooks/release", uid=uid)
        at.settle()
        assert not box.arrived


def test_the_doctors_questions_are_answered() -> None:
    with Played("--webhook-url", "http://127.0.0.1:9/webhooks/front-desk") as at:
        at.control("POST", "settings", triggers=["BOOKING_CREATED"])
        [webhook] = at.api("GET", "webhooks").json()["data"]
        types = {**API, "cal-api-version": "2024-06-14"}
        kinds = at.http.get("/v2/event-types", headers=types).json()["data"]
        alone = at.http.get(f"/v2/event-types/{NEAR}", headers=types).json()["data"]
        unknown = at.http.get("/v2/event-types/1", headers=types).status_code
    assert (webhook["triggers"], webhook["active"]) == (["BOOKING_CREATED"], True)
    policies = {kind["id"]: kind["confirmationPolicy"].get("type") for kind in kinds}
    assert (policies[CONFIRM], policies[INSTANT], policies[NEAR]) == ("always", None, "time")
    assert (alone, unknown) == (next(k for k in kinds if k["id"] == NEAR), 404)


@pytest.mark.parametrize(("option", "code"), [(["--unlike", "list"], None), (["--help"], 0)])
def test_the_ways_are_told_with_their_files(
    capsys: pytest.CaptureFixture[str], option: list[str], code: int | None
) -> None:
    if code is None:
        main(option)
    else:
        with pytest.raises(SystemExit) as ended:
            main(option)
        assert ended.value.code == code
    told = capsys.readouterr().out
    assert all(way.name in told and way.file in told for way in WAYS.values())


def test_a_way_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--api-key", "x", "--unlike", "requested-plane"])
    assert "requested-plain" in capsys.readouterr().err


def test_the_readme_names_every_way() -> None:
    text = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    assert all(f"| `{way.name}` | {way.does} |" in text for way in WAYS.values())
