"""``WebhookConnector``: the host's protocol, for any platform that speaks Standard Webhooks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches
from importlib.resources import files
from typing import Any

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    Capability,
    Delivery,
    Hint,
    HoldStyle,
    Notice,
    PlatformClient,
    PlatformError,
    PlatformGoneError,
    Setting,
    WriteResult,
)

from .messages import Reader
from .signing import Secrets

DECISION = "booking.decision"
#: Seconds after each failed try, by the specification's example schedule: spec/standard-webhooks.md
#: at b2fa7b8719fb75d326b591077f5d1b385cfcdfae, "Deliverability and reliability".
MINUTE, HOUR = 60.0, 3600.0
SCHEDULE = (
    5.0,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
#: The secrets of the sandbox stand in the documentation.
SANDBOX = (
    "whsec_c2FuZGJveDogdGhlIHBsYXRmb3JtIHNpZ25zIHRoaXM=",
    "whsec_c2FuZGJveDogdGhlIGJyaWRnZSBzaWducyB0aGlzIQ==",
)
#: By the option ``hold``, what the platform does with a booking that is on hold: it leaves it
#: unconfirmed; it marks any, also one that is accepted; nothing.
HOLDS: Mapping[str, HoldStyle] = {"pending": "pending", "mark": "tag", "none": "none"}
OPTIONS = ("hold", "tells_client", "strict", "test")
_WRITTEN = "whsec_… with the base64 of 24 to 64 random bytes (`openssl rand -base64 32`)"
SETTINGS = (
    Setting(
        "base_url",
        "Address for decisions",
        "the whole address on the platform to which each decision is sent",
    ),
    Setting("webhook_secret", "Secret of the platform's messages", _WRITTEN, secret=True),
    Setting("api_key", "Secret of the decisions", f"{_WRITTEN}; another one", secret=True),
    Setting(
        "options.hold",
        "What the platform does with a hold",
        "pending: it leaves the booking unconfirmed; mark: it marks any booking; none: nothing",
        default="pending",
        choices=tuple(HOLDS),
    ),
    Setting(
        "options.tells_client",
        "Does the platform show the client why?",
        "where it does not, staff is asked to tell them of a refusal",
        default="no",
        kind="yes-no",
    ),
)
#: How the answer of whoever is no receiver of webhooks begins: a login page, a parked domain.
_PAGE = (b"<!doctype", b"<html", b"<?xml")


def _schema(name: str) -> Mapping[str, Any]:
    text = files(__package__).joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


class WebhookConnector:
    """A platform that tells of its bookings and is told what was decided.

    It is never read: what it told last is what is known. ``api_key`` signs what is sent,
    ``webhook_secret`` what is taken; both may hold several secrets while one is exchanged.
    """

    name = "webhook"
    choose_as = "Another booking platform, by signed webhooks"
    capabilities: frozenset[Capability] = frozenset({"tell"})
    #: Until the account's option ``hold`` says otherwise.
    hold_style: HoldStyle = "pending"
    default_base_url = ""
    retries = SCHEDULE
    settings = SETTINGS
    schemas: Mapping[str, Mapping[str, Any]] = {
        name: _schema(name) for name in ("booking", "decision")
    }

    def __init__(self, account: AccountConfig, client: PlatformClient) -> None:
        options = _options(account.options)
        self._client, self._url = client, account.base_url
        self._ours = Secrets.read("api_key", account.api_key)
        self._theirs = Secrets.read("webhook_secret", account.webhook_secret)
        if set(self._ours.keys) & set(self._theirs.keys):
            raise ValueError(
                "api_key: is the webhook_secret; take another secret for each direction, or what "
                "is sent could be sent back"
            )
        if not options["test"] and any(one in SANDBOX for one in _written(account)):
            raise ValueError("api_key: is the sandbox's, which everybody knows; make secrets anew")
        self.hold_style = HOLDS[options["hold"]]
        self.tells_client: bool = options["tells_client"]
        self._test: bool = options["test"]
        self._reader = Reader(account.form_fields, options["strict"])

    def verify(self, headers: Mapping[str, str], raw: bytes, url: str, now: datetime) -> Delivery:
        """Check the signature and its age; the key is the message's id."""
        found = self._theirs.verify(headers, raw, now)
        key = hashlib.sha256(found.id.encode()).hexdigest()
        return Delivery(f"webhook-{key}", found.signed_at)

    def parse(self, raw: bytes) -> list[Hint]:
        """What a message says of one booking; see ``booking.schema.json``."""
        return self._reader.hints(raw)

    def tell(self, notice: Notice, idem_key: str, now: datetime) -> WriteResult:
        """Send the decision; see ``decision.schema.json``. Any 2xx is a yes, but for a web page."""
        body = json.dumps(self._message(notice), ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"content-type": "application/json", **self._ours.sign(idem_key, now, body)}
        try:
            answer = self._client.send("POST", self._url, body, headers=headers, once=True)
        except PlatformGoneError as error:  # the receiver is gone, not the booking
            raise PlatformError(error.message, True, error.status) from None
        if answer.body.lstrip()[:9].lower().startswith(_PAGE):
            raise PlatformError(
                "the receiver answered with a web page; check the base_url", status=200
            )
        marked = notice.action == "hold" and self.hold_style == "tag"
        return WriteResult("tag" if marked else "native")

    def _message(self, notice: Notice) -> dict[str, Any]:
        data: dict[str, Any] = {
            "id": notice.ref,
            "outcome": notice.outcome,
            "action": notice.action,
            "client_message": notice.client,
            "staff_message": notice.staff,
            "remedies": [
                {
                    "requirement": remedy.requirement,
                    "staff": remedy.staff,
                    "client": remedy.client,
                    "due": remedy.due.isoformat() if remedy.due is not None else None,
                }
                for remedy in notice.remedies
            ],
            "revision": notice.revision,
            "refused_at": notice.refused_at.isoformat() if notice.refused_at is not None else None,
        }
        if self._test:
            data["test"] = True
        return {"type": DECISION, "timestamp": notice.at.isoformat(), "data": data}


def _written(account: AccountConfig) -> list[str]:
    """The secrets as they are written."""
    return f"{account.api_key} {account.webhook_secret}".replace(",", " ").split()


def _options(given: Mapping[str, Any]) -> dict[str, Any]:
    """The account's options. Raises ``ValueError``."""
    for name in given:
        if name not in OPTIONS:
            near = get_close_matches(name, OPTIONS, n=1)
            cure = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(OPTIONS)}"
            raise ValueError(f"options.{name}: is not known; {cure}")
    found = {"hold": "pending", "tells_client": False, "strict": False, "test": False, **given}
    if found["hold"] not in HOLDS:
        raise ValueError(f"options.hold: must be one of {', '.join(HOLDS)}")
    if wrong := [name for name in OPTIONS[1:] if not isinstance(found[name], bool)]:
        raise ValueError(f"options.{wrong[0]}: must be true or false")
    return found
