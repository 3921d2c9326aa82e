"""The connector against recorded answers. To record them anew from the simulated Cal.com:

RECORD_CASSETTES=1 pytest plugins/connector-calcom/tests/test_calcom_cassettes.py
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import vcr
import yaml

from massage_ins_bridge.api.connectors import AccountConfig, Gone, PlatformClient, Timeouts
from massage_ins_bridge_calcom.connector import CalcomConnector

FOLDER = Path(__file__).parents[3] / "cassettes" / "calcom"
RECORD = bool(os.environ.get("RECORD_CASSETTES"))
#: All that a cassette may hold; what is not named here is never written.
REQUEST_HEADERS = {"accept", "cal-api-version", "content-type"}
RESPONSE_HEADERS = {"content-type", "retry-after"}
FIELDS = frozenset(
    (  # noqa: SIM905 - a word list is read faster than forty quoted lines
        "absent absentHost attendeePhoneNumber attendees bookingFieldsResponses "
        "cancellationReason code createdAt currentPage data duration email end error eventType "
        "eventTypeId hasNextPage hasPreviousPage hosts id insurance itemsPerPage language "
        "message name pagination phoneNumber reason recurringBookingUid remainingItems "
        "rescheduledFromUid rescheduledToUid returnedItems slug start status timeZone "
        "totalItems totalPages uid updatedAt"
    ).split()
)
PEOPLE = {"Ada Test", "Example Massage"}
KEY = "cal_test_key"


def allowed(value: Any) -> Any:
    """A JSON value with the allowed fields only."""
    if isinstance(value, dict):
        return {k: allowed(v) for k, v in value.items() if k in FIELDS}
    return [allowed(item) for item in value] if isinstance(value, list) else value


def clean_request(request: Any) -> Any:
    """The request as it is compared and stored: no host, no secrets."""
    parts = urlsplit(request.uri)
    request.uri = urlunsplit(("http", "calcom.example", parts.path, parts.query, ""))
    request.headers = {k: v for k, v in request.headers.items() if k.lower() in REQUEST_HEADERS}
    if request.body:
        request.body = json.dumps(allowed(json.loads(request.body)))
    return request


def clean_response(response: dict[str, Any]) -> dict[str, Any]:
    """The response as it is stored."""
    headers = {k.lower(): v for k, v in response["headers"].items()}
    body = json.dumps(allowed(json.loads(response["body"]["string"]))).encode()
    kept = {k: v for k, v in headers.items() if k in RESPONSE_HEADERS}
    return {**response, "headers": kept, "body": {"string": body}}


@pytest.fixture
def base_url(request: pytest.FixtureRequest) -> str:
    """The simulated Cal.com while recording, nobody at all else."""
    return str(request.getfixturevalue("simulator").url) if RECORD else "http://127.0.0.1:9"


@pytest.fixture
def play(request: pytest.FixtureRequest, base_url: str):
    """A connector on the test's own cassette; while recording, its bookings are made first."""

    @contextmanager
    def playing(*bookings: dict[str, Any]) -> Iterator[CalcomConnector]:
        name = request.node.name.removeprefix("test_")
        path = FOLDER / f"{name}.yaml"
        if RECORD:
            path.unlink(missing_ok=True)
            for booking in bookings:
                request.getfixturevalue("simulator").book(**booking)
        recorder = vcr.VCR(
            record_mode="all" if RECORD else "none",
            match_on=["method", "path", "query", "body"],
            before_record_request=clean_request,
            before_record_response=clean_response,
        )
        account = AccountConfig("x", base_url, KEY, "s", form_fields={"insurance": "payer"})
        with (
            PlatformClient(base_url, timeout=Timeouts(), per_minute=10_000) as client,
            recorder.use_cassette(str(path)) as cassette,
        ):
            yield CalcomConnector(account, client)
            assert RECORD or cassette.all_played

    return playing


