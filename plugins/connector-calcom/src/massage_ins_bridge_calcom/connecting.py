"""Helping a clinic to connect its Cal.com: whose key it is, what can be booked with whom, and the
webhook."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from massage_ins_bridge.api.connectors import (
    Access,
    AccountConfig,
    PlatformClient,
    PlatformError,
    PlatformGoneError,
    PlatformHost,
    PlatformRefusedError,
    PlatformService,
    Registration,
    Setting,
    signature_matches,
)

from . import values
from .examine import WANTED
from .there import There, asks

SETTINGS = (
    Setting(
        "base_url",
        "Address of the API",
        "https://api.cal.com, or your own API's where you host Cal.com yourself",
        default="https://api.cal.com",
    ),
    Setting(
        "api_key",
        "API key",
        "in Cal.com: Settings, Developer, API keys; of who hosts the event types, or an admin of "
        "their team",
        secret=True,
    ),
    Setting(
        "webhook_secret",
        "Secret of the webhook",
        "leave it empty to have a long random one made",
        required=False,
        secret=True,
    ),
)
#: What is asked of the key, and what the bridge cannot do without it.
_RIGHTS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("/v2/bookings", {"take": 1}, "it may not list bookings: lost deliveries would stay lost"),
    ("/v2/webhooks", {}, "it may not list webhooks: make and check the webhook by hand"),
)
#: Questions of Cal.com's own that no clinic asks.
_OWN_QUESTIONS = frozenset(
    (
        *("name", "email", "attendeePhoneNumber", "location", "title", "notes", "guests"),
        *("rescheduleReason", "displayEmail", "unknown"),
    )
)


def access(client: PlatformClient, there: There) -> Access:
    """Whose key it is, and what it lacks. Raises ``PlatformError``."""
    me = there.me()
    name, email = values.text(me.get("name")), values.text(me.get("email"))
    owner = f"{name} ({email})" if name and email else name or email or f"user {there.own_id()}"
    lacks = []
    for path, params, said in _RIGHTS:
        try:
            client.get(path, params)
        except PlatformRefusedError:
            lacks.append(said)
    return Access(owner, tuple(lacks))


def services(there: There) -> list[PlatformService]:
    """The event types of the key's user and of their teams. A managed one is not among them: each
    member's copy, which has another number, is."""
    found = {}
    for event_type in (*there.event_types(), *_of_teams(there, "event-types")):
        ref = values.text(event_type.get("id"))
        if ref is not None and event_type.get("schedulingType") != "managed":
            found[ref] = _service(ref, event_type)
    return list(found.values())


def hosts(there: There) -> list[PlatformHost]:
    """The key's user, and the members of the teams whose admin they are."""
    own = there.own_id()
    me = there.me()
    found = {own: values.text(me.get("name")) or values.text(me.get("email")) or f"user {own}"}
    for member in _of_teams(there, "memberships"):
        ref, user = values.text(member.get("userId")), values.mapping(member.get("user"))
        name = values.text(user.get("name")) or values.text(user.get("username"))
        if ref is not None:
            found.setdefault(ref, name or f"user {ref}")
    return [PlatformHost(ref, name, own=ref == own) for ref, name in found.items()]


def register(account: AccountConfig, client: PlatformClient, url: str) -> Registration:
    """Make the webhook, or mend the one that leads there: apps/api/v2/src/modules/webhooks/
    controllers/webhooks.controller.ts. Raises ``PlatformError``."""
    if not account.webhook_secret:
        raise PlatformError("webhook_secret is missing: deliveries would not be signed", True)
    known = _webhook(client, url)
    if known is None:
        return _made(account, client, url)
    changes = dict(_changes(account, known, url))
    if not changes:
        return Registration("already")
    ref = values.text(known.get("id")) or ""
    client.send(
        "PATCH",
        f"/v2/webhooks/{ref}",
        json.dumps(changes).encode(),
        headers={"content-type": "application/json"},
    )
    return Registration("changed", f"set anew: {', '.join(map(_in_words, changes))}")


def _made(account: AccountConfig, client: PlatformClient, url: str) -> Registration:
    wanted = {
        "active": True,
        "subscriberUrl": url,
        "triggers": list(WANTED),
        "secret": account.webhook_secret,
    }
    try:
        client.post("/v2/webhooks", wanted, applied=lambda: _webhook(client, url))
    except PlatformRefusedError as error:
        if error.status != 409:  # somebody was quicker
            raise
        return Registration("already")
    return Registration("made")


def _webhook(client: PlatformClient, url: str) -> Mapping[str, Any] | None:
    """The webhook that leads to the address."""
    answer = values.mapping(client.get("/v2/webhooks"))
    for one in values.objects(answer.get("data")):
        given = values.text(one.get("subscriberUrl")) or ""
        if given.rstrip("/") == url.rstrip("/"):
            return one
    return None


def _changes(
    account: AccountConfig, known: Mapping[str, Any], url: str
) -> Iterator[tuple[str, Any]]:
    if known.get("subscriberUrl") != url:
        yield "subscriberUrl", url
    if known.get("active") is False:
        yield "active", True
    told = known.get("triggers")
    if isinstance(told, list) and (missing := [one for one in WANTED if one not in told]):
        yield "triggers", [*told, *missing]
    if known.get("payloadTemplate"):
        yield "payloadTemplate", None
    secret = known.get("secret", account.webhook_secret)  # some versions keep it to themselves
    if not isinstance(secret, str) or not signature_matches(secret, account.webhook_secret):
        yield "secret", account.webhook_secret


def _in_words(name: str) -> str:
    return {"subscriberUrl": "address", "active": "turned on", "triggers": "events"}.get(
        name, "template" if name == "payloadTemplate" else name
    )


def _service(ref: str, found: Mapping[str, Any]) -> PlatformService:
    minutes = found.get("lengthInMinutes")
    questions = {}
    for question in values.objects(found.get("bookingFields")):
        slug = values.text(question.get("slug"))
        own = question.get("isDefault") is True or slug in _OWN_QUESTIONS
        if slug is not None and not own:
            questions[slug] = values.text(question.get("label")) or slug
    return PlatformService(
        ref,
        values.text(found.get("title")) or values.text(found.get("slug")) or f"event type {ref}",
        minutes if type(minutes) is int and minutes > 0 else None,
        asks(found),
        questions,
    )


def _of_teams(there: There, what: str) -> Iterator[Mapping[str, Any]]:
    """What the teams of the key's user have of this. Only admins see members; who may not see
    something has none of it."""
    for team in there.listed("/v2/teams"):
        try:
            yield from there.listed(f"/v2/teams/{values.text(team.get('id'))}/{what}")
        except (PlatformRefusedError, PlatformGoneError):
            continue
