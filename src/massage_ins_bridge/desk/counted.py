"""A connector whose calls to its platform are counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..api.connectors import Connector, PlatformError, PlatformGoneError, PlatformRefusedError
from ..hooks.platform_answers import CheckedConnector, ConnectorFaultError
from .counts import Counts

T = TypeVar("T")
CALLS, ERRORS = "platform_calls", "platform_errors"
#: By kind of error, most special first.
_KINDS = (
    (ConnectorFaultError, "connector"),
    (PlatformGoneError, "gone"),
    (PlatformRefusedError, "refused"),
    (PlatformError, "no answer"),
)
_AT_THE_DOOR = ("verify", "parse")


class CountedConnector(CheckedConnector):
    """Counts each call that goes to the platform, by account and method, and each that fails."""

    def __init__(self, connector: Connector, account: str, counts: Counts) -> None:
        super().__init__(connector)
        self._account = account
        self._counts = counts

    def _ask(self, method: str, check: Callable[[Any], T], *arguments: Any) -> T:
        if method in _AT_THE_DOOR:
            return super()._ask(method, check, *arguments)
        self._counts.add(CALLS, account=self._account, call=method)
        try:
            return super()._ask(method, check, *arguments)
        except PlatformError as error:
            kind = next(name for made, name in _KINDS if isinstance(error, made))
            self._counts.add(ERRORS, account=self._account, kind=kind)
            raise
