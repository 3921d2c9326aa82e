"""Drafts of an appeal and of a complaint that cite only what applies. Nothing is sent by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..domain.source import Source
from ..messages.letters import Ground, grounds, routes, word, write
from ..store.record import Record
from . import chart, views
from .disputed import Disputed, disputed
from .installation import Installation
from .notes import NOTE
from .prescriber_letter import letterhead, long_day, therapist_named

_LETTER = "appeal"


@dataclass(frozen=True, slots=True)
class Cited:
    """What a draft says, and where the rule that it rests on was read; null where it rests on the
    chart alone. ``check``: what staff makes sure of before it is sent."""

    text: str
    rule: str | None
    source: Source | None
    check: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """``to``: whom it is written to; ``paragraphs`` and, to be copied, the whole ``text``."""

    to: str
    cites: tuple[Cited, ...]
    text: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drafts:
    """``appeal``: where it was denied; ``complaints``: where a rule was broken, one for each that
    it may go to; ``left_out``: what is not cited, and why."""

    payer: str
    payer_key: str
    denied_on: date | None
    appeal: Draft | None
    complaints: tuple[Draft, ...]
    left_out: tuple[str, ...]


def drafts(installation: Installation, record: Record, patient_id: str, fact_id: str) -> Drafts:
    """The drafts about an authorization. Raises ``NotFoundError``, also where it was neither denied
    nor waits for an answer."""
    found = disputed(installation, record, patient_id, fact_id)
    asked, payer = found.authorization, found.case.payer
    values = _values(installation, record, patient_id, fact_id, found)
    name = payer.name if payer is not None else asked.payer or ""
    values["payer"] = name
    denied = asked.status == "denied"
    appeal = _draft(found, _LETTER, f"{name}, appeals", values) if denied else None
    broken = any(found.holds(one.when, one.rules) for one in grounds("complaint"))
    where = [one.text.format(payer=name) for one in routes() if found.holds(one.when, one.rules)]
    return Drafts(
        payer=name,
        payer_key=payer.key if payer is not None else "",
        denied_on=asked.decided_on if denied else None,
        appeal=appeal,
        complaints=tuple(
            _draft(found, "complaint", to, {**values, "to": to}) for to in where if broken
        ),
        left_out=tuple(
            one.otherwise
            for one in grounds(_LETTER)
            if denied and one.otherwise and not found.holds(one.when, one.rules)
        ),
    )


def has_complaint(
    installation: Installation, record: Record, patient_id: str, fact_id: str
) -> bool:
    """Whether a complaint is drafted about an authorization. Raises ``NotFoundError``."""
    found = disputed(installation, record, patient_id, fact_id)
    return any(found.holds(one.when, one.rules) for one in grounds("complaint"))


def _draft(found: Disputed, letter: str, to: str, values: dict[str, str]) -> Draft:
    cites = tuple(_cited(found, letter, values))
    said = [one.text for one in cites] or [word(_LETTER, "nothing")]
    made = write(letter, values, {"grounds": said})
    return Draft(to, cites, made.text, made.paragraphs)


def _cited(found: Disputed, letter: str, values: dict[str, str]) -> list[Cited]:
    return [
        _one(found, ground, values)
        for ground in grounds(letter)
        if found.holds(ground.when, ground.rules)
    ]


def _one(found: Disputed, ground: Ground, values: dict[str, str]) -> Cited:
    text = ground.text.format(**values)
    rule = found.holds(ground.when, ground.rules)
    if isinstance(rule, bool):
        return Cited(text, None, None)
    return Cited(text, rule.id, rule.source, ground.check.format(**values))


def _values(
    installation: Installation, record: Record, patient_id: str, fact_id: str, found: Disputed
) -> dict[str, str]:
    """What fills the letters in."""
    asked, coverage = found.authorization, found.case.coverage
    client = views.client(record, chart.client_row(record, patient_id))
    born, member = client.get("birth_date"), coverage.member_id if coverage else None
    reason = reason_given(record, patient_id, fact_id)
    return {
        **letterhead(installation, record),
        **found.words,
        "client": str(client.get("name") or ""),
        "born": word(_LETTER, "born", day=long_day(date.fromisoformat(born))) if born else "",
        "member": word(_LETTER, "member", id=member) if member else "",
        "number": word(_LETTER, "number", id=asked.number) if asked.number else "",
        "decided": long_day(asked.decided_on) if asked.decided_on else "",
        "against": word(_LETTER, "against_of", day=long_day(asked.decided_on))
        if asked.decided_on
        else word(_LETTER, "against"),
        "asked": word(_LETTER, "asked_of", day=long_day(asked.requested_on))
        if asked.requested_on
        else word(_LETTER, "asked"),
        "reason": word(_LETTER, "reason", said=reason) if reason else "",
        "enclosed": word(_LETTER, "enclosed") if "documented" in found.when else "",
        "therapist": therapist_named(installation, found.file),
    }


def reason_given(record: Record, patient_id: str, fact_id: str) -> str:
    """What the payer gave as its reason, as somebody noted it last with the answer."""
    for row in record.acts.of_clients(record.clients.one_person(patient_id), NOTE):
        needs: dict[str, Any] = record.acts.act(row).needs
        if needs.get("authorization") == fact_id and row.undone_at is None:
            return str(needs.get("reason") or "")
    return ""
