"""The fields of what a connector answers, each held against its declared type.

Nothing here repeats a value that may be personal: only states, kinds and numbers where a
platform's own name belongs are quoted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any, NoReturn, TypeVar, get_args

import structlog

from ..api.connectors import (
    Advice,
    BookingStatus,
    Delivery,
    Gone,
    Hint,
    HintKind,
    Page,
    PlatformBooking,
    PlatformPerson,
    Reached,
    Shown,
    WriteResult,
)

T = TypeVar("T")
log = structlog.get_logger(__name__)
#: How many characters the host keeps of a platform's own name of something, of a cursor, of a
#: note for staff, of a person's name or address, and of an answer in a form.
MAX_REF, MAX_CURSOR, MAX_DETAIL, MAX_PERSON, MAX_ANSWER = 255, 400, 500, 1000, 10_000
#: The years that the rules can reckon with.
FIRST_YEAR, LAST_YEAR = 1900, 2199

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_STATES: tuple[str, ...] = get_args(BookingStatus)
_KINDS: tuple[str, ...] = get_args(HintKind)
_REACHED: tuple[str, ...] = get_args(Reached)


class UnsoundError(Exception):
    """A value that breaks the protocol; the text names the field and says how."""


def delivery(answer: Any) -> Delivery:
    """What ``verify`` answered. Raises ``UnsoundError``, as every function here does."""
    found = as_instance("", answer, Delivery)
    as_ref("key", found.key)
    _time("signed_at", found.signed_at, optional=True)
    return found


def hints(answer: Any) -> list[Hint]:
    """What ``parse`` answered."""
    found = as_sequence("", answer)
    for place, item in enumerate(found):
        within(f"hint {place}", _hint, as_instance(f"hint {place}", item, Hint))
    return found


def booking_or_gone(answer: Any, ref: str) -> PlatformBooking | Gone:
    """What ``fetch`` answered about the booking ``ref``."""
    if not isinstance(answer, (PlatformBooking, Gone)):
        raise UnsoundError(f"returned {_type(answer)} where a PlatformBooking or Gone belongs")
    as_ref("ref", answer.ref)
    if answer.ref != ref:
        raise UnsoundError("answered about another booking than asked")
    if isinstance(answer, PlatformBooking):
        _booking(answer)
    return answer


def page(answer: Any, asked: str | None) -> Page:
    """What ``changes`` or ``upcoming`` answered to the cursor ``asked``. An unsound booking keeps
    none of the others: it is among the unreadable ones of the page that is returned."""
    found = as_instance("", answer, Page)
    items = as_sequence("items", found.items)
    unreadable = as_sequence("unreadable", found.unreadable)
    whole, gone = as_sequence("whole", found.whole), as_sequence("gone", found.gone)
    for name, refs in (("gone", gone), ("unreadable", unreadable), ("whole", whole)):
        for place, ref in enumerate(refs):
            as_ref(f"{name} {place}", ref)
    as_ref("cursor", found.cursor, MAX_CURSOR, optional=True)
    as_bool("more", found.more)
    _time("whole_since", found.whole_since, optional=True)
    if not isinstance(found.reasons, Mapping):
        not_a("reasons", found.reasons, "a mapping")
    for ref, why in found.reasons.items():
        as_ref("a key of reasons", ref)
        as_text("one of reasons", why, MAX_DETAIL)
    if found.shown is not None:
        within("shown", _shown, as_instance("shown", found.shown, Shown))
    if found.more and found.cursor in (None, asked):
        raise UnsoundError("more is True and the cursor does not lead on")
    sound: list[PlatformBooking] = []
    for place, item in enumerate(items):
        try:
            within(f"item {place}", _booking, as_instance(f"item {place}", item, PlatformBooking))
            sound.append(item)
        except UnsoundError as error:
            log.error("a booking of a list is left out", error=str(error))
            unreadable.append(_named(item))
    return replace(found, items=tuple(sound), unreadable=tuple(unreadable))


def _shown(item: Shown) -> None:
    _time("begin", item.begin)
    _time("end", item.end)
    if item.begin > item.end:
        raise UnsoundError("end lies before begin")
    if not (isinstance(item.refs, frozenset) and all(isinstance(ref, str) for ref in item.refs)):
        not_a("refs", item.refs, "a frozenset of refs")
    for place, ref in enumerate(as_sequence("unsure", item.unsure)):
        as_ref(f"unsure {place}", ref)


def _named(item: Any) -> str:
    """A booking's ref, where that at least is one."""
    try:
        as_ref("ref", item.ref)
    except (AttributeError, UnsoundError):
        return "unknown"
    return str(item.ref)


def write_result(answer: Any) -> WriteResult:
    """What a write answered."""
    found = as_instance("", answer, WriteResult)
    as_choice("reached", found.reached, _REACHED)
    as_text("detail", found.detail, MAX_DETAIL, empty=True)
    return found


def entry_version(answer: Any) -> str:
    """What ``put`` answered."""
    as_ref("its version", answer)
    return str(answer)


