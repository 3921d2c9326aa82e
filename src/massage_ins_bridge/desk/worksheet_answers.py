"""That a payer was asked, and what they said, put on record from the worksheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..domain.reading import Problem, UnusableInputError
from ..store.acts import About
from ..store.record import Record
from . import chart
from .acts import Done, note
from .errors import ConflictError
from .fact_forms import MOST_DIGITS
from .installation import Installation
from .notes import NOTE
from .roles import Person, must_be_allowed
from .tags import tag_of
from .worksheet import Worksheet, worksheet

_NOT_REQUIRED = "not-required"
#: What a form may say of the answer: its words, and whether it needs its visits and dates.
ANSWERS: Mapping[str, str] = {
    "approved": "Approved",
    "denied": "Denied",
    "pended": "Wants more",
    _NOT_REQUIRED: "Not needed",
}


def record_asked(
    installation: Installation, record: Record, person: Person, where: tuple[str, str], given: Any
) -> Done:
    """Put on record that it was asked. Where a request of that kind waits already, it is the one
    that was asked again (on the word that it was, ``again``), so that one answer settles it.

    Raises ``NotFoundError``, ``UnusableInputError``, and ``ConflictError`` where it was asked."""
    must_be_allowed(person, "work")
    sheet = worksheet(installation, record, person, *where)
    data = {
        "payer": sheet.payer,
        "kind": _kind(sheet, given, "asked_for"),
        "status": "requested",
        "requested_on": given.get("requested_on") or record.today.isoformat(),
        "visits_asked": _whole(given.get("visits_asked"), "visits_asked"),
        "number": given.get("number"),
    }
    waits = sheet.open
    if waits is None or waits.data.get("kind") != data["kind"]:
        return _added(record, sheet, data, f"Asked {sheet.payer}. The visits are judged again.")
    if not given.get("again"):
        raise ConflictError(f"{sheet.payer} was asked already, and has not answered yet.")
    said = f"Asked {sheet.payer} again. The visits are judged again."
    return _changed(record, sheet, waits, data, ("asked-again", said))


def record_answer(
    installation: Installation, record: Record, person: Person, where: tuple[str, str], given: Any
) -> Done:
    """Put the answer on record: over the request that waits for it, where there is one.

    Raises ``NotFoundError`` and ``UnusableInputError``.
    """
    must_be_allowed(person, "work")
    sheet = worksheet(installation, record, person, *where)
    status = given.get("status") or ""
    if status not in ANSWERS:
        raise UnusableInputError([Problem("status", "Choose what they said.")])
    kind = _NOT_REQUIRED if status == _NOT_REQUIRED else _kind(sheet, given, "kind")
    data = {
        "payer": sheet.payer,
        "kind": kind,
        "status": "approved" if status == _NOT_REQUIRED else status,
        "decided_on": given.get("decided_on") or record.today.isoformat(),
        "number": given.get("number"),
    }
    if status == "approved":
        data |= {
            "visits": _whole(given.get("visits"), "visits"),
            "from": given.get("from"),
            "to": given.get("to"),
        }
        missing = [name for name in ("visits", "to") if not data[name]]
        if missing:
            words = {"visits": "How many visits?", "to": "Until which day?"}
            raise UnusableInputError([Problem(name, words[name]) for name in missing])
    said = f"{sheet.payer}: {ANSWERS[status].lower()}. The visits are judged again."
    if sheet.open is None:
        done = _added(record, sheet, data, said)
        _note_reason(record, person, sheet, done, given)
        return done
    if str(data["decided_on"]) < sheet.open.data.get("requested_on", ""):
        raise UnusableInputError([Problem("decided_on", "is before the day on which it was asked")])
    done = _changed(record, sheet, sheet.open, data, ("answer", said))
    _note_reason(record, person, sheet, done, given)
    return done


def _kind(sheet: Worksheet, given: Mapping[str, str], name: str) -> str:
    """What was asked for, else what waits for its answer. Raises ``UnusableInputError``."""
    waits = sheet.open.data.get("kind") if sheet.open is not None else None
    known = [kind for kind, _ in sheet.kinds]
    chosen = given.get(name) or waits or (known[0] if len(known) == 1 else None)
    if chosen is None or chosen not in (*known, waits):
        raise UnusableInputError([Problem(name, "Choose what it was asked for.")])
    return str(chosen)


def _note_reason(
    record: Record, person: Person, sheet: Worksheet, done: Done, given: Mapping[str, str]
) -> None:
    """Why it was denied, as a note that an appeal speaks of."""
    reason = (given.get("reason") or "").strip()[:2000]
    if reason and given.get("status") == "denied":
        needs = {"authorization": done.needs["fact"][2], "reason": reason}
        said = f"{sheet.payer} denied it: {reason}"
        note(record, person, Done(NOTE, said, About(sheet.patient_id), "note", needs))


def _added(record: Record, sheet: Worksheet, data: dict[str, Any], said: str) -> Done:
    known = {name: value for name, value in data.items() if value}
    fact = chart.add_fact(record, sheet.patient_id, "authorization", known)
    needs = {
        "fact": [sheet.patient_id, "authorization", fact.record],
        "after": tag_of(fact.data),
    }
    return Done("asked", said, About(sheet.patient_id), "fact-added", needs)


def _changed(
    record: Record, sheet: Worksheet, waits: chart.Fact, data: dict[str, Any], done: tuple[str, str]
) -> Done:
    """Written over the request that waits; ``done``: the kind of act, and what is said of it."""
    fact = (sheet.patient_id, "authorization", waits.record)
    known = {name: value for name, value in data.items() if value}
    after = chart.change_fact(record, fact, known, merge=True)
    needs = {"fact": list(fact), "before": waits.data, "after": tag_of(after.data)}
    return Done(done[0], done[1], About(sheet.patient_id), "fact", needs)


def _whole(text: str | None, name: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise UnusableInputError([Problem(name, "is no whole number; write digits alone")])
    if len(text) > MOST_DIGITS:
        raise UnusableInputError([Problem(name, "is too large; look at its digits")])
    return int(text)
