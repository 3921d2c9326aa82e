"""What is amiss in the clinic's settings on Cal.com, and where to mend it there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    Advice,
    PlatformClient,
    ServiceMeaning,
    signature_matches,
)

from . import values
from .deliveries import BOOKINGS, NO_SHOW
from .there import There, asks

#: The events that a webhook must be told of, by the names that Cal.com's page shows.
WANTED = {
    trigger: trigger.removeprefix("BOOKING_").replace("_", " ").lower()
    for trigger in (*BOOKINGS, NO_SHOW)
}


def examine(
    account: AccountConfig, client: PlatformClient, there: There, url: str | None
) -> Iterator[Advice]:
    """Everything that is amiss. Raises ``PlatformError``."""
    for ref, meaning in account.services.items():
        event_type = there.event_type(ref)
        if event_type is None:
            yield Advice(
                "bad",
                f"event type {ref} ({meaning.service}) is not among those of this key's user; "
                "copy the number from the address of its page in Cal.com (/event-types/NUMBER). A "
                "managed event type has another number for each member",
            )
        else:
            yield from _event_type(ref, meaning, event_type)
    if account.hosts and there.own_id() not in account.hosts:
        yield Advice(
            "note",
            f"this key's own user ({there.own_id()}) is not among [accounts.practitioners]: their "
            "bookings are not touched; name them there if they see clients",
        )
    yield from _webhooks(account, client, url)


def _event_type(ref: str, meaning: ServiceMeaning, found: Mapping[str, Any]) -> Iterator[Advice]:
    where = f"event type {ref} ({meaning.service})"
    seats = values.mapping(found.get("seats"))
    if seats.get("seatsPerTimeSlot"):
        yield Advice(
            "bad",
            f"{where} offers seats: its bookings are left to staff, since each client's insurance "
            "is judged apart; turn off 'Offer seats' (Advanced)",
        )
    if values.mapping(found.get("recurrence")):
        yield Advice("note", f"{where} repeats: whole series are left to staff (Recurring)")
    if not meaning.self_pay:
        yield from _confirmation(where, found)


def _confirmation(where: str, found: Mapping[str, Any]) -> Iterator[Advice]:
    policy = values.mapping(found.get("confirmationPolicy"))
    threshold = values.mapping(policy.get("noticeThreshold"))
    if asks(found) is False:
        yield Advice(
            "bad",
            f"{where} asks for no confirmation: its bookings arrive accepted, and none can be "
            "held; turn on 'Requires confirmation' (Advanced)",
        )
        return
    if threshold:
        notice = f"{threshold.get('count')} {threshold.get('unit')}"
        yield Advice(
            "bad",
            f"{where} asks for confirmation only of bookings within {notice}: those further ahead "
            "arrive accepted, and cannot be held; choose 'Always' under 'Requires confirmation' "
            "(Advanced)",
        )
    if policy.get("blockUnconfirmedBookingsInBooker") is False:
        yield Advice(
            "bad",
            f"{where}: while a booking waits, another client can ask for the same hour; turn on "
            "'Unconfirmed bookings still block calendar slots' (Advanced)",
        )


def _webhooks(account: AccountConfig, client: PlatformClient, url: str | None) -> Iterator[Advice]:
    answer = values.mapping(client.get("/v2/webhooks"))
    ours = [one for one in values.objects(answer.get("data")) if _is_ours(account, one, url)]
    if not ours:
        yield Advice(
            "note",
            f"no webhook of this key's user leads to /webhooks/{account.name}; without one, "
            "bookings are found by the regular look only (a team's own webhook is not shown here)",
        )
    for webhook in ours:
        yield from _webhook(account, webhook)


def _is_ours(account: AccountConfig, webhook: Mapping[str, Any], url: str | None) -> bool:
    given = values.text(webhook.get("subscriberUrl")) or ""
    if url is not None and given.rstrip("/") == url.rstrip("/"):
        return True
    return urlsplit(given).path.rstrip("/").endswith(f"/webhooks/{account.name}")


def _webhook(account: AccountConfig, webhook: Mapping[str, Any]) -> Iterator[Advice]:
    given = values.text(webhook.get("subscriberUrl")) or ""
    where = f"the webhook to /webhooks/{account.name}"
    triggers = webhook.get("triggers")
    told = triggers if isinstance(triggers, list) else list(WANTED)
    missing = [name for trigger, name in WANTED.items() if trigger not in told]
    if webhook.get("active") is False:
        yield Advice("bad", f"{where} is turned off; turn it on")
    if missing:
        yield Advice("bad", f"{where} is not told of: booking {', '.join(missing)}; tick them")
    if webhook.get("payloadTemplate"):
        yield Advice("bad", f"{where} has a custom payload template; remove it")
    if given.endswith("/"):
        yield Advice(
            "note",
            f"{where} has an address that ends in '/'; take it away, for a proxy may redirect "
            "it, and Cal.com follows no redirect",
        )
    secret = webhook.get("secret", account.webhook_secret)  # some versions keep it to themselves
    if not secret:
        yield Advice("bad", f"{where} has no secret; enter the one of webhook_secret")
    elif isinstance(secret, str) and not signature_matches(secret, account.webhook_secret):
        yield Advice("bad", f"{where} has another secret than webhook_secret; enter the same")
