"""The letter that asks a prescriber for exactly what their prescription lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..domain.answers import Finding
from ..messages.letters import Ask, Letter, asks, word, write
from ..store.record import Record
from . import chart, views
from .client_file import ClientFile, load_client
from .installation import Installation
from .prescriptions import KIND, Reviewed, Typed

_LETTER = "prescriber"


@dataclass(frozen=True, slots=True)
class PrescriberLetter:
    """``to``: the prescriber, as one would address them; ``asks``: what they are asked for, empty
    where a letter has nothing to say, which then is not written; ``text``: the whole letter."""

    to: str
    asks: tuple[str, ...]
    text: str
    paragraphs: tuple[str, ...]


def prescriber_letter(
    installation: Installation, record: Record, patient_id: str, fact_id: str
) -> PrescriberLetter:
    """The letter about a prescription on file. Raises ``NotFoundError``."""
    data = chart.get_fact(record, patient_id, KIND, fact_id).data
    wanted = lacking(Reviewed(installation, record, patient_id, fact_id), data)
    to = prescriber_called(data) or word(_LETTER, "nobody")
    if not wanted:
        return PrescriberLetter(to, (), "", ())
    made = _written(installation, record, patient_id, data, to, wanted)
    return PrescriberLetter(to, wanted, made.text, made.paragraphs)


def prescriber_called(data: Mapping[str, Any]) -> str:
    """The prescriber of a prescription, with their credential; empty where nobody knows."""
    who = data.get("prescriber") or {}
    return ", ".join(str(who[part]) for part in ("name", "credential") if who.get(part))


def lacking(reviewed: Reviewed, data: Mapping[str, Any]) -> tuple[str, ...]:
    """What the prescriber is to be asked for, in the order of the letter: what the rules of some
    payer find wanting, and the prescriber alone can mend."""
    found = reviewed.typed(dict(data))
    wanted: list[Ask] = []
    for ask in asks():
        said = list(_of(found, ask.finding))
        if not said or (not ask.lacks and any(one.finding == ask.finding for one in wanted)):
            continue
        if ask.lacks:
            asked = _at(data, ask.lacks) in (None, False, "")
            asked = asked and (ask.would is None or _matters(reviewed, data, said, ask))
        else:
            asked = ask.finding in _UNKNOWN_TOO or any(f.status == "unmet" for f in said)
        if asked:
            wanted.append(ask)
    return tuple(ask.text for ask in wanted)


#: What is asked for even where it is only not recorded: the paper would show it.
_UNKNOWN_TOO = frozenset({"prescription.signature"})


def _matters(reviewed: Reviewed, data: Mapping[str, Any], said: list[Finding], ask: Ask) -> bool:
    """Whether a finding would be another if the prescription said it."""
    return list(_of(reviewed.typed({**data, ask.lacks: ask.would}), ask.finding)) != said


def _of(found: tuple[Typed, ...], field: str) -> Iterator[Finding]:
    """The findings of a name that are not met."""
    for one in found:
        yield from (f for f in one.findings if f.field == field and f.status != "met")


def _at(data: Mapping[str, Any], path: str) -> Any:
    value: Any = data
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _written(
    installation: Installation,
    record: Record,
    patient_id: str,
    data: Mapping[str, Any],
    to: str,
    wanted: tuple[str, ...],
) -> Letter:
    page = installation.settings.client_page
    client = views.client(record, chart.client_row(record, patient_id))
    born = client.get("birth_date")
    values = {
        **letterhead(installation, record),
        "prescriber": to,
        "client": str(client.get("name") or ""),
        "born": word(_LETTER, "born", day=long_day(date.fromisoformat(born))) if born else "",
        "paper": _paper(data),
        "insurer": word(_LETTER, "insurer"),
        "back": word(_LETTER, "back", fax=page.fax) if page.fax else "",
        "therapist": therapist_named(installation, load_client(record, patient_id)),
    }
    return write(_LETTER, values, {"asks": wanted})


def letterhead(installation: Installation, record: Record) -> dict[str, str]:
    """What the head of every letter says: the clinic, how it is reached, and the day."""
    page = installation.settings.client_page
    contact = [page.phone, f"fax {page.fax}" if page.fax else ""]
    return {
        "clinic": installation.settings.clinic_facts.name or "",
        "address": page.address,
        "contact": " · ".join(part for part in contact if part),
        "today": long_day(record.today),
    }


def therapist_named(installation: Installation, file: ClientFile | None) -> str:
    """Who gives the client's last booking, where the clinic has named them."""
    key = file.bookings[-1].details.practitioner if file and file.bookings else None
    known = installation.settings.clinic_facts.practitioners or ()
    return next((p.name or "" for p in known if key and p.key == key), "")


def long_day(day: date) -> str:
    """A day as letters write it."""
    return f"{day:%B} {day.day}, {day.year}"


def _paper(data: Mapping[str, Any]) -> str:
    for name, words in (("signed_on", "paper"), ("received_on", "paper_undated")):
        if data.get(name):
            return word(_LETTER, words, day=long_day(date.fromisoformat(data[name])))
    return word(_LETTER, "paper_unknown")
