"""Connectors between the host and a platform: what a connector is and what it answers is checked
field by field before it counts, like a payer plugin's answer.

A connector that breaks the protocol raises ``ConnectorFaultError``, whose one line names the
connector, the method and the field. No such line repeats the text of an error that a connector
raised, or a value that may be personal.
"""

from __future__ import annotations

import inspect
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import PurePath
from types import TracebackType
from typing import Any, TypeVar, cast, get_args

from ..api.connectors import (
    AccountConfig,
    Advice,
    BadPayloadError,
    BadSignatureError,
    Bookings,
    Calendar,
    CalendarEntry,
    Capability,
    Connector,
    Delivery,
    Examining,
    Gone,
    Hint,
    HoldStyle,
    Page,
    PlatformBooking,
    PlatformClient,
    PlatformError,
    Receiving,
    StaleDeliveryError,
    WriteResult,
    Writing,
)
from . import platform_values as values

T = TypeVar("T")
_PLAIN = re.compile(r"[a-z][a-z0-9_-]{0,63}", re.ASCII)
_CAPABILITIES: tuple[str, ...] = get_args(Capability)
_HOLD_STYLES: tuple[str, ...] = get_args(HoldStyle)
#: What a declared way of holding needs; ``pending`` needs nothing: the state itself is the hold.
_HOLDING = {"tag": ("hold", "confirm"), "tentative": ("hold", "confirm")}
#: Each method with the role that describes it.
_METHODS: dict[str, type] = {
    name: role
    for role in (Receiving, Bookings, Writing, Calendar, Examining)
    for name in vars(role)
    if not name.startswith("_")
}
#: Errors that are answers: to a delivery, and to a call.
_SAID_AT_THE_DOOR = (PlatformError, BadPayloadError, BadSignatureError, StaleDeliveryError)
_SAID = (PlatformError,)


class ConnectorFaultError(PlatformError):
    """A connector breaks the protocol: a fault of the plugin, which staff must hear of. Trying
    again may help, since the next answer may be another."""


def check_class(made: type) -> None:
    """Look at a connector class before it is used. Raises ``ConnectorFaultError`` where a name,
    capability, way of holding or method is missing or is not what the protocol knows."""
    name = getattr(made, "name", None)
    if not (isinstance(name, str) and _PLAIN.fullmatch(name)):
        said = "has no name" if name is None else "has a name that is no plain word"
        example = made.__name__.removesuffix("Connector").lower() or "acme"
        raise ConnectorFaultError(
            f"connector class {made.__name__} {said}; write name = {example!r} in it"
        )
    try:
        capabilities = _capabilities(made)
        for method in ("verify", "parse", *sorted(capabilities)):
            _method(made, method)
        _holding(made, capabilities)
        if not isinstance(getattr(made, "default_base_url", ""), str):
            raise values.UnsoundError("default_base_url is no text")
        patterns = getattr(made, "made_up_emails", ())
        if not isinstance(patterns, tuple) or not all(isinstance(p, str) for p in patterns):
            raise values.UnsoundError("made_up_emails is no tuple of texts")
    except values.UnsoundError as error:
        raise ConnectorFaultError(f"connector {name}: {error}") from None


def make_connector(made: type, account: AccountConfig, client: PlatformClient) -> Connector:
    """The class's connector for this account, to be handed to ``CheckedConnector``.

    Raises ``ConnectorFaultError`` for a class that ``check_class`` refuses, ``ValueError`` with
    the connector's own words about a setting (unless they repeat a secret), and
    ``ConnectorFaultError`` for anything else that the constructor raises.
    """
    check_class(made)
    try:
        return cast(Connector, made(account, client))
    except ValueError as error:
        words = " ".join(str(error).split())
        if not words or any(s in words for s in _secrets(account)):
            raise ConnectorFaultError(_raised(made, "__init__", error)) from None
        raise ValueError(words) from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a plugin raises
        raise ConnectorFaultError(_raised(made, "__init__", error)) from None


