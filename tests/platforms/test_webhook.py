"""A platform that speaks Standard Webhooks, and one whole service: what it sends, what it is told,
and what becomes of a receiver that is away, odd or hostile."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.platforms.webhook_platform import Platform, serve
from tests.two_rules import KNOBS
from tests.web.sockets import until

from massage_ins_bridge.desk.health import undone
from massage_ins_bridge.testing.receiver import Receiver, Reply

PAGE = b"<!DOCTYPE html><html><body>Please log in</body></html>"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


@pytest.fixture
def platform(tmp_path: Path, receiver: Receiver) -> Iterator[Platform]:
    yield from serve(tmp_path, receiver)


def waiting(platform: Platform) -> int:
    """How many deliveries are not dealt with."""
    with platform.installation.read() as record:
        return undone(record).deliveries.number


def test_from_a_hold_to_a_confirmation_that_the_platform_acknowledges(platform: Platform) -> None:
    assert platform.send("b1").status_code == 202
    until(lambda: platform.told("b1") == ["hold"])
    platform.confirm_coverage("b1")
    until(lambda: platform.told("b1") == ["hold", "confirm"])
    until(lambda: not platform.writes("queued"))
    assert platform.send("b1", status="accepted").status_code == 202
    found = platform.api("GET", "/v1/bookings?ref=b1")["bookings"][0]
    assert (found["platform_status"], found["state"]) == ("accepted", "allowed")
    assert platform.told("b1") == ["hold", "confirm"]


def test_a_refusal_that_the_platform_carries_out(platform: Platform) -> None:
    KNOBS.visits = 0
    platform.send("b1")
    until(lambda: platform.told("b1") == ["reject"])
    platform.send("b1", status="rejected")
    until(lambda: platform.status("b1") == "rejected" and not platform.writes("queued"))
    assert platform.told("b1") == ["reject"]


def test_a_platform_that_could_not_do_it_is_believed(platform: Platform) -> None:
    """The slot was taken meanwhile."""
    platform.send("b1", answers={})
    until(lambda: platform.told("b1") == ["confirm"])
    platform.send("b1", status="cancelled")
    until(lambda: platform.status("b1") == "cancelled")


def test_what_is_old_or_comes_twice_changes_nothing(platform: Platform) -> None:
    """A delivery of a year ago, one that was recorded and is played again, two in wrong order."""
    year = datetime.now(UTC) - timedelta(days=365)
    assert platform.send("b0", at=year).status_code == 401
    assert platform.send("b0", at=datetime.now(UTC) + timedelta(minutes=6)).status_code == 401
    newer = datetime.now(UTC)
    older = newer - timedelta(hours=1)
    start = (newer + timedelta(days=14)).isoformat()
    data = {"id": "b1", "start": start, "service": "1", "client": {"name": "Bo", "phone": "1"}}
    bodies = [
        json.dumps(
            {
                "type": "booking.updated",
                "timestamp": moment.isoformat(),
                "data": {**data, "status": status},
            }
        )
        for moment, status in ((newer, "cancelled"), (older, "pending"))
    ]
    first = platform.post(bodies[0], "msg_a")
    assert platform.post(bodies[0], "msg_a").json() == {**first.json(), "duplicate": True}
    until(lambda: platform.status("b1") == "cancelled" and not waiting(platform))
    platform.post(bodies[1], "msg_b")
    until(lambda: platform.status("b1") == "cancelled" and not waiting(platform))
    assert platform.status("b1") == "cancelled"
    assert platform.api("GET", "/v1/bookings?ref=b0")["bookings"] == []
    assert platform.told("b1") == []


def test_what_is_no_message_is_refused_with_the_field(platform: Platform) -> None:
    said = platform.post(PAGE.decode(), "msg_1")
    assert (said.status_code, said.json()["detail"]) == (400, "the body is not JSON in UTF-8")
    said = platform.send("b1", status="booked")
    assert said.status_code == 400
    assert said.json()["detail"].startswith("data.status: is not known; known are pending")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Reply(200, {"content-type": "text/html"}, PAGE), "answered with a web page"),
        (Reply(302, {"location": "http://169.254.169.254/latest/"}), "answered 302"),
        (Reply(307, {"location": "http://10.0.0.1/"}), "answered 307"),
        (Reply(401, {}), "answered 401"),
        (Reply(429, {"retry-after": "1"}), "answered 429"),
        (Reply(429, {}), "answered 429"),
        (Reply(500, {}), "answered 500"),
    ],
    ids=lambda value: str(getattr(value, "status", "")),
)
@pytest.mark.slow
def test_a_receiver_that_says_no_loses_and_frees_nothing(
    platform: Platform, receiver: Receiver, answer: Reply, said: str
) -> None:
    """The booking stays as it is, the account says why, and once the receiver takes something all
    that waited is there: each booking's last word."""
    receiver.usual = answer
    platform.send("b1")
    platform.send("b2", answers={})

    def trouble() -> str:
        return str(platform.api("GET", "/v1/accounts")["accounts"][0]["trouble"])

    until(lambda: said in trouble(), 30)
    for ref in ("b1", "b2"):
        found = platform.api("GET", f"/v1/bookings?ref={ref}")["bookings"][0]
        assert found["platform_status"] == "pending"
    (task,) = [t for t in platform.api("GET", "/v1/tasks")["tasks"] if t["kind"] == "not-told"]
    assert said in task["message"]
    receiver.begin_anew(Reply(204, {}))
    platform.send("b3", answers={})
    until(lambda: platform.told("b3") == ["confirm"], 30)
    until(lambda: platform.told("b1") == ["hold"] and platform.told("b2") == ["confirm"], 30)
    until(lambda: trouble() == "", 30)
    assert platform.writes("failed") == []


