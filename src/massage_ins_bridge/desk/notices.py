"""What a platform that acts by itself is told of a booking.

Confirmations and refusals are writes as everywhere: with the pause, and in the table of
``desk.steps``. Told beside them, as notices, is what no change of state shows: that a booking is on
hold and what it lacks, anew with each other word, and that such a hold is over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from ..api.connectors import Notice, NoticeAction, Remedy, WriteResult
from ..domain.answers import Decision, Terms
from ..gate.settle import STILL_CHECKING
from ..store.models import BookingRow, WriteRow
from ..store.record import Record, Work
from ..store.writes import TELL_ALLOW, TELL_HOLD, first_run
from .accounts import Account
from .client_file import Held
from .client_texts import reason_for
from .installation import Installation
from .steps import Step

#: What no platform is told: codes of diagnoses, and numbers of claims and members.
_FACTS = re.compile(
    r"\b(?:[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?|[A-Z]{1,3}\d{4,}|\d{6,})(?![\w.-]*\w)"
)
#: By kind of notice, what it asks for.
ACTIONS: Mapping[str, NoticeAction] = {TELL_HOLD: "hold", TELL_ALLOW: "confirm"}
_OUTCOMES: Mapping[NoticeAction, Literal["allow", "hold", "block"]] = {
    "confirm": "allow",
    "hold": "hold",
    "reject": "block",
    "cancel": "block",
}
_STAFF: Mapping[NoticeAction, str] = {
    "confirm": "The booking may stand.",
    "hold": "The booking is on hold; the remedies say what is missing.",
    "reject": "The booking may not stand on insurance.",
    "cancel": "The booking may not stand on insurance.",
}
_PREPARED = "The booking will be refused at the time that is given, unless it is cured or stopped."
_STOPPED = "The booking is on hold: its refusal was stopped, and staff decides."


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it is kept, and whether staff's word stands in its place."""

    data: Mapping[str, Any]
    outcome: str | None

    @property
    def softened(self) -> bool:
        """Whether the booking is only held, though the rules would refuse it."""
        return self.data.get("outcome") == "block" and self.outcome == "hold"

    @property
    def overruled(self) -> bool:
        """Whether it is refused though the rules would not."""
        return self.data.get("outcome") != "block" and self.outcome == "block"


def plan_notice(
    record: Record, account: Account, held: Held, decision: Decision, step: Step | None
) -> None:
    """Have told what the platform is to know beside its writes, where it was not told that last."""
    if not account.can("tell"):
        return
    row = held.row
    last = record.writes.last_notice(row.id)
    kind = _kind(account, held, step, last)
    if kind is None:
        return
    decided = Decided(decision.to_dict(), row.outcome)
    notice = notice_of(row, ACTIONS[kind], record.now, held.writes, decided)
    said = json.dumps({**asdict(notice), "at": None}, default=_plain, sort_keys=True)
    same = last is not None and last.said_hash == record.writes.hash_of(said)
    if last is not None and same and last.state != "superseded" and not _told_since(last, held):
        return
    write = record.writes.notify(row, last, kind, said)
    record.work.append(Work("write", write.id, first_run(write), write.account))


def notice_of(
    row: BookingRow,
    action: NoticeAction,
    at: datetime,
    writes: list[WriteRow],
    decided: Decided,
) -> Notice:
    """The notice of a booking. ``writes`` are its own."""
    refused_at = next(
        (w.due_at for w in writes if w.kind == "block" and w.state == "waiting"), None
    )
    prepared = action == "hold" and refused_at is not None
    unsure = prepared or decided.softened
    remedies = () if action == "confirm" else _remedies(decided.data, unsure=unsure)
    staff = _PREPARED if prepared else _STOPPED if decided.softened else _STAFF[action]
    if unsure:
        client = STILL_CHECKING
    elif action == "confirm":
        client = ""
    else:
        client = _to_client(_OUTCOMES[action], decided, remedies)
    return Notice(
        ref=row.ref,
        outcome=_OUTCOMES[action],
        action=action,
        client=client,
        staff=staff,
        revision=row.revision,
        at=at,
        remedies=remedies,
        refused_at=refused_at if prepared else None,
    )