def advice(answer: Any) -> list[Advice]:
    """What ``examine`` answered."""
    found = as_sequence("", answer)
    for place, item in enumerate(found):
        as_instance(f"advice {place}", item, Advice)
        as_choice(f"advice {place}: level", item.level, ("note", "bad"))
        as_text(f"advice {place}: message", item.message, MAX_DETAIL)
    return found


def nothing(answer: Any) -> None:
    """What ``remove`` answered."""
    if answer is not None:
        raise UnsoundError(f"returned {_type(answer)} where None belongs")


def none_of(value: Any, choices: Sequence[str]) -> str:
    """Says that a value is not among the choices, and which one was probably meant. The value is
    quoted as far as it looks like a name."""
    if not (isinstance(value, str) and _NAME.fullmatch(value)):
        shown = "that is no plain name" if isinstance(value, str) else f"that is {_type(value)}"
        return f"{shown} is none of {', '.join(choices)}"
    near = get_close_matches(value.lower(), choices, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"{value!r} is none of {', '.join(choices)}{hint}"


def _hint(item: Hint) -> None:
    as_choice("kind", item.kind, _KINDS)
    if not (item.kind == "ping" and item.booking_ref == ""):
        as_ref("booking_ref", item.booking_ref)
    _time("sent_at", item.sent_at, optional=True)
    as_ref("previous_ref", item.previous_ref, optional=True)
    if item.booking is not None:
        within("booking", _booking, as_instance("booking", item.booking, PlatformBooking))
        if item.booking.ref != item.booking_ref:
            raise UnsoundError("booking is another one than booking_ref")


def _booking(item: PlatformBooking) -> None:
    as_ref("ref", item.ref)
    as_choice("status", item.status, _STATES)
    _time("start", item.start)
    _time("end", item.end, optional=True)
    as_ref("service_ref", item.service_ref, optional=True)
    within("person", _person, as_instance("person", item.person, PlatformPerson))
    as_ref("version", item.version, optional=True)
    for place, ref in enumerate(as_sequence("host_refs", item.host_refs)):
        as_ref(f"host_refs {place}", ref)
    for name in ("own", "asks_confirmation"):
        if getattr(item, name) is not None:
            as_bool(name, getattr(item, name))
    _answers(item.answers)
    as_bool("recurring", item.recurring)
    as_ref("previous_ref", item.previous_ref, optional=True)


def _person(item: PlatformPerson) -> None:
    if item.ref is not None:
        as_text("ref", item.ref, MAX_REF)
    for name in ("name", "email", "phone"):
        value = getattr(item, name)
        if value is not None:
            as_text(name, value, MAX_PERSON, empty=True)


def _answers(answers: Any) -> None:
    if not isinstance(answers, Mapping):
        not_a("answers", answers, "a mapping")
    for fact, said in answers.items():
        as_text("a key of answers", fact, MAX_REF)
        plain = fact if _NAME.fullmatch(fact) else "…"
        as_text(f"answers[{plain!r}]", said, MAX_ANSWER, empty=True)


def within(where: str, check: Callable[[Any], None], value: Any) -> None:
    try:
        check(value)
    except UnsoundError as error:
        raise UnsoundError(f"{where}: {error}") from None


def as_instance(where: str, value: Any, kind: type[T]) -> T:
    if isinstance(value, kind):
        return value
    if where:
        not_a(where, value, f"a {kind.__name__}")
    raise UnsoundError(f"returned {_type(value)} where a {kind.__name__} belongs")


def as_sequence(where: str, value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return list(value)
    if where:
        not_a(where, value, "a list")
    raise UnsoundError(f"returned {_type(value)} where a list belongs")


def as_choice(where: str, value: Any, choices: Sequence[str]) -> None:
    if not (isinstance(value, str) and value in choices):
        raise UnsoundError(f"{where} {none_of(value, choices)}")


def as_ref(where: str, value: Any, limit: int = MAX_REF, *, optional: bool = False) -> None:
    """One of the platform's own names: it is stored, and stands in an address."""
    if value is None and optional:
        return
    if type(value) is int:
        raise UnsoundError(f"{where} is {value}, not text")
    as_text(where, value, limit)
    if not value.isprintable():
        raise UnsoundError(f"{where} holds a character that cannot be printed")


def as_text(where: str, value: Any, limit: int, *, empty: bool = False) -> None:
    if not isinstance(value, str):
        not_a(where, value, "text")
    if not (value or empty):
        raise UnsoundError(f"{where} is empty")
    if len(value) > limit:
        raise UnsoundError(f"{where} has more than {limit:,} characters")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise UnsoundError(f"{where} holds half a character") from None


def _time(where: str, value: Any, *, optional: bool = False) -> None:
    if value is None and optional:
        return
    if not isinstance(value, datetime):
        not_a(where, value, "a time")
    if value.utcoffset() is None:
        raise UnsoundError(f"{where} is a time without a zone")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise UnsoundError(f"{where} lies outside of the years {FIRST_YEAR} to {LAST_YEAR}")


def as_bool(where: str, value: Any) -> None:
    if not isinstance(value, bool):
        not_a(where, value, "a bool")


def not_a(where: str, value: Any, wanted: str) -> NoReturn:
    raise UnsoundError(f"{where} is {_type(value)}, not {wanted}")


def _type(value: Any) -> str:
    return "None" if value is None else type(value).__name__
