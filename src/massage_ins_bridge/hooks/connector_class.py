"""What a connector is: its class is looked at before it is used."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import cast, get_args

from ..api.connectors import (
    AccountConfig,
    Bookings,
    Calendar,
    Connecting,
    Connector,
    Examining,
    HoldStyle,
    PlatformClient,
    Receiving,
    Setting,
    Telling,
    Writing,
)
from . import connecting_values
from . import platform_values as values
from .dispatch import Dispatcher, NoReply
from .platform_answers import CAPABILITIES, ConnectorFaultError, raised

_PLAIN = re.compile(r"[a-z][a-z0-9_-]{0,63}", re.ASCII)
_HOLD_STYLES: tuple[str, ...] = get_args(HoldStyle)
#: What a declared way of holding needs; ``pending`` needs nothing: the state itself is the hold.
_HOLDING = {"tag": ("hold", "confirm"), "tentative": ("hold", "confirm")}
#: The longest pause before another ``tell``, in seconds: a week.
LONGEST = 604_800
#: How long a connector's constructor may take, in seconds.
BUILT_WITHIN = 10.0
#: From how many characters on a piece of a secret is not shown: what all keys of a platform begin
#: with is shorter.
_PIECE = 12
#: Each method with the role that describes it.
_METHODS: dict[str, type] = {
    name: role
    for role in (Receiving, Bookings, Writing, Telling, Calendar, Examining, Connecting)
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
        if (called := getattr(made, "platform_name", None)) is not None:
            values.as_text("platform_name", called, values.MAX_PERSON)
        if (shown := getattr(made, "choose_as", None)) is not None:
            values.as_text("choose_as", shown, values.MAX_PERSON)
        events = getattr(made, "events", ())
        if not isinstance(events, tuple) or not all(isinstance(e, str) for e in events):
            raise values.UnsoundError("events is no tuple of texts")
        patterns = getattr(made, "made_up_emails", ())
        if not isinstance(patterns, tuple) or not all(isinstance(p, str) for p in patterns):
            raise values.UnsoundError("made_up_emails is no tuple of texts")
        settings_of(made)
        _retries(getattr(made, "retries", ()))
        schemas = getattr(made, "schemas", {})
        if not isinstance(schemas, Mapping) or not all(isinstance(k, str) for k in schemas):
            raise values.UnsoundError("schemas is no mapping of names to JSON Schemas")
    except values.UnsoundError as error:
        raise ConnectorFaultError(f"connector {name}: {error}") from None


def amiss(made: type) -> str | None:
    """Why no account could use the class; ``None`` where one can."""
    try:
        check_class(made)
    except ConnectorFaultError as error:
        return str(error)
    return None


def settings_of(made: type) -> tuple[Setting, ...]:
    """What the class wants to know of an account; the usual three where it does not say. Raises
    ``UnsoundError``."""
    declared = getattr(made, "settings", None)
    if declared is not None:
        return connecting_values.settings(declared)
    address = getattr(made, "default_base_url", "")
    return (
        Setting("base_url", "Address of the platform's API", default=address, required=not address),
        Setting("api_key", "API key", secret=True),
        Setting("webhook_secret", "Secret of deliveries", required=False, secret=True),
    )


def make_connector(
    made: type, account: AccountConfig, client: PlatformClient, limit: float = BUILT_WITHIN
) -> Connector:
    """The class's connector for this account, to be handed to ``CheckedConnector``. ``limit``: how
    long its constructor may take, in seconds.

    Raises ``ConnectorFaultError`` for a class that ``check_class`` refuses, ``ValueError`` with
    the connector's own words about a setting (unless they repeat a secret, or a piece of it), and
    ``ConnectorFaultError`` for anything else that the constructor raises, or where it hangs.
    """
    check_class(made)
    (built,) = Dispatcher(limit).run([(made, (account, client), made.__module__)])
    if not isinstance(built, NoReply):
        return cast(Connector, built)
    error = built.cause
    if error is None:
        said = f"__init__ did not end within {limit:g} s; it is not the place to ask a platform"
        raise ConnectorFaultError(f"connector {getattr(made, 'name', '')}: {said}")
    words = " ".join(str(error).split()) if isinstance(error, ValueError) else ""
    if not words or _tells(words, account):
        raise ConnectorFaultError(raised(made, "__init__", error)) from None
    raise ValueError(words) from None


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
    needed = () if "tell" in capabilities else _HOLDING.get(style, ())  # a notice does all of it
    missing = [name for name in needed if name not in capabilities]
    if missing:
        raise values.UnsoundError(f"hold_style {style!r} needs the capability {missing[0]!r}")
    if style == "none" and "hold" in capabilities:
        raise values.UnsoundError("declares 'hold' while its hold_style is 'none'")


def _retries(pauses: object) -> None:
    sound = isinstance(pauses, tuple) and all(
        isinstance(pause, (int, float)) and not isinstance(pause, bool) and 0 < pause <= LONGEST
        for pause in pauses
    )
    if not sound:
        raise values.UnsoundError(f"retries is no tuple of seconds, each of {LONGEST:,} at most")


def _tells(words: str, account: AccountConfig) -> bool:
    """Whether words repeat a secret of the account, or a piece of one that is longer than the
    beginnings which platforms give to all of their keys."""
    for secret in (account.api_key.strip(), account.webhook_secret.strip()):
        size = min(len(secret), _PIECE)
        pieces = (secret[at : at + size] for at in range(len(secret) - size + 1))
        if size >= 4 and any(piece in words for piece in pieces):
            return True
    return False
