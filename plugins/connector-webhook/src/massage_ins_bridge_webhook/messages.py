"""What a platform's messages say: ``booking.schema.json``, read field by field.

A field that is not known is passed over, so that a platform may send more than is asked for; in a
sandbox it is refused with the nearest right name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, cast, get_args

from massage_ins_bridge.api.connectors import (
    BadPayloadError,
    BookingStatus,
    Hint,
    HintKind,
    PlatformBooking,
    PlatformPerson,
)

CREATED, UPDATED, PING = "booking.created", "booking.updated", "ping"
TYPES = (CREATED, UPDATED, PING)
STATUSES: tuple[str, ...] = get_args(BookingStatus)
#: What the client said of their insurance may be sent under these names as it is.
FACTS = (
    "payer",
    "plan",
    "member_id",
    "group_number",
    "claim_number",
    "date_of_injury",
    "birth_date",
)
ENVELOPE = ("type", "timestamp", "data")
FIELDS = (
    "id",
    "status",
    "start",
    "end",
    "service",
    "hosts",
    "client",
    "answers",
    "moved_from",
    "asks_confirmation",
    "recurring",
)
CLIENT = ("id", "name", "email", "phone")
MAX_ID, MAX_TEXT, MAX_ANSWER, MAX_ITEMS = 255, 500, 2000, 50
#: By state, what a message about it says happened.
KINDS: Mapping[str, HintKind] = {
    "pending": "requested",
    "accepted": "created",
    "cancelled": "cancelled",
    "rejected": "rejected",
    "completed": "completed",
    "no-show": "no-show",
}
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the messages of one account. ``form_fields``: the platform's names of questions whose
    answers are facts, beside ``FACTS`` themselves. ``strict``: what is not known is refused."""

    form_fields: Mapping[str, str]
    strict: bool = False

    def hints(self, raw: bytes) -> list[Hint]:
        """What a verified message says; nothing for a ping. Raises ``BadPayloadError``."""
        body = _object("the body", read_body(raw))
        kind = body.get("type")
        if not isinstance(kind, str) or kind not in TYPES:
            raise _bad("type", _none_of(kind, TYPES))
        self._known("", body, ENVELOPE)
        if kind == PING:
            return [Hint("", "ping")]
        sent_at = _moment("timestamp", body.get("timestamp", _MISSING))
        booking = self._booking(_object("data", body.get("data", _MISSING)))
        said = KINDS[booking.status]
        moved = booking.previous_ref is not None and said in ("requested", "created")
        return [
            Hint(
                booking_ref=booking.ref,
                kind="rescheduled" if moved else said,
                sent_at=sent_at,
                booking=booking,
                previous_ref=booking.previous_ref,
            )
        ]

    def _booking(self, data: Mapping[str, Any]) -> PlatformBooking:
        self._known("data", data, FIELDS)
        status = data.get("status", _MISSING)
        if not isinstance(status, str) or status not in STATUSES:
            raise _bad("data.status", _none_of(status, STATUSES))
        ref = _text("data.id", data.get("id", _MISSING), MAX_ID, line=True)
        previous = _optional("data.moved_from", data.get("moved_from"), MAX_ID)
        end = data.get("end")
        start = _moment("data.start", data.get("start", _MISSING))
        ends = None if end is None else _moment("data.end", end)
        if ends is not None and ends <= start:
            raise _bad("data.end", "is not after data.start")
        return PlatformBooking(
            ref=ref,
            status=cast(BookingStatus, status),
            start=start,
            end=ends,
            service_ref=_text("data.service", data.get("service", _MISSING), MAX_ID, line=True),
            person=self._person(_object("data.client", data.get("client", _MISSING))),
            host_refs=_hosts(data.get("hosts")),
            asks_confirmation=_truth("data.asks_confirmation", data.get("asks_confirmation")),
            answers=self._answers(data.get("answers")),
            recurring=_truth("data.recurring", data.get("recurring")) is True,
            previous_ref=None if previous == ref else previous,
        )

    def _person(self, client: Mapping[str, Any]) -> PlatformPerson:
        self._known("data.client", client, CLIENT)
        name = _text("data.client.name", client.get("name", _MISSING), MAX_TEXT)
        more = {
            field: _optional(f"data.client.{field}", client.get(field), limit)
            for field, limit in (("id", MAX_ID), ("email", MAX_TEXT), ("phone", MAX_TEXT))
        }
        return PlatformPerson(more["id"], name, more["email"], more["phone"])

    def _answers(self, given: Any) -> dict[str, str]:
        """By fact, what the client said; of questions that are no facts nothing."""
        answers = {} if given is None else _object("data.answers", given)
        if self.strict:
            self._known("data.answers", answers, (*FACTS, *self.form_fields))
        facts = {**{name: name for name in FACTS}, **self.form_fields}
        found: dict[str, str] = {}
        for name, fact in facts.items():
            value = answers.get(name)
            if value is None or value == "":
                continue
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                value = str(value)
            found[fact] = _text(f"data.answers.{name}", value, MAX_ANSWER)
        return found

    def _known(self, where: str, given: Mapping[str, Any], names: Sequence[str]) -> None:
        for name in given if self.strict else ():
            if name not in names:
                raise _bad(f"{where}.{_shown(name)}".lstrip("."), _none_of(name, names))


