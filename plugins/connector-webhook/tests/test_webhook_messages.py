"""What a platform's messages say, and that the published schema says the same."""

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from massage_ins_bridge.api.connectors import BadPayloadError
from massage_ins_bridge_webhook.connector import WebhookConnector
from massage_ins_bridge_webhook.messages import CLIENT, ENVELOPE, FACTS, FIELDS, Reader

SCHEMA = jsonschema_rs.validator_for(dict(WebhookConnector.schemas["booking"]))
START = datetime(2026, 12, 8, 18, tzinfo=UTC)


def message(kind: str = "booking.created", **changed: Any) -> dict[str, Any]:
    data = {
        "id": "b-1",
        "status": "pending",
        "start": "2026-12-08T10:00:00-08:00",
        "service": "1",
        "client": {"name": "Ann Lee", "email": "ann@example.com"},
    }
    return {"type": kind, "timestamp": "2026-11-22T18:00:00.125Z", "data": {**data, **changed}}


def read(data: Any, fields: dict[str, str] | None = None, *, strict: bool = False) -> Any:
    (hint,) = Reader(fields or {}, strict=strict).hints(json.dumps(data).encode())
    return hint


def test_a_whole_booking() -> None:
    data = message(
        end="2026-12-08T19:00:00Z",
        hosts=["812"],
        client={"id": "c7", "name": "Ann Lee", "email": "ann@example.com", "phone": "206-555-0101"},
        answers={"payer": "Regence", "Your plan?": "Innova", "shoe size": 7, "member_id": 12345},
        asks_confirmation=True,
        recurring=False,
    )
    hint = read(data, {"Your plan?": "plan"})
    booking = hint.booking
    assert (hint.booking_ref, hint.kind, hint.previous_ref) == ("b-1", "requested", None)
    assert hint.sent_at == datetime(2026, 11, 22, 18, 0, 0, 125_000, UTC)
    assert (booking.start, booking.end) == (START, datetime(2026, 12, 8, 19, tzinfo=UTC))
    assert (booking.service_ref, booking.host_refs, booking.version) == ("1", ("812",), None)
    assert (booking.person.ref, booking.person.phone) == ("c7", "206-555-0101")
    assert booking.answers == {"payer": "Regence", "plan": "Innova", "member_id": "12345"}
    assert (booking.asks_confirmation, booking.recurring) == (True, False)
    assert SCHEMA.is_valid(data)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("pending", "requested"),
        ("accepted", "created"),
        ("cancelled", "cancelled"),
        ("rejected", "rejected"),
        ("no-show", "no-show"),
        ("completed", "completed"),
    ],
)
def test_the_state_says_what_happened(status: str, kind: str) -> None:
    hint = read(message("booking.updated", status=status))
    assert (hint.kind, hint.booking.status) == (kind, status)


def test_a_moved_booking_names_the_one_before() -> None:
    hint = read(message(moved_from="b-0"))
    assert (hint.kind, hint.previous_ref, hint.booking.previous_ref) == (
        "rescheduled",
        "b-0",
        "b-0",
    )
    assert read(message(moved_from="b-1")).previous_ref is None
    assert read(message(moved_from="b-0", status="cancelled")).kind == "cancelled"


def test_a_ping_says_nothing() -> None:
    assert read({"type": "ping"}).kind == "ping"


