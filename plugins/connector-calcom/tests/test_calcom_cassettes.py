"""The connector against recorded answers. To record them anew from the simulated Cal.com:

RECORD_CASSETTES=1 pytest plugins/connector-calcom/tests/test_calcom_cassettes.py
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest
import vcr
import yaml

from massage_ins_bridge.api.connectors import AccountConfig, Gone, PlatformClient
from massage_ins_bridge.testing.reading import all_pages
from massage_ins_bridge_calcom import lists
from massage_ins_bridge_calcom.connector import CalcomConnector
from massage_ins_bridge_calcom_simulator.testing import Simulator

FOLDER = Path(__file__).parents[3] / "cassettes" / "calcom"
RECORD = bool(os.environ.get("RECORD_CASSETTES"))
#: All that a cassette may hold; what is not named here is never written.
REQUEST_HEADERS = {"accept", "cal-api-version", "content-type"}
RESPONSE_HEADERS = {"content-type", "retry-after"}
FIELDS = frozenset(
    (  # noqa: SIM905 - a word list is read faster than forty quoted lines
        "absent absentHost attendeePhoneNumber attendees bookingFieldsResponses "
        "cancellationReason cancelledByEmail code createdAt currentPage data duration email end "
        "error eventType eventTypeId hasNextPage hasPreviousPage hosts id insurance itemsPerPage "
        "language "
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


Call = tuple[str, tuple[Any, ...], str]
NONE, ASKED, AGAIN = "rec-unknown", "We need your prescription first.", "Please book again."
FETCHED = ("fetch", ("rec-fetch",), "pending")
#: By cassette: the bookings that are made while recording, and the calls with what they answer.
PLAYED: dict[str, tuple[list[dict[str, Any]], list[Call]]] = {
    "fetch": ([{"uid": "rec-fetch", "answers": {"insurance": "Regence"}}], [FETCHED]),
    "fetch_unknown": ([], [("fetch", (NONE,), "gone")]),
    "confirm": (
        [{"uid": "rec-confirm"}],
        [
            ("confirm", ("rec-confirm", "k"), "native"),
            ("confirm", ("rec-confirm", "k"), "already"),
            ("fetch", ("rec-confirm",), "accepted"),
        ],
    ),
    "decline": (
        [{"uid": "rec-decline"}],
        [("reject", ("rec-decline", ASKED, "k"), told) for told in ("native", "already")],
    ),
    "cancel": (
        [{"uid": "rec-cancel", "event_type": 30413}],
        [("cancel", ("rec-cancel", AGAIN, "k"), told) for told in ("native", "already")],
    ),
    "series": (
        [{"uid": "rec-weekly", "occurrences": 2}],
        [
            ("cancel", ("rec-weekly-series", "r", "k"), "manual"),
            ("confirm", ("rec-weekly-1", "k"), "manual"),
            ("cancel", ("rec-weekly-2", "r", "k"), "native"),
        ],
    ),
}


@pytest.fixture
def simulator(request: pytest.FixtureRequest) -> Simulator | None:
    """The simulated Cal.com while recording, nobody at all else."""
    return cast(Simulator, request.getfixturevalue("running")) if RECORD else None


@contextmanager
def playing(
    simulator: Simulator | None, name: str, made: list[dict[str, Any]]
) -> Iterator[CalcomConnector]:
    """A connector on a cassette; while recording, its bookings are made first."""
    path = FOLDER / f"{name}.yaml"
    base_url = "http://127.0.0.1:9"
    if simulator is not None:
        base_url = simulator.url
        path.unlink(missing_ok=True)
        for booking in made:
            simulator.book(**booking)
        simulator.catch_up()
    recorder = vcr.VCR(
        record_mode="all" if RECORD else "none",
        match_on=["method", "path", "query", "body"],
        before_record_request=clean_request,
        before_record_response=clean_response,
    )
    account = AccountConfig("x", base_url, KEY, "s", form_fields={"insurance": "payer"})
    with (
        PlatformClient(
            base_url,
            transport=httpx.HTTPTransport(),  # the recorder knows this one
            per_minute=10_000,
            sleep=lambda _seconds: None,
        ) as client,
        recorder.use_cassette(str(path)) as cassette,
    ):
        yield CalcomConnector(account, client)
        assert RECORD or cassette.all_played


@pytest.mark.parametrize("name", PLAYED)
def test_what_is_recorded_is_understood(simulator: Simulator | None, name: str) -> None:
    made, calls = PLAYED[name]
    with playing(simulator, name, made) as connector:
        for method, arguments, told in calls:
            found = getattr(connector, method)(*arguments)
            wanted = Gone(NONE) if told == "gone" else told
            assert wanted in (found, getattr(found, "reached", getattr(found, "status", None)))


@pytest.mark.parametrize("ask", ["changes", "upcoming"])
def test_lists_are_read_page_by_page(
    simulator: Simulator | None, monkeypatch: pytest.MonkeyPatch, ask: str
) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    uids = {f"rec-{ask}-{number}" for number in range(3)}
    with playing(simulator, ask, [{"uid": uid} for uid in sorted(uids)]) as connector:
        found = all_pages(getattr(connector, ask))
    assert uids <= set(found.refs)


CASSETTES = sorted(FOLDER.glob("*.yaml"))


def names_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {n for item in value.values() for n in names_in(item)}
    return {n for item in value for n in names_in(item)} if isinstance(value, list) else set()


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_a_cassette_holds_only_what_is_allowed(path: Path) -> None:
    assert RECORD or len(CASSETTES) == 8
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
