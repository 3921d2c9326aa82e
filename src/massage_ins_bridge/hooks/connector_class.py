"""What a connector is: its class is looked at before it is used."""

from __future__ import annotations

import inspect
import re
from typing import cast, get_args

from ..api.connectors import (
    AccountConfig,
    Bookings,
    Calendar,
    Connector,
    Examining,
    HoldStyle,
    PlatformClient,
    Receiving,
    Writing,
)
from . import platform_values as values
from .platform_answers import CAPABILITIES, ConnectorFaultError, raised

_PLAIN = re.compile(r"[a-z][a-z0-9_-]{0,63}", re.ASCII)
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
            raise ConnectorFaultError(raised(made, "__init__", error)) from None
        raise ValueError(words) from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a plugin raises
        raise ConnectorFaultError(raised(made, "__init__", error)) from None


def _capabilities(made: type) -> frozenset[str]:
    found = getattr(made, "capabilities", None)
    if not isinstance(found, frozenset):
        kind = type(found).__name__
        raise values.UnsoundError(f"capabilities is {kind}, not a frozenset of names")
    for capability in sorted(found, key=str):
        if capability not in CAPABILITIES:
            raise values.UnsoundError(f"capabilities: {values.none_of(capability, CAPABILITIES)}")
    return cast(frozenset[str], found)


def _method(made: type, name: str) -> None:
    """A method is there, written by the connector, and takes what the host hands it."""
    role = getattr(_METHODS[name], name)
    found = getattr(made, name, None)
    if not callable(found) or found is role:
        declares = "declares" if name in CAPABILITIES else "needs"
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
