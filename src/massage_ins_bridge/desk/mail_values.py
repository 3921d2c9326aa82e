"""What an e-mail about a booking says, while it is true: the values of its template, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ..identity.addresses import made_up
from ..messages.days import Language, short_day, time_in_words
from ..messages.page_words import things
from ..messages.terms import signed
from ..store.bookings import ENDED, LIVE
from ..store.models import BookingRow, WriteRow
from ..store.record import Record
from .after_refusal import was_refused
from .client_file import ClientFile, Held, load_client
from .give_back import given_back
from .going_live import may_write
from .installation import Installation
from .own_page import first_name, keep_until, therapist_of
from .page_needs import Needs, needs_of
from .plan_mail import is_told
from .plan_writes import wanted_step
from .staff_words import in_force

Values = dict[str, str | None]
#: ``over``: it is true no more; ``wait``: it is not true yet; ``nobody``: there is no address.
Verdict = Literal["send", "over", "wait", "nobody"]
_WITH: dict[Language, str] = {"en": "us", "es": "nosotros"}
_BEFORE: dict[Language, str] = {"en": "before your visit", "es": "antes de su cita"}
_BY: dict[Language, str] = {"en": "by {}", "es": "a más tardar el {}"}


@dataclass(frozen=True, slots=True)
class Ready:
    """Whether an e-mail is to leave, to whom, and what it says."""

    verdict: Verdict
    to: str = ""
    language: Language = "en"
    values: Values | None = None


def ready(installation: Installation, record: Record, write: WriteRow) -> Ready:
    """Look at an e-mail about a booking once more."""
    row = record.bookings.get(write.subject)
    file = load_client(record, row.patient_id) if row is not None else None
    if row is None or file is None:
        return Ready("over")
    held = file.held(row.id)
    verdict = _verdict(installation, record, file, held, write)
    if verdict != "send":
        return Ready(verdict)
    to = address_of_client(installation, record, file.patient_id)
    if to is None:
        return Ready("nobody")
    language: Language = "es" if file.patient.language == "es" else "en"
    needs = _needs(record, file, held)
    values = values_of(installation, record, file, held, language, needs)
    if write.kind == "terms":
        values["terms"] = _agreed(record, held)
    return Ready("send", to, language, values)


def values_of(
    installation: Installation,
    record: Record,
    file: ClientFile,
    held: Held,
    language: Language,
    needs: Needs,
) -> Values:
    """What the templates may say of a booking, but for the link. The last day is the client's own:
    what staff or the plan has to do by an earlier one is nothing that the client can be late with,
    and no word of it is said to them."""
    row, page = held.row, installation.settings.client_page
    last = needs.last_day
    kept = keep_until(installation, record, file, held) if row.outcome == "hold" else None
    if kept is not None and last is not None and kept < last:
        kept = None
    words = short_day(last, language, record.today) if last else None
    return {
        "first": first_name(file.patient.name) or None,
        "day": short_day(record.day(row.start_at), language, record.today),
        "time": time_in_words(row.start_at, language, record.zone),
        "therapist": therapist_of(installation, held) or _WITH[language],
        "count": things(language, needs.missing or 1),
        "last_day": words,
        "kept_until": short_day(kept, language, record.today) if kept else None,
        "by_when": _BY[language].format(words) if words else _BEFORE[language],
        "phone": page.phone or None,
        "address": page.address or None,
        "clinic": installation.settings.clinic_facts.name or None,
    }


def address_of_client(installation: Installation, record: Record, patient_id: str) -> str | None:
    """Where the client is written to; ``None`` where no address is known, or only one that a
    platform made up."""
    row = record.clients.get(patient_id)
    email = record.clients.contact(row).email if row is not None else None
    if not email:
        return None
    patterns = (a.connector.made_up_emails for a in installation.accounts.values())
    return None if any(made_up(email, known) for known in patterns) else email


def _verdict(
    installation: Installation, record: Record, file: ClientFile, held: Held, write: WriteRow
) -> Verdict:
    row, said = held.row, in_force(held.words, record.now)
    account = installation.accounts.get(row.account)
    if row.revision != write.revision or row.start_at <= record.now:
        return "over"
    if write.kind == "terms":
        return "send" if row.platform_status in LIVE and held.details.self_pay else "over"
    if account is None or not may_write(record, account, row, said):
        return "over"
    if write.kind == "refused":
        return "send" if row.platform_status in ENDED and was_refused(held) else "over"
    if row.platform_status not in LIVE or given_back(held.writes, row) is not None:
        return "over"
    if write.kind == "cured":
        return _of_cured(row)
    return "send" if is_true(installation, record, file, held, write.kind) else "over"


def is_true(
    installation: Installation, record: Record, file: ClientFile, held: Held, kind: str
) -> bool:
    """Whether an e-mail that says how a booking on hold stands is true now."""
    row, said = held.row, in_force(held.words, record.now)
    account = installation.accounts.get(row.account)
    if account is None or not may_write(record, account, row, said):
        return False
    if row.platform_status not in LIVE or given_back(held.writes, row) is not None:
        return False
    told = row.outcome == "hold" and is_told(account, wanted_step(account, held, said))
    return told and _is_so(kind, _needs(record, file, held))


def _of_cured(row: BookingRow) -> Verdict:
    """It is confirmed once the platform says so."""
    if row.outcome != "allow":
        return "over"
    return "send" if row.platform_status == "accepted" else "wait"


def _is_so(kind: str, needs: Needs) -> bool:
    if kind == "reminder":
        return needs.last_day is not None
    return (needs.missing > 0) == (kind == "hold")


def last_day_of(record: Record, file: ClientFile, held: Held) -> date | None:
    """The last day for what the client has still to send."""
    return _needs(record, file, held).last_day


def _needs(record: Record, file: ClientFile, held: Held) -> Needs:
    decision = record.decisions.data(held.last) if held.last is not None else None
    return needs_of(record, file, decision)


def _agreed(record: Record, held: Held) -> str | None:
    """What the client agreed to, as their page kept it, without what it says of the care."""
    acts = record.page_acts.of_clients(record.clients.one_person(held.row.patient_id))
    act = next((a for a in acts if (a.kind, a.booking_id) == ("self-pay", held.row.id)), None)
    if act is None:
        return None
    said = record.page_acts.said(act)
    language: Language = "es" if said.get("language") == "es" else "en"
    name, day = str(said.get("name", "")), record.day(act.created_at)
    return "\n".join([*said.get("copy", ()), signed(name, day, language, record.today)])