@lru_cache(maxsize=8)  # a message is verified and read in a row
def read_body(raw: bytes) -> Any:
    """The body's JSON. Raises ``BadPayloadError``."""
    try:
        return json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise BadPayloadError("the body is not JSON in UTF-8") from None


def _hosts(given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or len(given) > MAX_ITEMS:
        raise _bad("data.hosts", f"must be a list of at most {MAX_ITEMS} ids")
    return tuple(_text(f"data.hosts[{n}]", one, MAX_ID, line=True) for n, one in enumerate(given))


def _object(where: str, value: Any) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    raise _bad(where, _is(value, "an object"))


def _optional(where: str, value: Any, limit: int) -> str | None:
    return None if value is None else _text(where, value, limit, line=True)


def _text(where: str, value: Any, limit: int, *, line: bool = False) -> str:
    """Text of some length. ``line``: it is an id or an address, and printable."""
    if isinstance(value, int) and not isinstance(value, bool):
        raise _bad(where, "must be text; write the number in quotation marks")
    if not isinstance(value, str):
        raise _bad(where, _is(value, "text"))
    if not value.strip():
        raise _bad(where, "is empty")
    if len(value) > limit:
        raise _bad(where, f"is longer than {limit} characters")
    if (line and not value.isprintable()) or any("\ud800" <= c <= "\udfff" for c in value):
        raise _bad(where, "holds characters that cannot be printed")
    return value


def _moment(where: str, value: Any) -> datetime:
    if value is _MISSING or value is None:
        raise _bad(where, "is missing")
    if isinstance(value, str) and _TIME.fullmatch(value):
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            pass
        else:
            if 1970 <= found.year <= 2199:
                return found.astimezone(UTC)
    raise _bad(where, "must be a time with its offset from UTC, such as 2026-12-08T10:00:00-08:00")


def _truth(where: str, value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise _bad(where, "must be true or false")


def _is(value: Any, wanted: str) -> str:
    return "is missing" if value is _MISSING else f"must be {wanted}"


def _none_of(value: Any, names: Sequence[str]) -> str:
    if value is _MISSING or value is None:
        return f"is missing; it is one of {', '.join(names)}"
    near = get_close_matches(str(value).lower()[:60], names, n=1)
    cure = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(names)}"
    return f"is not known; {cure}"


def _shown(name: str) -> str:
    """A field's name, as far as it looks like one: others may hold anything."""
    return name if re.fullmatch(r"[A-Za-z][\w.-]{0,40}", name, re.ASCII) else "…"


def _bad(where: str, what: str) -> BadPayloadError:
    return BadPayloadError(f"{where}: {what}")
