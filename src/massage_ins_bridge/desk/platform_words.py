"""What a platform's booking says, in the shape in which it is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ..api.connectors import PlatformBooking
from ..domain.facts import Coverage
from ..store.bookings import Details
from .accounts import Account
from .odd_characters import without_odd_characters
from .who import person_of

#: Longer answers of a booking form are cut: they are no payer, plan or number.
MAX_ANSWER = 400
_CLAIM = {"number": "claim_number", "date_of_injury": "date_of_injury"}
KeyOf = Callable[[str | None], str | None]


def moved_details(former: Details, details: Details) -> Details:
    """Those of a booking that another one is moved to: what only the other one's form, or staff,
    said stays true."""
    if not details.answers:
        details = replace(details, answers=former.answers, payer=former.payer)
    if former.by_staff:
        details = replace(details, payer=former.payer, self_pay=former.self_pay, by_staff=True)
    return replace(
        details,
        place=former.place,
        prescription=former.prescription,
        episode=former.episode,
        injury=former.injury,
        extra=former.extra,
    )


def details_of(account: Account, booking: PlatformBooking) -> Details:
    """What a platform says of a booking, as it is kept."""
    service = account.settings.services.get(booking.service_ref or "")
    words = {k: without_odd_characters(v).strip() for k, v in booking.answers.items()}
    answers = {k: v[:MAX_ANSWER] for k, v in words.items() if v}
    return Details(
        service_ref=booking.service_ref,
        service=service.service if service else None,
        self_pay=service.self_pay if service else None,
        payer=answers.get("payer"),
        practitioner=_practitioner(account, booking.host_refs),
        host_refs=booking.host_refs,
        answers=answers,
        person=person_of(account, booking),
    )


def as_named(account: Account, known: Details) -> Details:
    """What is kept of a booking, by what the settings call its service and host now. Who gives it
    stays known where they do not say; nor is staff's choice of self-pay taken back."""
    service = account.settings.services.get(known.service_ref or "")
    if service is not None:
        self_pay = known.self_pay if known.by_staff else service.self_pay
        known = replace(known, service=service.service, self_pay=self_pay)
    practitioner = _practitioner(account, known.host_refs)
    return replace(known, practitioner=practitioner or known.practitioner)


def _practitioner(account: Account, host_refs: Sequence[str]) -> str | None:
    """The key of the one who gives the visit, where the settings name exactly one of its hosts."""
    meant = {account.settings.practitioners.get(host) for host in host_refs} - {None}
    return meant.pop() if len(meant) == 1 else None


def said_coverage(
    details: Details, known: Sequence[Coverage], key_of: KeyOf
) -> dict[str, Any] | None:
    """The coverage that a client names who has none of that payer on file (``known``), unconfirmed;
    ``None`` where there is nothing new. ``key_of`` gives a payer's key."""
    payer, answers = details.payer, details.answers
    if not payer or details.self_pay or any(key_of(c.payer) == key_of(payer) for c in known):
        return None
    claim = {k: answers.get(n) for k, n in _CLAIM.items() if answers.get(n)}
    return {
        "payer": payer,
        **{k: answers[k] for k in ("plan", "group_number", "member_id") if answers.get(k)},
        "position": "secondary" if known else "primary",
        "staff_confirmed": False,
        **({"claim": claim} if claim else {}),
    }


def bare_coverage(details: Details) -> dict[str, Any]:
    """The same where what they wrote beside the payer cannot be used."""
    return {"payer": details.payer, "staff_confirmed": False}


def says_other_member(details: Details, known: Sequence[Coverage], key_of: KeyOf) -> bool:
    """Whether a client gives another member id than the one on file of that payer."""
    payer, member = details.payer, details.answers.get("member_id")
    if not payer or details.self_pay:
        return False
    same = [c for c in known if key_of(c.payer) == key_of(payer)]
    return bool(same) and all(c.member_id and c.member_id != member for c in same)
