"""Webhooks: the signature, the delivery's key, and what each trigger says."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massage_ins_bridge.api import connectors as api
from massage_ins_bridge_calcom.connector import CalcomConnector
from massage_ins_bridge_calcom.deliveries import SIGNATURE, check_signature, delivery, hints

if TYPE_CHECKING:
    from conftest import Sign

URL = "https://bridge.example/webhooks/front-desk"
BODY = (
    b'{"triggerEvent":"BOOKING_CREATED","createdAt":"2026-11-22T18:00:00.000Z",'
    b'"payload":{"uid":"abc"}}'
)
# printf '%s' "$BODY" | openssl dgst -sha256 -hmac whsec_for_tests
DIGEST = "514174cf9f94fe4895194192f962d316bd374bb2fe11c79c8d0e5de8ec6fe958"
SENT = "2026-11-22T18:00:00.500Z"
SENT_AT = datetime(2026, 11, 22, 18, 0, 0, 500_000, tzinfo=UTC)


def body(trigger: str, status: str | None = None, **changed: Any) -> bytes:
    """A webhook with other values in its payload; ``...`` takes one away."""
    payload = {
        "uid": "new-uid",
        "bookingId": 91,
        "startTime": "2026-12-08T18:00:00Z",
        "endTime": "2026-12-08T19:00:00Z",
        "organizer": {"id": 5, "email": "desk@clinic.example"},
        "attendees": [{"name": "Ada Test", "email": "ada@example.com", "timeZone": "UTC"}],
        "responses": {
            "name": {"label": "your_name", "value": "Ada Test"},
            "attendeePhoneNumber": {"label": "phone", "value": "+12065550100"},
            "insurance": {"label": "Insurance", "value": ["Regence", " Other "], "isHidden": False},
            "member": {"label": "Member", "value": {"value": "card", "optionValue": "ZZZ\n123"}},
            "notes": {"label": "notes"},
        },
        "eventTypeId": 30412,
        "status": status,
        "seatsPerTimeSlot": None,
        **changed,
    }
    payload = {k: v for k, v in payload.items() if v is not ...}
    return json.dumps({"triggerEvent": trigger, "createdAt": SENT, "payload": payload}).encode()


def hint_of(raw: bytes) -> api.Hint:
    [hint] = hints(raw, {"insurance": "payer", "member": "member_id"})
    return hint


def test_a_digest_made_by_openssl_is_accepted(connector: CalcomConnector, now: datetime) -> None:
    assert connector.verify({SIGNATURE: DIGEST}, BODY, URL, now).signed_at is None


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_still_says_the_same() -> None:
    command = ["openssl", "dgst", "-sha256", "-hmac", "whsec_for_tests"]
    out = subprocess.run(command, input=BODY, capture_output=True, check=True).stdout
    assert out.decode().split()[-1] == DIGEST


UNSIGNED = [
    *((other, BODY) for other in (f"sha256={DIGEST}", hashlib.sha256(BODY).hexdigest())),
    *((DIGEST, other) for other in (BODY + b"\n", BODY.replace(b":", b": "))),
    ("no-secret-provided", BODY),
]


@pytest.mark.parametrize(("header", "raw"), UNSIGNED)
def test_what_is_no_signature_of_these_bytes_is_refused(header: str, raw: bytes) -> None:
    with pytest.raises(api.BadSignatureError):
        check_signature({SIGNATURE: header}, raw, "whsec_for_tests")


def test_a_repeat_has_the_same_key_and_nothing_else_has() -> None:
    def key(**changed: Any) -> str:
        made = {"triggerEvent": "BOOKING_CREATED", "createdAt": "2026-11-22T18:00:00.000Z"}
        return delivery(json.dumps({**made, "payload": {"uid": "abc"}, **changed}).encode()).key

    ended = {"triggerEvent": "MEETING_ENDED", "createdAt": None}
    others = [key(createdAt="2026-11-22T18:00:00.001Z"), key(triggerEvent="BOOKING_CANCELLED")]
    others += [key(payload={"uid": "abd"}), key(**ended), key(**ended, payload={})]
    assert key() == key() == key(payload={"uid": "abc", "added": "by the vendor"})
    assert len({key(), *others}) == 6
    assert all(len(one) < 100 and one.isascii() for one in others)


TEMPLATES: list[Any] = [
    *(b"", b"false", b"name=Ada&uid=abc", b"\xff\xfe", b"[" * 200_000, b'{"triggerEvent": 5}'),
    {"title": "{{title}}", "uid": "abc"},
    {"triggerEvent": "BOOKING_CREATED", "uid": "abc"},
    {"triggerEvent": "BOOKING_CREATED", "payload": {"uid": "abc"}},
]
PIZZA = {"triggerEvent": "PIZZA_ORDERED", "createdAt": "x", "payload": {}}
NOT_SENT = [*((raw, "custom payload template") for raw in TEMPLATES), (PIZZA, "PIZZA_ORDERED")]


@pytest.mark.parametrize(("raw", "said"), NOT_SENT)
def test_what_cal_com_itself_does_not_send_is_refused_loudly(
    connector: CalcomConnector, sign: Sign, now: datetime, raw: Any, said: str
) -> None:
    signed = sign(raw)
    with pytest.raises(api.BadPayloadError, match=said):
        connector.verify(signed.headers, signed.raw, URL, now)
    with pytest.raises(api.BadPayloadError, match=said):
        connector.parse(signed.raw)


KINDS = {"CREATED": "ACCEPTED", **{s: s for s in ("CANCELLED", "REJECTED")}, "REQUESTED": "PENDING"}


@pytest.mark.parametrize(("kind", "status"), KINDS.items())
def test_a_whole_payload_carries_the_booking(kind: str, status: str) -> None:
    hint = hint_of(body(f"BOOKING_{kind}", status))
    assert (hint.booking_ref, hint.kind, hint.sent_at) == ("new-uid", kind.lower(), SENT_AT)
    booking = hint.booking
    assert booking is not None
    assert (booking.ref, booking.status, booking.version) == ("new-uid", status.lower(), None)
    assert booking.person == api.PlatformPerson(None, "Ada Test", "ada@example.com", "+12065550100")
    assert booking.answers == {"payer": "Regence, Other", "member_id": "ZZZ 123"}
    assert (booking.service_ref, booking.host_refs) == ("30412", ("5",))
    assert hint.previous_ref is None


THIN: list[dict[str, Any]] = [
    *({"status": ...}, {"status": "PENDING"}, {"status": 5}),
    *({"responses": ...}, {"responses": None}),
    *({"startTime": odd} for odd in ("2026-12-08T18:00:00", "soon")),
    *({"attendees": []}, {"attendees": None}),
    *({"eventTypeId": None}, {"recurringEvent": {"freq": 2}}, {"seatsPerTimeSlot": 4}),
]


@pytest.mark.parametrize("changed", THIN)
def test_a_thin_or_odd_payload_makes_the_host_fetch(changed: dict[str, Any]) -> None:
    hint = hint_of(body("BOOKING_CREATED", **{"status": "ACCEPTED", **changed}))
    assert (hint.booking_ref, hint.kind, hint.booking) == ("new-uid", "created", None)


@pytest.mark.parametrize(
    ("trigger", "status", "carried"),
    [
        ("BOOKING_RESCHEDULED", "ACCEPTED", None),  # whatever its state is, so it says
        ("BOOKING_REQUESTED", "PENDING", "pending"),
        ("BOOKING_CREATED", "ACCEPTED", "accepted"),
    ],
)
def test_a_reschedule_names_the_booking_it_replaces(
    trigger: str, status: str, carried: str | None
) -> None:
    hint = hint_of(body(trigger, status, rescheduleUid="old-uid", rescheduleId=90))
    assert (hint.kind, hint.booking_ref, hint.previous_ref) == ("rescheduled", "new-uid", "old-uid")
    assert (hint.booking.status if hint.booking else None) == carried
    assert hint.booking is None or hint.booking.previous_ref == "old-uid"


@pytest.mark.parametrize(
    ("trigger", "changed", "kind"),
    [
        ("BOOKING_RESCHEDULED", {"rescheduleUid": None}, "rescheduled"),
        ("BOOKING_CANCELLED", {"requestReschedule": True, "rescheduleUid": "x"}, "cancelled"),
    ],
)
def test_what_replaces_nothing(trigger: str, changed: dict[str, Any], kind: str) -> None:
    """A reschedule without its old uid is still one; a cancellation for one is a cancellation."""
    hint = hint_of(body(trigger, "ACCEPTED", **changed))
    assert (hint.kind, hint.previous_ref) == (kind, None)


ADA, GUEST = "ada@example.com", "guest@example.com"


HERE, AWAY = {"email": ADA, "noShow": False}, {"email": ADA, "noShow": True}
OTHER_AWAY = {"email": GUEST, "noShow": True}
CREATED = [[HERE], [HERE, OTHER_AWAY], [{"email": ADA, "noShow": "false"}], [{"email": ADA}], []]
ABSENT: list[tuple[Any, str]] = [([AWAY], "no-show"), ([AWAY, OTHER_AWAY], "no-show")]


@pytest.mark.parametrize(
    ("attendees", "kind"), [*ABSENT, *((here, "created") for here in (*CREATED, None))]
)
def test_a_no_show_is_one_only_where_an_attendee_is_absent(attendees: Any, kind: str) -> None:
    changed = {"uid": ..., "bookingUid": "new-uid", "attendees": attendees}
    hint = hint_of(body("BOOKING_NO_SHOW_UPDATED", **changed))
    assert (hint.booking_ref, hint.kind, hint.booking) == ("new-uid", kind, None)


@pytest.mark.parametrize(
    "raw",
    [
        {"triggerEvent": "BOOKING_PAID", "createdAt": SENT, "payload": {"uid": "a"}},
        {"triggerEvent": "MEETING_ENDED", "uid": "a", "startTime": "2026-12-08T18:00:00Z"},
        {"triggerEvent": "OOO_CREATED", "createdAt": SENT, "payload": {"oooEntry": {}}},
        {"triggerEvent": "FORM_SUBMITTED", "createdAt": SENT, "payload": {}},
    ],
)
def test_known_events_of_no_interest_say_nothing_and_a_ping_is_a_ping(raw: Any) -> None:
    sent = json.dumps(raw).encode()
    assert delivery(sent).key
    assert hints(sent, {}) == []
    hint = hint_of(body("PING", type="Test"))
    assert (hint.kind, hint.booking_ref, hint.booking) == ("ping", "", None)


@pytest.mark.parametrize("uid", [..., None, "", "a/b"])
def test_a_uid_that_fits_no_address_is_refused(uid: Any) -> None:
    with pytest.raises(api.BadPayloadError, match=r"payload\.uid"):
        hints(body("BOOKING_CREATED", "ACCEPTED", uid=uid), {})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)
KEYS = ("uid", "bookingUid", "status", "startTime", "attendees", "responses", "eventTypeId")
MORE = ("rescheduleUid", "organizer", "endTime", "recurringEvent", "seatsPerTimeSlot")
PAYLOADS = st.dictionaries(st.sampled_from(KEYS + MORE), JSON)
TRIGGERS = st.sampled_from(["BOOKING_CREATED", "BOOKING_NO_SHOW_UPDATED", "PING"])
SOUND = PAYLOADS.map(lambda p: {"uid": "abc", "status": "ACCEPTED", **p})
TIMES = st.just("2026-11-22T18:00:00Z")
ENVELOPES = st.fixed_dictionaries(
    {"triggerEvent": TRIGGERS | JSON, "createdAt": TIMES | JSON, "payload": SOUND | JSON}
)


@given(header=st.text() | st.none(), raw=st.binary())
def test_whatever_arrives_is_refused_as_unsigned(header: str | None, raw: bytes) -> None:
    with pytest.raises(api.BadSignatureError):
        check_signature({} if header is None else {SIGNATURE: header}, raw, "s")


@given(raw=st.binary() | (ENVELOPES | JSON).map(lambda v: json.dumps(v).encode()))
@settings(max_examples=200)
def test_whatever_is_signed_is_read_or_refused_in_our_own_words(raw: bytes) -> None:
    check_signature({SIGNATURE: hmac.new(b"s", raw, hashlib.sha256).hexdigest()}, raw, "s")
    try:
        key = delivery(raw).key
    except api.BadPayloadError:
        with pytest.raises(api.BadPayloadError):
            hints(raw, {"a": "payer"})
    else:
        assert key.startswith("calcom-")
        assert all(hint.kind == "ping" or hint.booking_ref for hint in hints(raw, {"a": "payer"}))