def send(
    installation: Installation,
    account: Account,
    write: WriteRow,
    row: BookingRow,
    action: NoticeAction | None = None,
) -> WriteResult | None:
    """Tell the platform what a write asks for; ``None`` for a notice that is wanted no more.
    ``action``: what a write that is no notice asks for. Raises ``PlatformError``."""
    with installation.read(write.clinic) as record:
        if action is None and not still_wanted(record, write, row):
            return None
        last = record.decisions.last_of([row.id]).get(row.id)
        data = record.decisions.data(last) if last is not None else {}
        writes = record.writes.of_bookings([row.id]).get(row.id, [])
    decided = Decided(data, row.outcome)
    asked = ACTIONS[write.kind] if action is None else action
    notice = notice_of(row, asked, write.wanted_at, writes, decided)
    return account.connector.tell(notice, write.id, installation.clock.now())


def still_wanted(record: Record, write: WriteRow, row: BookingRow) -> bool:
    """Whether a notice is the booking's latest, and says how it stands."""
    last = record.writes.last_notice(row.id)
    if last is None or last.id != write.id:
        return False
    if write.kind == TELL_ALLOW:
        return row.outcome == "allow"
    writes = record.writes.of_bookings([row.id]).get(row.id, [])
    prepared = row.outcome == "block" and any(_waits(w, row) for w in writes)
    return row.outcome == "hold" or prepared


def _kind(account: Account, held: Held, step: Step | None, last: WriteRow | None) -> str | None:
    row = held.row
    markable = row.platform_status == "pending" or account.marks
    match step:
        case "keep":
            return TELL_HOLD
        case "hold" if account.marks:
            return TELL_HOLD
        case "refuse" if markable and any(_waits(w, row) for w in held.writes):
            return TELL_HOLD
        case None if row.outcome == "allow" and last is not None and last.kind == TELL_HOLD:
            return None if _told_since(last, held) else TELL_ALLOW
    return None


def _waits(write: WriteRow, row: BookingRow) -> bool:
    return (write.kind, write.revision, write.state) == ("block", row.revision, "waiting")


def _told_since(last: WriteRow, held: Held) -> bool:
    """Whether a change was written, or is about to be, after the notice was wanted."""
    return any(
        (w.state == "queued" or (w.state == "done" and w.reached == "native"))
        and w.wanted_at > last.wanted_at
        for w in held.writes
    )


def _remedies(data: Mapping[str, Any], *, unsure: bool) -> tuple[Remedy, ...]:
    """What is missing. ``unsure``: the client is told no more than that it is looked at."""
    found = []
    for item in data.get("requirements", ()):
        if item["effect"] in ("hold", "block"):
            client = STILL_CHECKING if unsure else without_facts(item["patient_message"])
            due = date.fromisoformat(item["due"]) if item.get("due") else None
            found.append(Remedy(item["key"], without_facts(item["remedy"]), client, due))
    return tuple(found)


def _to_client(outcome: str, decided: Decided, remedies: tuple[Remedy, ...]) -> str:
    """What the rules say to the client, each once; else the few words that every platform gets."""
    said = () if decided.overruled else dict.fromkeys(r.client for r in remedies if r.client)
    terms: Terms | None = None if decided.overruled else decided.data.get("self_pay_terms")
    pays = decided.data.get("route") == "self-pay"
    return " ".join(said) or reason_for(outcome, terms, self_pay=pays)


def without_facts(text: str) -> str:
    """A text without codes of diagnoses and numbers of claims and members."""
    return _FACTS.sub("…", text)


def _plain(value: date) -> str:
    return value.isoformat()