class CheckedConnector:
    """A connector whose every answer is sound. Its methods raise what the protocol lets them
    raise, and ``ConnectorFaultError`` for everything else."""

    def __init__(self, connector: Connector) -> None:
        """``connector``: an instance of a class that ``check_class`` accepts."""
        self._connector: Any = connector
        self.name: str = connector.name
        self.capabilities: frozenset[Capability] = connector.capabilities
        self.hold_style: HoldStyle = connector.hold_style
        self.made_up_emails: tuple[str, ...] = getattr(connector, "made_up_emails", ())
        self.tells_client: bool = getattr(connector, "tells_client", False) is True
        #: When the platform answered last, by ``time.monotonic``.
        self.answered_at: float | None = None

    def __repr__(self) -> str:
        return f"CheckedConnector({self.name!r})"

    def can(self, capability: str) -> bool:
        """Whether the connector declares it."""
        return capability in self.capabilities

    def verify(self, headers: Mapping[str, str], raw: bytes, url: str, now: datetime) -> Delivery:
        """See ``Receiving``."""
        return self._ask("verify", values.delivery, headers, raw, url, now)

    def parse(self, raw: bytes) -> list[Hint]:
        """See ``Receiving``."""
        return self._ask("parse", values.hints, raw)

    def fetch(self, ref: str) -> PlatformBooking | Gone:
        """See ``Bookings``; an answer about another booking is a fault."""
        return self._ask("fetch", lambda answer: values.booking_or_gone(answer, ref), ref)

    def changes(self, cursor: str | None, now: datetime) -> Page:
        """See ``Bookings``; an unsound booking of the page is among its unreadable ones."""
        return self._ask("changes", lambda answer: values.page(answer, cursor), cursor, now)

    def upcoming(self, cursor: str | None, now: datetime) -> Page:
        """See ``Bookings``; an unsound booking of the page is among its unreadable ones."""
        return self._ask("upcoming", lambda answer: values.page(answer, cursor), cursor, now)

    def hold(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        """See ``Writing``."""
        return self._ask("hold", values.write_result, ref, reason, idem_key)

    def confirm(self, ref: str, idem_key: str) -> WriteResult:
        """See ``Writing``."""
        return self._ask("confirm", values.write_result, ref, idem_key)

    def reject(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        """See ``Writing``."""
        return self._ask("reject", values.write_result, ref, reason, idem_key)

    def cancel(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        """See ``Writing``."""
        return self._ask("cancel", values.write_result, ref, reason, idem_key)

    def reopen(self, ref: str, idem_key: str) -> WriteResult:
        """See ``Writing``."""
        return self._ask("reopen", values.write_result, ref, idem_key)

    def put(self, entry: CalendarEntry) -> str:
        """See ``Calendar``."""
        return self._ask("put", values.entry_version, entry)

    def remove(self, uid: str) -> None:
        """See ``Calendar``."""
        self._ask("remove", values.nothing, uid)

    def examine(self, url: str | None) -> list[Advice]:
        """See ``Examining``."""
        return self._ask("examine", values.advice, url)

    def _ask(self, method: str, check: Callable[[Any], T], *arguments: Any) -> T:
        if method in _CAPABILITIES and method not in self.capabilities:
            raise ConnectorFaultError(f"connector {self.name} does not declare {method!r}")
        said = _SAID if method in _CAPABILITIES else _SAID_AT_THE_DOOR
        try:
            answer = check(getattr(self._connector, method)(*arguments))
        except said:
            raise
        except values.UnsoundError as error:
            raise ConnectorFaultError(f"connector {self.name}: {method}(): {error}") from None
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a plugin raises
            made = type(self._connector)
            raise ConnectorFaultError(_raised(made, f"{method}()", error)) from None
        if method in _CAPABILITIES:
            self.answered_at = time.monotonic()
        return answer


def _capabilities(made: type) -> frozenset[str]:
    found = getattr(made, "capabilities", None)
    if not isinstance(found, frozenset):
        kind = type(found).__name__
        raise values.UnsoundError(f"capabilities is {kind}, not a frozenset of names")
    for capability in sorted(found, key=str):
        if capability not in _CAPABILITIES:
            raise values.UnsoundError(f"capabilities: {values.none_of(capability, _CAPABILITIES)}")
    return cast(frozenset[str], found)


def _method(made: type, name: str) -> None:
    """A method is there, written by the connector, and takes what the host hands it."""
    role = getattr(_METHODS[name], name)
    found = getattr(made, name, None)
    if not callable(found) or found is role:
        declares = "declares" if name in _CAPABILITIES else "needs"
        raise values.UnsoundError(f"{declares} {name!r} and has no such method")
    if not inspect.isfunction(inspect.getattr_static(made, name)):
        return  # whatever it is, calling it will tell
    wanted = list(inspect.signature(role).parameters)
    try:
        inspect.signature(found).bind(*wanted)
    except TypeError:
        raise values.UnsoundError(f"{name}() does not take {', '.join(wanted[1:])}") from None


def _holding(made: type, capabilities: frozenset[str]) -> None:
    style = getattr(made, "hold_style", None)
    if style is None:
        raise values.UnsoundError(f"has no hold_style; it is one of {', '.join(_HOLD_STYLES)}")
    if style not in _HOLD_STYLES:
        raise values.UnsoundError(f"hold_style {values.none_of(style, _HOLD_STYLES)}")
    missing = [name for name in _HOLDING.get(style, ()) if name not in capabilities]
    if missing:
        raise values.UnsoundError(f"hold_style {style!r} needs the capability {missing[0]!r}")
    if style == "none" and "hold" in capabilities:
        raise values.UnsoundError("declares 'hold' while its hold_style is 'none'")


def _secrets(account: AccountConfig) -> list[str]:
    kept = (account.api_key.strip(), account.webhook_secret.strip())
    return [secret for secret in kept if len(secret) >= 4]


def _raised(made: Any, method: str, error: BaseException) -> str:
    """The error's type and its last place inside the connector's own package."""
    place = _place(error.__traceback__, made.__module__.partition(".")[0])
    return f"connector {made.name}: {method} raised {type(error).__name__}{place}"


def _place(trace: TracebackType | None, package: str) -> str:
    found = ""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__"))
        if module.partition(".")[0] == package and module != __name__:
            file = PurePath(trace.tb_frame.f_code.co_filename).name
            found = f" in {file}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return found
