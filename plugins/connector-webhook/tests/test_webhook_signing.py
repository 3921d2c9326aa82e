"""Signatures, held against the published vectors and against the specification's own library."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st

from massage_ins_bridge.api.connectors import BadSignatureError, StaleDeliveryError
from massage_ins_bridge_webhook.signing import TOLERANCE, Secrets

#: ``libraries/javascript/src/webhook.test.ts``, "sign function works", at b2fa7b8.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, SECONDS, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
GOOD = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
#: "multi sig payload is valid" there.
OTHER = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="
MOMENT = datetime.fromtimestamp(SECONDS, UTC)
ANOTHER = "whsec_" + base64.b64encode(b"another secret of 32 bytes here!").decode()


def headers(signature: str = GOOD, **changed: str) -> dict[str, str]:
    given = {"id": ID, "timestamp": str(SECONDS), "signature": signature, **changed}
    return {f"webhook-{name}": value for name, value in given.items()}


def secrets(text: str = SECRET) -> Secrets:
    return Secrets.read("webhook_secret", text)


def test_the_published_vector() -> None:
    made = secrets()
    assert made.sign(ID, MOMENT, BODY) == headers()
    found = made.verify(headers(), BODY, MOMENT)
    assert (found.id, found.signed_at) == (ID, MOMENT)


@pytest.mark.parametrize(
    "signature",
    [
        f"{OTHER} v2,{OTHER[3:]} {GOOD} {OTHER}",
        f"malformed {GOOD}",  # the library raises ValueError here
        f"v1 v1, v1,%% v1,a,b , v1a,AAAA {GOOD}",
        f"  {GOOD}\t",
    ],
)
def test_one_good_entry_is_enough(signature: str) -> None:
    assert secrets().verify(headers(signature), BODY, MOMENT).id == ID


@pytest.mark.parametrize(
    "changed",
    [
        {"signature": ""},
        {"signature": "v1,dawfeoifkpqwoekfpqoekf"},
        {"signature": GOOD[:8]},
        {"signature": "v1,"},
        {"signature": GOOD.replace("OE=", "OA=")},
        {"signature": GOOD.replace("v1,", "v1a,")},
        {"signature": f"v1,{'A' * 60_000}"},
        {"signature": " ".join([OTHER] * 50) + f" {GOOD}"},
        {"id": ""},
        {"id": "msg_other"},
        {"id": "é"},
        {"id": "m" * 257},
        {"timestamp": ""},
        {"timestamp": "hello"},
        {"timestamp": "1614265330.0"},
        {"timestamp": "-1614265330"},
        {"timestamp": "1614265331"},
        {"timestamp": "9" * 400},
        {"timestamp": "١٦١٤٢٦٥٣٣٠"},
    ],
    ids=lambda changed: repr(changed)[:40],
)
def test_what_is_not_signed_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(BadSignatureError):
        secrets().verify(headers(**changed), BODY, MOMENT)


def test_a_body_of_one_byte_more_is_refused() -> None:
    for raw in (BODY + b" ", BODY[:-1], b""):
        with pytest.raises(BadSignatureError):
            secrets().verify(headers(), raw, MOMENT)


def test_five_minutes_are_tolerated_before_and_after() -> None:
    second = timedelta(seconds=1)
    for away in (TOLERANCE, -TOLERANCE):
        assert secrets().verify(headers(), BODY, MOMENT + away).id == ID
    for away in (TOLERANCE + second, -TOLERANCE - second, timedelta(days=365)):
        with pytest.raises(StaleDeliveryError):
            secrets().verify(headers(), BODY, MOMENT + away)


def test_while_secrets_are_exchanged_both_are_good() -> None:
    both = secrets(f"{ANOTHER} {SECRET}")
    assert both.verify(headers(), BODY, MOMENT).id == ID
    given = both.sign(ID, MOMENT, BODY)["webhook-signature"].split()
    assert (len(given), given[1]) == (2, GOOD)
    for one in (SECRET, ANOTHER):
        assert secrets(one).verify(headers(" ".join(given)), BODY, MOMENT).id == ID
    assert secrets(f"{SECRET},{ANOTHER}") == secrets(f" {SECRET}  {ANOTHER} ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is missing"),
        (" , ", "is missing"),
        ("whsec_", "24 to 64 bytes"),
        ("whsec_c2hvcnQ=", "24 to 64 bytes"),
        ("whsec_" + base64.b64encode(b"x" * 65).decode(), "24 to 64 bytes"),
        ("not base64!", "is no secret"),
        (f"{SECRET} schön", "is no secret"),
        ("whsk_" + SECRET[6:], "asymmetric"),
    ],
)
def test_what_is_no_secret_is_refused_unrepeated(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        secrets(text)
    assert str(caught.value).startswith("webhook_secret: ")
    assert not any(len(word) > 6 and word[6:] in str(caught.value) for word in text.split())
    assert SECRET[6:] not in repr(secrets())


@given(st.binary(min_size=24, max_size=64), st.text("abcXYZ019_-", min_size=1), st.binary())
def test_the_library_takes_what_is_signed_here(key: bytes, message_id: str, raw: bytes) -> None:
    """And signs as here what is text, which is all that it signs."""
    text = base64.b64encode(raw).decode()
    now = datetime.now(UTC).replace(microsecond=0)
    made = Secrets.read("api_key", f"whsec_{base64.b64encode(key).decode()}")
    ours = made.sign(message_id, now, text.encode())
    theirs = standardwebhooks.Webhook(key)
    theirs.verify(text, ours, json_parse=False)
    assert theirs.sign(message_id, now, text) == ours["webhook-signature"]
    made.verify(ours, text.encode(), now)