def test_fetch(play):
    with play({"uid": "rec-fetch", "answers": {"insurance": "Regence"}}) as connector:
        booking = connector.fetch("rec-fetch")
    assert (booking.ref, booking.status, booking.service_ref) == ("rec-fetch", "pending", "30412")
    assert booking.start == datetime(2026, 12, 8, 18, tzinfo=UTC)
    assert booking.person.name == "Ada Test"
    assert booking.person.email == "ada@example.com"
    assert booking.answers == {"payer": "Regence"}
    assert booking.version is not None


def test_fetch_unknown(play):
    with play() as connector:
        assert connector.fetch("rec-unknown") == Gone("rec-unknown")


def test_confirm(play):
    with play({"uid": "rec-confirm"}) as connector:
        assert connector.confirm("rec-confirm", "k").reached == "native"
        assert connector.confirm("rec-confirm", "k").reached == "already"
        assert connector.fetch("rec-confirm").status == "accepted"


def test_decline(play):
    with play({"uid": "rec-decline"}) as connector:
        reason = "We need your prescription first."
        assert connector.reject("rec-decline", reason, "k").reached == "native"
        assert connector.reject("rec-decline", reason, "k").reached == "already"


def test_cancel(play):
    with play({"uid": "rec-cancel", "event_type": 30413}) as connector:
        assert connector.cancel("rec-cancel", "Please book again.", "k").reached == "native"
        assert connector.cancel("rec-cancel", "Please book again.", "k").reached == "already"


def test_series(play):
    with play({"uid": "rec-weekly", "occurrences": 2}) as connector:
        assert connector.cancel("rec-weekly-series", "r", "k").reached == "manual"
        assert connector.confirm("rec-weekly-1", "k").reached == "manual"
        assert connector.cancel("rec-weekly-2", "r", "k").reached == "native"


def listed(play, monkeypatch, ask):
    """A list that is read page by page, with three bookings in it."""
    monkeypatch.setattr("massage_ins_bridge_calcom.lists.PAGE", 2)
    uids = {f"rec-{ask}-{number}" for number in range(3)}
    found, cursor, more = set(), None, True
    with play(*({"uid": uid} for uid in sorted(uids))) as connector:
        while more:
            page = getattr(connector, ask)(cursor, datetime(2026, 11, 22, 18, tzinfo=UTC))
            found |= {booking.ref for booking in page.items}
            cursor, more = page.cursor, page.more
    return uids <= found


def test_changes(play, monkeypatch):
    assert listed(play, monkeypatch, "changes")


def test_upcoming(play, monkeypatch):
    assert listed(play, monkeypatch, "upcoming")


CASSETTES = sorted(FOLDER.glob("*.yaml"))


def names_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {n for item in value.values() for n in names_in(item)}
    return {n for item in value for n in names_in(item)} if isinstance(value, list) else set()


@pytest.mark.skipif(RECORD, reason="they are being recorded")
def test_there_are_cassettes():
    assert len(CASSETTES) == 8


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_a_cassette_holds_only_what_is_allowed(path):
    text = path.read_text()
    for secret in (KEY, "authorization", "bearer", "cookie", "cal_", "whsec", "127.0.0.1"):
        assert secret not in text.lower()
    addresses = re.findall(r"[\w.+-]+@[\w.-]+", text)
    assert set(addresses) <= {"ada@example.com", "desk@clinic.example"}
    for call in yaml.safe_load(text)["interactions"]:
        request, response = call["request"], call["response"]
        assert urlsplit(request["uri"]).netloc == "calcom.example"
        assert {k.lower() for k in request["headers"]} <= REQUEST_HEADERS
        assert {k.lower() for k in response["headers"]} <= RESPONSE_HEADERS
        for body in (request["body"], response["body"]["string"]):
            data = json.loads(body or "null")
            assert names_in(data) <= FIELDS
            assert set(re.findall(r'"name": "([^"]*)"', json.dumps(data))) <= PEOPLE
