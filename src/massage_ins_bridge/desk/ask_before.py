"""A platform asks before it books: the decision that the booking would get, and a visit reserved
for it.

Nothing of whoever asks is filed: an unknown client stays unknown, and hears what everybody hears
whose booking is looked at by staff. So the answer never says whether somebody is a client here.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import structlog

from ..domain.answers import Outcome
from ..domain.facts import Coverage, Patient
from ..domain.problems import nearest
from ..domain.reading import Problem, UnusableInputError, read
from ..identity.matching import Surely
from ..store.bookings import Details
from ..store.people import Given
from ..store.record import Record
from ..store.reservations import Question
from .accounts import Account
from .client_file import ClientFile, load_client
from .client_texts import reason_for
from .errors import ConflictError
from .gate_judge import Asked, Judged, judge
from .gate_words import GateAnswer, GateQuestion
from .installation import Installation
from .odd_characters import refuse_odd_characters
from .platform_words import bare_coverage, details_of, moved_details, said_coverage
from .whose import ask_whose, judged

log = structlog.get_logger(__name__)
ANSWERS = "gate_answers"


def ask_before(installation: Installation, record: Record, data: Any) -> GateAnswer:
    """Answer a platform's question, and reserve a visit. The same question by the same key has the
    same answer, however often it is asked.

    Raises ``UnusableInputError``, and ``ConflictError`` where the key was used for another
    question.
    """
    refuse_odd_characters(data, one_line=True)
    question = read(GateQuestion, data)
    question.refuse(record.now)
    account = _account(installation, question.account)
    said = json.dumps(data, sort_keys=True, separators=(",", ":"))
    record.lock()
    known = record.reservations.by_key(account.name, question.key)
    if known is None:
        return _answer(installation, record, account, question, said)
    if not record.reservations.is_repeat(known, said):
        raise ConflictError(
            "The key was used for another question. Take a key of its own for each."
        )
    answer = record.reservations.answer(known)
    until = answer.pop("until")
    return GateAnswer(**answer, until=until and datetime.fromisoformat(until))


def _account(installation: Installation, name: str) -> Account:
    account = installation.accounts.get(name)
    if account is None:
        hint = nearest(name, installation.accounts) or ""
        said = f"{name!r} is no account of this clinic{hint}; see [[accounts]] in the settings"
        raise UnusableInputError([Problem("account", said)])
    return account


def _answer(
    installation: Installation, record: Record, account: Account, asked: GateQuestion, said: str
) -> GateAnswer:
    if judged(account, asked.booking):
        of = _filed(installation, record, account, asked)
        found = judge(installation, record, account, of)
        patient_id = of.file.patient_id or None
    else:
        ask_whose(record, account, asked.booking)  # nothing else of it is kept
        found, patient_id = Judged("hold", None, Details(), reserves=False), None
    question = Question(
        account.name, asked.key, said, asked.start, asked.ref, asked.previous, patient_id
    )
    answer = _told(account, found)
    row = record.reservations.add(question, found.outcome, found.details, {})
    if found.reserves:
        row.until = min(record.now + installation.settings.gate.reserve, asked.start)
        answer = replace(answer, reservation=row.id, until=row.until)
    until = answer.until and answer.until.isoformat()
    plain = {name: getattr(answer, name) for name in GateAnswer.__slots__}
    record.reservations.put_answer(row, {**plain, "until": until})
    installation.counts.add(ANSWERS, outcome=answer.outcome)
    log.info("asked before a booking", reservation=row.id, outcome=answer.outcome)
    return answer


def _told(account: Account, found: Judged) -> GateAnswer:
    """An account that observes lets everything be booked, as if nobody had been asked."""
    outcome: Outcome = found.outcome if account.enforces else "allow"
    decision = found.decision
    as_decided = decision is not None and decision.outcome == outcome != "allow"
    terms = decision.self_pay_terms if decision is not None and as_decided else None
    text = reason_for(outcome, terms)
    enforcement = account.settings.enforcement
    return GateAnswer(outcome, text, terms, found.outcome, enforcement)


def _filed(
    installation: Installation, record: Record, account: Account, asked: GateQuestion
) -> Asked:
    """The booking with its client's file, and what the client says of their insurance."""
    details = details_of(account, asked.booking)
    former = record.bookings.by_ref(account.name, asked.previous) if asked.previous else None
    if former is not None:
        details = moved_details(record.bookings.details(former), details)
        patient_id: str | None = former.patient_id
    else:
        found = record.people.whose(Given.of(details))
        patient_id = found.id if isinstance(found, Surely) else None
    file = load_client(record, patient_id, lock=True) if patient_id else None
    if file is None:
        file = _nobody(details)
    elif former is not None:
        others = tuple(held for held in file.bookings if held.row.id != former.id)
        file = replace(file, bookings=others)
    file = _with_coverage(installation, file, details)
    return Asked(asked.start, asked.end, file, details)


def _nobody(details: Details) -> ClientFile:
    """The file of somebody who is not surely on file: an empty one, in doubt."""
    born = details.answers.get("birth_date")
    who = Patient(
        name=details.person.get("name"),
        birth_date=date.fromisoformat(born) if born else None,
        identity="doubtful",
    )
    kinds = ("coverage", "prescription", "authorization", "progress-report")
    return ClientFile("", who, dict.fromkeys(kinds, ()), (), (), [])


def _with_coverage(installation: Installation, file: ClientFile, details: Details) -> ClientFile:
    """With what the client says of their insurance, which nobody has confirmed."""
    known = file.facts["coverage"]
    data = said_coverage(details, known, installation.host.payers.key_of)
    if data is None:
        return file
    words = installation.host.words
    try:
        coverage = read(Coverage, data, words=words)
    except UnusableInputError:
        coverage = read(Coverage, bare_coverage(details), words=words)
    return replace(file, facts={**file.facts, "coverage": (*known, coverage)})
