"""What a person does in Cal.com between our look and our word, against the simulated platform."""

from __future__ import annotations

import pytest

from massage_ins_bridge.api.connectors import PlatformError, PlatformRefusedError


def test_what_the_desk_did_meanwhile_stands(simulator):
    connector = simulator.connector()
    taken, refused, left = simulator.book(), simulator.book(), simulator.book()
    simulator.control("POST", f"bookings/{taken}/accept")
    simulator.control("POST", f"bookings/{refused}/reject", reason="closed")
    simulator.control("POST", f"bookings/{left}/cancel")
    assert connector.confirm(taken, "k").reached == "already"
    for uid, status in ((refused, "rejected"), (left, "cancelled")):
        outcome = connector.confirm(uid, "k")
        assert (outcome.reached, status in outcome.detail) == ("already", True)
    assert connector.reject(left, "r", "k").reached == "already"
    assert connector.cancel(refused, "r", "k").reached == "already"
    assert not any(simulator.calls(uid, "confirm") for uid in (taken, refused, left))


def acting_between(simulator, monkeypatch, verb, act):
    """A connector whose booking a person acts on just before the verb reaches Cal.com."""
    connector = simulator.connector()
    post = connector._client.post

    def overtaken(path, *arguments, **options):
        if path.endswith(f"/{verb}"):
            simulator.control("POST", path.replace("/v2/", "").replace(verb, act))
        return post(path, *arguments, **options)

    monkeypatch.setattr(connector._client, "post", overtaken)
    return connector


def cancelled_once_with(simulator, uid, reason):
    by_us = [change for change in simulator.changes(uid) if change[2] == "api"]
    return (simulator.booking(uid)["cancellationReason"], by_us) == (
        reason,
        [("accepted", "cancelled", "api")],
    )


def test_a_booking_that_was_accepted_meanwhile_is_cancelled_instead(simulator):
    connector, uid = simulator.connector(), simulator.book()
    simulator.control("POST", f"bookings/{uid}/accept")
    assert connector.reject(uid, "Please call us.", "k").reached == "native"
    assert connector.reject(uid, "Please call us.", "k").reached == "already"
    assert not simulator.calls(uid, "decline")
    assert cancelled_once_with(simulator, uid, "Please call us.")


def test_it_may_be_accepted_while_it_is_declined(simulator, monkeypatch):
    connector, uid = acting_between(simulator, monkeypatch, "decline", "accept"), simulator.book()
    assert connector.reject(uid, "Please call us.", "k").reached == "native"
    assert cancelled_once_with(simulator, uid, "Please call us.")


def test_it_may_be_cancelled_while_it_is_confirmed(simulator, monkeypatch):
    connector, uid = acting_between(simulator, monkeypatch, "confirm", "cancel"), simulator.book()
    outcome = connector.confirm(uid, "k")
    assert (outcome.reached, "cancelled" in outcome.detail) == ("already", True)
    assert connector.fetch(uid).status == "cancelled"


@pytest.mark.parametrize("refusal", [400, 409, 422])
def test_a_refusal_that_nobody_else_caused_is_passed_on(simulator, refusal):
    connector, uid = simulator.connector(), simulator.book()
    for action in ("confirm", "decline"):
        simulator.control("POST", "faults", kind="status", status=refusal, action=action)
    with pytest.raises(PlatformRefusedError):
        connector.confirm(uid, "k")
    with pytest.raises(PlatformRefusedError):
        connector.reject(uid, "r", "k")
    assert connector.fetch(uid).status == "pending"


def test_of_an_accepted_series_a_rejection_cancels_one_occurrence_at_most(simulator):
    connector, first = simulator.connector(), simulator.book(event_type=30413, occurrences=2)
    series, second = first.replace("-1", "-series"), first.replace("-1", "-2")
    with pytest.raises(PlatformError, match="series"):
        connector.reject(series, "r", "k")
    assert connector.reject(first, "r", "k").reached == "native"
    assert connector.fetch(second).status == "accepted"


def test_a_client_who_did_not_come_is_left_to_the_desk(simulator):
    connector, uid = simulator.connector(), simulator.book(event_type=30413)
    simulator.control("POST", f"bookings/{uid}/no-show")
    assert connector.reject(uid, "r", "k").reached == "manual"
    assert not simulator.calls(uid, "cancel")
