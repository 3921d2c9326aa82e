"""The signature and the delivery's key."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    BadPayloadError,
    BadSignatureError,
    PlatformClient,
)
from massage_ins_bridge_calcom.connector import CalcomConnector

URL = "https://bridge.example/webhooks/front-desk"
NAME = "x-cal-signature-256"
BODY = (
    b'{"triggerEvent":"BOOKING_CREATED","createdAt":"2026-11-22T18:00:00.000Z",'
    b'"payload":{"uid":"abc"}}'
)
# printf '%s' "$BODY" | openssl dgst -sha256 -hmac whsec_for_tests
DIGEST = "514174cf9f94fe4895194192f962d316bd374bb2fe11c79c8d0e5de8ec6fe958"
SAMPLE = Path(__file__).parents[4] / "shared/corpora/webhooks/calcom-booking-created.json"


def test_a_digest_made_by_openssl_is_accepted(connector, now):
    assert connector.verify({NAME: DIGEST}, BODY, URL, now).signed_at is None


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_still_says_the_same():
    command = ["openssl", "dgst", "-sha256", "-hmac", "whsec_for_tests"]
    out = subprocess.run(command, input=BODY, capture_output=True, check=True).stdout
    assert out.decode().split()[-1] == DIGEST


@pytest.mark.parametrize(
    "header", ["no-secret-provided", f"sha256={DIGEST}", hashlib.sha256(BODY).hexdigest()]
)
def test_what_is_no_signature_is_refused(connector, now, header):
    with pytest.raises(BadSignatureError):
        connector.verify({NAME: header}, BODY, URL, now)


@pytest.mark.parametrize("body", [BODY + b"\n", BODY.replace(b":", b": ")])
def test_a_body_written_anew_is_refused(connector, now, body):
    with pytest.raises(BadSignatureError):
        connector.verify({NAME: DIGEST}, body, URL, now)


def test_a_repeat_has_the_same_key_and_nothing_else_has(connector, sign, now):
    def key(**changed):
        body = {"triggerEvent": "BOOKING_CREATED", "createdAt": "2026-11-22T18:00:00.000Z"}
        delivery = sign({**body, "payload": {"uid": "abc"}, **changed})
        return connector.verify(delivery.headers, delivery.raw, URL, now).key

    others = [
        key(triggerEvent="BOOKING_CANCELLED"),
        key(createdAt="2026-11-22T18:00:00.001Z"),
        key(payload={"uid": "abd"}),
        key(triggerEvent="MEETING_ENDED", createdAt=None),
        key(triggerEvent="MEETING_ENDED", createdAt=None, payload={}),
    ]
    assert key() == key() == key(payload={"uid": "abc", "added": "by the vendor"})
    assert len({key(), *others}) == 6
    assert all(len(one) < 100 and one.isascii() for one in others)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"false",
        b"[]",
        b"name=Ada&uid=abc",
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"triggerEvent": 5}',
        json.dumps({"title": "{{title}}", "uid": "abc"}).encode(),
        json.dumps({"triggerEvent": "BOOKING_CREATED", "uid": "abc"}).encode(),
        json.dumps({"triggerEvent": "BOOKING_CREATED", "payload": {"uid": "abc"}}).encode(),
    ],
)
def test_a_custom_template_is_refused_loudly(connector, sign, now, body):
    delivery = sign(body)
    with pytest.raises(BadPayloadError, match="custom payload template"):
        connector.verify(delivery.headers, delivery.raw, URL, now)
    with pytest.raises(BadPayloadError, match="custom payload template"):
        connector.parse(delivery.raw)


def test_an_unknown_trigger_is_named(connector, sign, now):
    delivery = sign({"triggerEvent": "PIZZA_ORDERED", "createdAt": "x", "payload": {}})
    with pytest.raises(BadPayloadError, match="PIZZA_ORDERED"):
        connector.verify(delivery.headers, delivery.raw, URL, now)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the vendor's sample is not at hand")
def test_the_vendors_own_sample_is_taken_whole(connector, sign, now):
    delivery = sign(SAMPLE.read_bytes())
    assert connector.verify(delivery.headers, delivery.raw, URL, now).key
    [hint] = connector.parse(delivery.raw)
    assert (hint.booking_ref, hint.kind) == ("bFJeNb2uX8ANpT3JL5EfXw", "created")
    assert hint.sent_at.isoformat() == "2023-05-24T09:30:00.538000+00:00"
    booking = hint.booking
    assert (booking.status, booking.service_ref, booking.practitioner_ref) == ("accepted", "7", "5")
    assert booking.start.isoformat() == "2023-05-25T09:30:00+00:00"
    assert booking.end.isoformat() == "2023-05-25T10:30:00+00:00"
    assert (booking.person.name, booking.person.email) == ("John Doe", "john.doe@example.com")
    assert (booking.answers, booking.recurring) == ({}, False)


def _connector():
    account = AccountConfig("x", "https://api.cal.example", "k", "s", form_fields={"a": "payer"})
    return CalcomConnector(account, PlatformClient(account.base_url))


LONELY = _connector()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)
KEYS = ("uid", "bookingUid", "status", "startTime", "attendees", "responses", "eventTypeId")
MORE = ("rescheduleUid", "organizer", "endTime", "recurringEvent", "seatsPerTimeSlot")
PAYLOADS = st.dictionaries(st.sampled_from(KEYS + MORE), JSON)
ENVELOPES = st.fixed_dictionaries(
    {
        "triggerEvent": st.sampled_from(["BOOKING_CREATED", "BOOKING_NO_SHOW_UPDATED", "PING"])
        | JSON,
        "createdAt": st.just("2026-11-22T18:00:00Z") | JSON,
        "payload": PAYLOADS.map(lambda p: {"uid": "abc", "status": "ACCEPTED", **p}) | JSON,
    }
)


@given(header=st.text() | st.none(), raw=st.binary())
@settings(deadline=None)
def test_whatever_arrives_verify_says_no_in_its_own_words(header, raw):
    headers = {} if header is None else {NAME: header}
    with pytest.raises(BadSignatureError):
        LONELY.verify(headers, raw, URL, None)


@given(body=st.binary() | (ENVELOPES | JSON).map(lambda v: json.dumps(v).encode()))
@settings(deadline=None, max_examples=400)
def test_whatever_is_signed_verify_and_parse_raise_only_their_own(body):
    headers = {NAME: hmac.new(b"s", body, hashlib.sha256).hexdigest()}
    try:
        key = LONELY.verify(headers, body, URL, None).key
    except BadPayloadError:
        with pytest.raises(BadPayloadError):
            LONELY.parse(body)
    else:
        assert key.startswith("calcom-")
        assert all(hint.kind == "ping" or hint.booking_ref for hint in LONELY.parse(body))
