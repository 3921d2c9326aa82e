"""Connecting an account, step by step: which connector, its settings, whose key it is, where
deliveries go, what is booked with whom. The doors that ask people (the command line, a page) only
translate. Each step writes what it learned into the settings, so that one can leave and go on.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from ..api.connectors import (
    Access,
    PlatformError,
    PlatformHost,
    PlatformService,
    Registration,
    Setting,
)
from ..hooks.connector_class import settings_of
from ..hooks.host import Host
from ..settings import StartError
from ..settings.edit import SettingsFile
from ..store.models import DeliveryRow
from ..store.record import Record
from .accounts import Account, close_accounts, make_accounts, sound_classes
from .counts import DELIVERIES, UNFIT
from .errors import ConflictError
from .installation import Installation

#: What a question of a booking form may tell, with words by which it is known.
FACTS: Mapping[str, tuple[str, ...]] = {
    "date_of_injury": ("date of injury", "injury date", "accident", "date of loss"),
    "claim_number": ("claim",),
    "group_number": ("group",),
    "member_id": ("member", "subscriber", "policy", "insurance id"),
    "plan": ("plan",),
    "birth_date": ("birth", "dob"),
    "payer": ("insurance", "insurer", "payer", "carrier"),
}
_SELF_PAY = ("relax", "spa", "hot stone", "gift", "cupping")
_YES, _NO = ("yes", "y", "true", "1", "on"), ("no", "n", "false", "0", "off")


@dataclass(frozen=True, slots=True)
class Choice:
    """A connector that may be chosen, and what it asks; ``called`` as people call the platform;
    ``choose_as``: what it is for, for whoever chooses; ``events``: what deliveries have to tell of,
    by the names that the platform's page shows."""

    name: str
    called: str
    capabilities: frozenset[str]
    hold_style: str
    settings: tuple[Setting, ...]
    choose_as: str = ""
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """What the platform has: services, hosts, and the questions of all booking forms."""

    services: tuple[PlatformService, ...]
    hosts: tuple[PlatformHost, ...]

    @property
    def questions(self) -> dict[str, str]:
        """By the platform's name of each, how people read it."""
        return {ref: label for service in self.services for ref, label in service.questions.items()}


def choices(host: Host, extra: Mapping[str, type] | None = None) -> dict[str, Choice]:
    """The connectors at hand, by name."""
    classes = {**sound_classes(host), **(extra or {})}
    return {name: _choice(name, made) for name, made in sorted(classes.items())}


def _choice(name: str, made: Any) -> Choice:
    """Of a connector's class, which was looked at when it was loaded."""
    called = getattr(made, "platform_name", "") or name
    return Choice(
        name,
        called,
        frozenset(made.capabilities),
        made.hold_style,
        settings_of(made),
        getattr(made, "choose_as", "") or called,
        getattr(made, "events", ()),
    )


def as_value(setting: Setting, text: str) -> Any:
    """What people wrote, as the settings hold it. Raises ``ConflictError`` with the cure."""
    text = text.strip()
    if not text:
        if setting.required and not setting.default:
            raise ConflictError(f"{setting.name}: is needed ({setting.label})")
        text = setting.default
    if setting.choices and text and text not in setting.choices:
        raise ConflictError(f"{setting.name}: {text!r} is none of {', '.join(setting.choices)}")
    match setting.kind:
        case "number":
            try:
                return int(text) if text else None
            except ValueError:
                raise ConflictError(f"{setting.name}: {text!r} is no whole number") from None
        case "yes-no":
            if text.lower() not in (*_YES, *_NO, ""):
                raise ConflictError(f"{setting.name}: {text!r} is neither yes nor no")
            return text.lower() in _YES if text else None
        case "list":
            return [part.strip() for part in text.split(",") if part.strip()]
        case _:
            return text


def known_value(account: Mapping[str, Any], setting: Setting) -> Any:
    """What the settings hold by now; of a secret in a file of its own, where that is."""
    field, _, option = setting.name.partition(".")
    if option:
        return account.get("options", {}).get(option)
    return account.get(field, account.get(f"{field}_file"))


def put_setting(file: SettingsFile, account: str, setting: Setting, value: Any) -> None:
    """Keep a value where the settings have it."""
    field, _, option = setting.name.partition(".")
    if option:
        file.put_option(account, option, value)
    elif field in ("api_key", "webhook_secret"):
        file.put_secret(account, field, str(value))
    elif value != setting.default or field in (file.account(account) or {}):
        file.put_account(account, {field: value})


