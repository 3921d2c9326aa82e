"""The connector against the simulated Cal.com: every effect happens once, whatever the network or
a person in Cal.com does meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from massage_ins_bridge.api import connectors as api
from massage_ins_bridge.testing.reading import fetched
from massage_ins_bridge_calcom.connector import CalcomConnector

if TYPE_CHECKING:
    from conftest import Answered, Calcom

slow = pytest.mark.slow  # time limits and lost answers
ACCEPTED = ("pending", "accepted", "api")
PAST = "2026-11-02T10:00:00-08:00"
ROW: dict[str, Any] = {"uid": "abc", "status": "pending", "start": "2026-12-08T18:00:00.000Z"}
ROW["attendees"] = [{"name": "Ada Test"}]


@pytest.mark.parametrize("answer", [{}, [], None, "x", {"status": "success"}, {"data": None}])
def test_an_answer_that_is_no_booking_is_an_error(answered: Answered, answer: Any) -> None:
    with pytest.raises(api.PlatformError):
        answered(answer).fetch("abc")


def test_an_answer_about_another_booking_is_not_believed(answered: Answered) -> None:
    """Neither as an answer nor as the state that a change begins with."""
    connector = answered({"data": {**ROW, "uid": "other"}})
    for method, *given in (("fetch", "abc"), ("confirm", "abc", "k"), ("cancel", "abc", "", "k")):
        with pytest.raises(api.PlatformError, match="another booking") as caught:
            getattr(connector, method)(*given)
        assert not caught.value.permanent


def test_a_series_uid_is_never_taken_for_a_booking(answered: Answered) -> None:
    series = answered({"data": [ROW, ROW]})
    with pytest.raises(api.PlatformError, match="series"):
        series.fetch("abc")
    assert series.cancel("abc", "", "k").reached == "manual"


@pytest.mark.parametrize("ref", ["", "..", "a/b", "a?x=1"])
def test_an_odd_ref_never_reaches_an_address(connector: CalcomConnector, ref: str) -> None:
    with pytest.raises(api.PlatformError):
        connector.fetch(ref)


def test_a_change_that_the_platform_did_not_make_is_not_believed(answered: Answered) -> None:
    with pytest.raises(api.PlatformError, match="without doing it") as caught:
        answered({"data": ROW}).confirm("abc", "k")
    assert not caught.value.permanent


def test_every_call_is_versioned_and_carries_the_key(simulator: Calcom) -> None:
    uid, connector = simulator.settled(), simulator.connector()
    connector.confirm(uid, "effect-7")
    [call] = simulator.calls(uid, "confirm")
    assert call["request_id"] == "effect-7"
    headers = {"authorization": "Bearer cal_test_key"}
    assert httpx.get(f"{simulator.url}/v2/bookings/{uid}", headers=headers).status_code == 400
    assert "cal_test_key" not in json.dumps(repr(connector))


Act = Callable[[CalcomConnector, str], api.WriteResult]
ACTS: list[tuple[Act, str]] = [
    (lambda c, uid: c.confirm(uid, "k"), "accepted"),
    (lambda c, uid: c.reject(uid, "No prescription", "k"), "rejected"),
    (lambda c, uid: c.cancel(uid, "No prescription", "k"), "cancelled"),
]
FAULTS: dict[str, dict[str, Any]] = {
    "none": {},
    "lost-after": {"kind": "timeout", "seconds": 30, "after_applying": True},
    "lost-before": {"kind": "timeout", "seconds": 30, "after_applying": False},
    "502-after": {"kind": "status", "status": 502, "after_applying": True},
    "503-before": {"kind": "status", "status": 503, "after_applying": False},
    "429": {"kind": "status", "status": 429, "retry_after": "1"},
    "500-twice": {"kind": "status", "status": 500, "count": 2, "after_applying": True},
}


@slow
@pytest.mark.parametrize(("act", "wanted"), ACTS, ids=["confirm", "reject", "cancel"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_network_still_changes_it_once(
    simulator: Calcom, act: Act, wanted: str, fault: str
) -> None:
    uid, connector = simulator.settled(), simulator.connector(read=0.4)
    for action in ("confirm", "decline", "cancel") if FAULTS[fault] else ():
        simulator.control("POST", "faults", **FAULTS[fault], action=action)
    assert act(connector, uid).reached == "native"
    assert simulator.changes(uid)[1:] == [("pending", wanted, "api")]
    simulator.control("DELETE", "faults")
    assert act(connector, uid).reached == "already"
    assert len(simulator.changes(uid)) == 2


@slow
def test_when_nothing_can_be_read_either_the_next_run_finishes_it(
    simulator: Calcom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the moment on at which it is confirmed: what comes before it may be read."""
    uid, connector = simulator.settled(), simulator.connector(read=0.4)
    simulator.control("POST", "faults", kind="timeout", action="confirm", after_applying=True)
    post = connector._client.post

    def confirmed_unseen(*arguments: Any, **options: Any) -> Any:
        simulator.control("POST", "faults", kind="status", status=503, action="get", count=50)
        return post(*arguments, **options)

    monkeypatch.setattr(connector._client, "post", confirmed_unseen)
    with pytest.raises(api.PlatformError) as caught:
        connector.confirm(uid, "k")
    monkeypatch.undo()
    assert len(simulator.calls(uid, "confirm")) == 1
    assert not caught.value.permanent
    simulator.control("DELETE", "faults")
    assert connector.confirm(uid, "k").reached == "already"
    assert simulator.changes(uid)[1:] == [ACCEPTED]


