"""What a connector answers is checked field by field before it counts, like what a payer answers.

A connector that breaks the protocol raises ``ConnectorFaultError``, whose one line names the
connector, the method and the field. No such line repeats the text of an error that a connector
raised, or a value that may be personal.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import PurePath
from types import TracebackType
from typing import Any, TypeVar, get_args

from ..api.connectors import (
    Access,
    Advice,
    BadPayloadError,
    BadSignatureError,
    CalendarEntry,
    Capability,
    Connector,
    Delivery,
    Gone,
    Hint,
    HoldStyle,
    Notice,
    Page,
    PlatformBooking,
    PlatformError,
    PlatformGoneError,
    PlatformHost,
    PlatformService,
    Registration,
    StaleDeliveryError,
    WriteResult,
)
from . import connecting_values
from . import platform_values as values

T = TypeVar("T")
CAPABILITIES: tuple[str, ...] = get_args(Capability)
#: Errors that are answers: to a delivery, and to a call.
_SAID_AT_THE_DOOR = (PlatformError, BadPayloadError, BadSignatureError, StaleDeliveryError)
_SAID = (PlatformError,)


class ConnectorFaultError(PlatformError):
    """A connector breaks the protocol: a fault of the plugin, which staff must hear of. Trying
    again may help, since the next answer may be another."""


class CheckedConnector:
    """A connector whose every answer is sound. Its methods raise what the protocol lets them
    raise, and ``ConnectorFaultError`` for everything else."""

    def __init__(self, connector: Connector) -> None:
        """``connector``: an instance of a class that ``check_class`` accepts."""
        self._connector: Any = connector
        self.name: str = connector.name
        self.capabilities: frozenset[Capability] = connector.capabilities
        self.hold_style: HoldStyle = connector.hold_style
        self.platform_name: str = getattr(connector, "platform_name", "")
        self.made_up_emails: tuple[str, ...] = getattr(connector, "made_up_emails", ())
        self.tells_client: bool = getattr(connector, "tells_client", False) is True
        self.retries: tuple[float, ...] = getattr(connector, "retries", ())
        #: When the platform answered last, by ``time.monotonic``.
        self.answered_at: float | None = None
        #: When it was first asked for what it has not answered, nor anything since.
        self._asked_at: float | None = None

    def __repr__(self) -> str:
        return f"CheckedConnector({self.name!r})"

    def can(self, capability: str) -> bool:
        """Whether the connector declares it."""
        return capability in self.capabilities

    @property
    def silent_for(self) -> float:
        """For how many seconds the platform has been asked and has answered nothing. That it does
        not show something, or refuses it, is an answer."""
        asked_at = self._asked_at
        return 0.0 if asked_at is None else time.monotonic() - asked_at

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

    def tell(self, notice: Notice, idem_key: str, now: datetime) -> WriteResult:
        """See ``Telling``."""
        return self._ask("tell", values.write_result, notice, idem_key, now)

    def put(self, entry: CalendarEntry) -> str:
        """See ``Calendar``."""
        return self._ask("put", values.entry_version, entry)

    def remove(self, uid: str) -> None:
        """See ``Calendar``."""
        self._ask("remove", values.nothing, uid)

    def examine(self, url: str | None) -> list[Advice]:
        """See ``Examining``."""
        return self._ask("examine", values.advice, url)

    def access(self) -> Access:
        """See ``Connecting``."""
        return self._ask("access", connecting_values.access)

    def services(self) -> list[PlatformService]:
        """See ``Connecting``."""
        return self._ask("services", connecting_values.services)

    def hosts(self) -> list[PlatformHost]:
        """See ``Connecting``."""
        return self._ask("hosts", connecting_values.hosts)

    def register(self, url: str) -> Registration:
        """See ``Connecting``."""
        return self._ask("register", connecting_values.registration, url)

    def _ask(self, method: str, check: Callable[[Any], T], *arguments: Any) -> T:
        if method in CAPABILITIES and method not in self.capabilities:
            raise ConnectorFaultError(f"connector {self.name} does not declare {method!r}")
        if method not in CAPABILITIES:
            return self._answer(method, check, _SAID_AT_THE_DOOR, arguments)
        if self._asked_at is None:
            self._asked_at = time.monotonic()
        try:
            answer = self._answer(method, check, _SAID, arguments)
        except PlatformError as error:
            if error.permanent or isinstance(error, PlatformGoneError):
                self._asked_at = None
            raise
        self._asked_at, self.answered_at = None, time.monotonic()
        return answer

    def _answer(
        self,
        method: str,
        check: Callable[[Any], T],
        said: tuple[type[Exception], ...],
        arguments: tuple[Any, ...],
    ) -> T:
        try:
            return check(getattr(self._connector, method)(*arguments))
        except said:
            raise
        except values.UnsoundError as error:
            raise ConnectorFaultError(f"connector {self.name}: {method}(): {error}") from None
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a plugin raises
            made = type(self._connector)
            raise ConnectorFaultError(raised(made, f"{method}()", error)) from None


def raised(made: Any, method: str, error: BaseException) -> str:
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