BAD: list[tuple[Any, str]] = [
    ([], "the body: must be an object"),
    ({}, "type: is missing; it is one of booking.created, booking.updated, ping"),
    ({"type": 7}, "type: is not known"),
    (message("booking.create"), "type: is not known; did you mean 'booking.created'?"),
    ({**message(), "timestamp": None}, "timestamp: is missing"),
    ({**message(), "timestamp": 1764900000}, "timestamp: must be a time with its offset"),
    ({**message(), "timestamp": "2026-11-22T18:00:00"}, "timestamp: must be a time with its"),
    ({**message(), "data": None}, "data: must be an object"),
    ({"type": "booking.updated", "timestamp": "2026-11-22T18:00:00Z"}, "data: is missing"),
    (message(id=None), "data.id: must be text"),
    (message(id=1), "data.id: must be text; write the number in quotation marks"),
    (message(id=" "), "data.id: is empty"),
    (message(id="x" * 256), "data.id: is longer than 255 characters"),
    (message(status=None), "data.status: is missing; it is one of pending"),
    (message(status="confirmed"), "data.status: is not known"),
    (message(status="canceled"), "data.status: is not known; did you mean 'cancelled'?"),
    (message(start="2026-12-08"), "data.start: must be a time with its offset"),
    (message(start="2026-12-08T10:00:00"), "data.start: must be a time with its offset"),
    (message(start="next week"), "data.start: must be a time with its offset"),
    (message(end=7), "data.end: must be a time with its offset"),
    (message(service=30412), "data.service: must be text; write the number"),
    (message(service=None), "data.service: must be text"),
    (message(hosts="812"), "data.hosts: must be a list"),
    (message(hosts=[""]), "data.hosts[0]: is empty"),
    (message(hosts=["1"] * 51), "data.hosts: must be a list of at most 50"),
    (message(client=None), "data.client: must be an object"),
    (message(client={"email": "a@example.com"}), "data.client.name: is missing"),
    (message(client={"name": ""}), "data.client.name: is empty"),
    (message(client={"name": "A", "email": ["a@example.com"]}), "data.client.email: must be text"),
    (message(answers=[]), "data.answers: must be an object"),
    (message(answers={"payer": {"name": "Regence"}}), "data.answers.payer: must be text"),
    (message(answers={"payer": "x" * 2001}), "data.answers.payer: is longer than 2000"),
    (message(moved_from=7), "data.moved_from: must be text"),
    (message(asks_confirmation="yes"), "data.asks_confirmation: must be true or false"),
    (message(recurring=1), "data.recurring: must be true or false"),
]
#: What the schema's language cannot say.
BEYOND: list[tuple[Any, str]] = [
    (message(end="2026-12-08T09:00:00-08:00"), "data.end: is not after data.start"),
    (message(start="2026-13-08T10:00:00Z"), "data.start: must be a time with its offset"),
    (message(start="9999-12-08T10:00:00Z"), "data.start: must be a time with its offset"),
    (message(id="b\n1"), "data.id: holds characters that cannot be printed"),
    (message(client={"name": "A\ud800"}), "data.client.name: holds characters that cannot be"),
]


@pytest.mark.parametrize(("data", "said"), [*BAD, *BEYOND], ids=lambda v: str(v)[-40:])
def test_a_wrong_field_is_named_with_its_cure(data: Any, said: str) -> None:
    with pytest.raises(BadPayloadError) as caught:
        read(data)
    assert str(caught.value).startswith(said)
    assert (data, said) in BEYOND or not SCHEMA.is_valid(data)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"<!doctype html>", b"[" * 100_000, b"NaN"])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(BadPayloadError):
        Reader({}).hints(raw)


def test_what_is_not_known_is_passed_over_unless_strict() -> None:
    odd = message(colour="green")
    assert read(odd) == read(message())
    for data, said in (
        (odd, "data.colour: is not known; known are id, status"),
        (message(sevice="1"), "data.sevice: is not known; did you mean 'service'?"),
        ({**message(), "<b>": 1}, "…: is not known"),
        (
            message(client={"name": "A", "emial": "a@example.com"}),
            "data.client.emial: is not known",
        ),
        (message(answers={"insurer": "Regence"}), "data.answers.insurer: is not known"),
    ):
        assert SCHEMA.is_valid(data)
        with pytest.raises(BadPayloadError) as caught:
            read(data, strict=True)
        assert str(caught.value).startswith(said)
    assert read(message(answers={"insurer": "Regence"}), {"insurer": "payer"}, strict=True)


def test_the_schema_names_every_field() -> None:
    schema = WebhookConnector.schemas["booking"]
    booking = schema["$defs"]["booking"]["properties"]
    assert tuple(booking) == FIELDS
    assert tuple(booking["client"]["properties"]) == CLIENT
    assert tuple(booking["answers"]["properties"]) == FACTS
    assert tuple(schema["oneOf"][1]["properties"]) == ENVELOPE


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("2026-12-08T10:00Z"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(FIELDS), inner),
    max_leaves=6,
)


@given(st.sampled_from([*FIELDS]), JSON)
def test_whatever_a_field_holds_the_schema_agrees(field: str, value: Any) -> None:
    data, said = message(**{field: value}), ""
    try:
        read(data)
    except BadPayloadError as error:
        said = str(error)
    beyond = "cannot be printed" in said or "not after" in said
    assert beyond or SCHEMA.is_valid(data) == (said == ""), said