def new_secret() -> str:
    """A long random one, for deliveries, in the form of Standard Webhooks: other platforms take any
    text."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


@contextmanager
def connected(
    file: SettingsFile, name: str, host: Host, extra: Mapping[str, type] | None = None
) -> Iterator[Account]:
    """The account as the settings have it now, to be asked. Raises ``StartError``."""
    settings = file.settings()
    wanted = settings.account(name)
    if wanted is None:
        raise StartError(f"accounts: there is none of the name {name!r}")
    alone = settings.model_copy(update={"accounts": (wanted,)})
    accounts = make_accounts(alone, host, extra or {})
    try:
        yield accounts[name]
    finally:
        close_accounts(accounts)


def access(account: Account, now: datetime) -> Access | None:
    """Whose key it is; ``None`` where the platform cannot say, but answers. Raises
    ``PlatformError`` for a key that is not taken, or a platform that does not answer."""
    if account.can("access"):
        return account.connector.access()
    if account.can("changes"):
        account.connector.changes(None, now)
    elif account.can("upcoming"):
        account.connector.upcoming(None, now)
    return None


def offered(account: Account) -> Offered:
    """What the platform lists; nothing of what it does not. Raises ``PlatformError``."""
    services = account.connector.services() if account.can("services") else []
    hosts = account.connector.hosts() if account.can("hosts") else []
    return Offered(tuple(services), tuple(hosts))


def register(account: Account, public_url: str) -> Registration:
    """Have deliveries sent here. Raises ``PlatformError``, and ``ConflictError`` where it is not
    for the API to do."""
    if not account.can("register"):
        raise ConflictError(by_hand(account, public_url))
    if not public_url:
        raise ConflictError("public_url: is needed, the address that the platform reaches")
    return account.connector.register(webhook_address(public_url, account.name))


def by_hand(account: Account, public_url: str) -> str:
    """What is to be done on the platform where its API cannot be told."""
    address = webhook_address(public_url or "https://YOUR-ADDRESS", account.name)
    return f"on the platform, have deliveries sent to {address}, with the account's webhook_secret"


def webhook_address(public_url: str, name: str) -> str:
    """Where an account's deliveries go."""
    return f"{public_url.rstrip('/')}/webhooks/{name}"


def newest_delivery(record: Record, name: str) -> datetime | None:
    """When the newest delivery to the account came."""
    newest = select(func.max(DeliveryRow.received_at)).where(
        DeliveryRow.clinic == record.clinic, DeliveryRow.account == name
    )
    return record.session.scalar(newest)


@dataclass(frozen=True, slots=True)
class Refused:
    """Deliveries that were refused since the service started, as their secret does not fit."""

    number: int
    last_at: datetime


def refused_deliveries(installation: Installation, name: str) -> Refused | None:
    """Those to an account, where the last of them came after the newest that was taken."""
    number, at = installation.counts.last(DELIVERIES, account=name, result=UNFIT)
    return Refused(number, at) if at is not None else None


def likely_fact(label: str) -> str | None:
    """What a question probably tells; the client's word, which staff confirms."""
    text = label.lower().replace("-", " ").replace("_", " ")
    return next((fact for fact, words in FACTS.items() if any(w in text for w in words)), None)


def likely_self_pay(service: PlatformService) -> bool:
    """Whether clients probably always pay a service themselves."""
    return any(word in service.name.lower() for word in _SELF_PAY)


def name_of(called: str) -> str:
    """A plain name for a service or a practitioner, of what people call it."""
    return re.sub(r"[^a-z0-9]+", "-", called.lower()).strip("-")[:60] or "service"


def meaning(text: str) -> dict[str, Any] | None:
    """What a service means: ``NAME``, ``NAME:self-pay``, or ``-`` for one that is left alone.
    Raises ``ConflictError``."""
    name, _, how = text.strip().partition(":")
    if name in ("", "-"):
        return None
    if how not in ("", "self-pay", "insurance"):
        raise ConflictError(f"{how!r} is neither insurance nor self-pay; write {name}:self-pay")
    return {"service": name, "self_pay": how == "self-pay"}


def fact(text: str) -> str | None:
    """What a question tells, or ``-`` for nothing. Raises ``ConflictError``."""
    if text.strip() in ("", "-"):
        return None
    if text.strip() not in FACTS:
        raise ConflictError(f"{text!r} is none of {', '.join(sorted(FACTS))}")
    return text.strip()


def refused(error: PlatformError) -> str:
    """A platform's error, for whoever connects."""
    cure = "; check the address and the key" if error.permanent else "; try again"
    return error.message if "account's key" in error.message else f"{error.message}{cure}"