def test_runs_racing_each_other_change_it_once(simulator: Calcom) -> None:
    uid, connector = simulator.settled(), simulator.connector()
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda n: connector.confirm(uid, f"k{n}").reached, range(16)))
    assert (outcomes.count("native"), outcomes.count("already")) == (1, 15)
    assert simulator.changes(uid)[1:] == [ACCEPTED]


def test_of_a_series_only_the_one_occurrence_is_cancelled(simulator: Calcom) -> None:
    connector = simulator.connector()
    first = simulator.settled(occurrences=3)
    series, second = first.replace("-1", "-series"), first.replace("-1", "-2")
    assert fetched(connector, first).recurring
    left = (connector.confirm(first, "k"), connector.reject(first, "r", "k"))
    assert {told.reached for told in (*left, connector.cancel(series, "r", "k"))} == {"manual"}
    assert connector.cancel(first, "r", "k").reached == "native"
    assert [fetched(connector, uid).status for uid in (first, second)] == ["cancelled", "pending"]


def test_a_whole_series_is_neither_declined_nor_cancelled(simulator: Calcom) -> None:
    connector, first = simulator.connector(), simulator.settled(event_type=30413, occurrences=2)
    with pytest.raises(api.PlatformError, match="series"):
        connector.reject(first.replace("-1", "-series"), "r", "k")
    assert connector.cancel(first, "r", "k").reached == "native"
    assert fetched(connector, first.replace("-1", "-2")).status == "accepted"


def test_a_deleted_booking_is_gone(simulator: Calcom) -> None:
    connector, uid = simulator.connector(), simulator.book()
    simulator.control("DELETE", f"bookings/{uid}")
    with pytest.raises(api.PlatformGoneError):
        connector.confirm(uid, "k")


def test_a_wrong_key_is_a_lasting_refusal(simulator: Calcom) -> None:
    connector = simulator.connector()
    connector._client = connector._client.with_headers({"authorization": "Bearer wrong"})
    with pytest.raises(api.PlatformRefusedError) as caught:
        connector.fetch("abc")
    assert (caught.value.status, caught.value.permanent) == (401, True)


def test_what_the_desk_did_meanwhile_stands(simulator: Calcom) -> None:
    connector = simulator.connector()
    taken, refused, left = simulator.book(), simulator.book(), simulator.book()
    simulator.act(taken, "accept")
    simulator.act(refused, "reject", reason="closed")
    simulator.act(left, "cancel")
    assert connector.confirm(taken, "k").reached == "already"
    for uid, status in ((refused, "rejected"), (left, "cancelled")):
        outcome = connector.confirm(uid, "k")
        assert (outcome.reached, status in outcome.detail) == ("already", True)
    assert connector.reject(left, "r", "k").reached == "already"
    assert connector.cancel(refused, "r", "k").reached == "already"
    assert not any(simulator.calls(uid, "confirm") for uid in (taken, refused, left))


def acting_between(
    simulator: Calcom, monkeypatch: pytest.MonkeyPatch, verb: str, act: str
) -> CalcomConnector:
    """A connector whose booking a person acts on just before the verb reaches Cal.com."""
    connector = simulator.connector()
    post = connector._client.post

    def overtaken(path: str, *arguments: Any, **options: Any) -> Any:
        if path.endswith(f"/{verb}"):
            simulator.control("POST", path.replace("/v2/", "").replace(verb, act))
        return post(path, *arguments, **options)

    monkeypatch.setattr(connector._client, "post", overtaken)
    return connector


@pytest.mark.parametrize("late", [False, True])
def test_a_booking_that_was_accepted_before_or_while_it_is_declined_stays(
    simulator: Calcom, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    connector, uid = simulator.connector(), simulator.settled()
    if late:
        connector = acting_between(simulator, monkeypatch, "decline", "accept")
    else:
        simulator.act(uid, "accept")
    assert connector.reject(uid, "Please call us.", "k").reached == "already"
    assert connector.reject(uid, "Please call us.", "k").reached == "already"
    assert bool(simulator.calls(uid, "decline")) == late
    assert fetched(connector, uid).status == "accepted"


def test_it_may_be_cancelled_while_it_is_confirmed(
    simulator: Calcom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cal.com confirms it all the same: the cancellation is restored."""
    connector = acting_between(simulator, monkeypatch, "confirm", "cancel")
    uid = simulator.settled()
    outcome = connector.confirm(uid, "k")
    assert (outcome.reached, "cancelled" in outcome.detail) == ("already", True)
    assert fetched(connector, uid).status == "cancelled"


@pytest.mark.parametrize("refusal", [400, 409, 422])
def test_a_refusal_that_nobody_else_caused_is_passed_on(simulator: Calcom, refusal: int) -> None:
    connector, uid = simulator.connector(), simulator.settled()
    for action in ("confirm", "decline"):
        simulator.control("POST", "faults", kind="status", status=refusal, action=action)
    for act, _ in ACTS[:2]:
        with pytest.raises(api.PlatformRefusedError):
            act(connector, uid)
    assert fetched(connector, uid).status == "pending"


def test_a_client_who_did_not_come_is_left_to_the_desk(simulator: Calcom) -> None:
    connector, uid = simulator.connector(), simulator.book(event_type=30413, start=PAST)
    simulator.act(uid, "no-show")
    assert connector.reject(uid, "r", "k").reached == "manual"
    assert not simulator.calls(uid, "cancel")