@pytest.mark.slow
def test_a_receiver_that_wants_no_more_gets_all_of_it_by_a_replay(
    platform: Platform, receiver: Receiver
) -> None:
    """Its access was revoked: 410."""
    receiver.usual = Reply(410, {})
    platform.send("b1", answers={})
    until(lambda: platform.writes("failed"))
    receiver.usual = Reply(204, {})
    since = (datetime.now(UTC) - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    (failed,) = platform.writes("failed")
    again = platform.api("POST", f"/v1/accounts/desk/replay?since={since}")
    assert again == {"writes": [failed["id"]]}
    until(lambda: platform.told("b1")[-1:] == ["confirm"] and not platform.writes("queued"))
    assert {taken.headers["webhook-id"] for taken in receiver.took} == {failed["id"]}
    (done,) = platform.writes("done")
    assert [one["status"] for one in done["tries"]] == [410, None]
    receiver.took.clear()
    assert platform.api("POST", f"/v1/writes/{done['id']}/replay") == {"writes": [done["id"]]}
    until(lambda: platform.told("b1") == ["confirm"])


@pytest.mark.slow
def test_a_receiver_that_hangs_keeps_nobody_waiting(platform: Platform, receiver: Receiver) -> None:
    """Bookings are taken in and decided all the same."""
    receiver.hangs = True
    for number in range(12):
        assert platform.send(f"b{number}", answers={}).status_code == 202
    until(lambda: len(receiver.took) >= 8)

    def decided() -> int:
        found = platform.api("GET", "/v1/bookings?outcome=allow")["bookings"]
        return len(found)

    until(lambda: decided() == 12, 10)
    receiver.hangs = False
    until(lambda: all(platform.told(f"b{n}") for n in range(12)), 60)


@pytest.mark.slow
def test_what_waits_outlives_the_service(tmp_path: Path, receiver: Receiver) -> None:
    receiver.usual = Reply(503, {})
    first = serve(tmp_path, receiver)
    platform = next(first)
    platform.send("b1", answers={})
    until(lambda: platform.writes("queued") and platform.writes("queued")[0]["tries"])
    with pytest.raises(StopIteration):
        next(first)
    receiver.begin_anew(Reply(204, {}))
    second = serve(tmp_path, receiver, again=True)
    platform = next(second)
    until(lambda: platform.told("b1") == ["confirm"], 90)
    with pytest.raises(StopIteration):
        next(second)
