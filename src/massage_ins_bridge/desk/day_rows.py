"""Bookings as rows of a page: who comes, how it stands, why, what happens next, and what can be
pressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..store.models import BookingRow
from ..store.record import Record
from .face_parts import LET_STAND, Button, Face, Needs, Tag, Words
from .faces import face, state_of
from .installation import Installation
from .opened import Opened
from .own import is_own
from .roles import Person
from .say import initials
from .sight import Sight, sights

#: What is wrong with a prescription is looked at on the one that serves the booking; where it must
#: be there by a day (none is on file, or it ends, or is used up), only a new one cures it.
_THIS_PAPER = ("Look at the prescription", "", "/prescriptions/of/{booking}")
_NEW_PAPER = ("Add prescription", "", "/prescriptions/new")
#: By the beginning of a requirement's key, what cures it: the words of the button, and what is
#: pressed, or the part of the client's page.
_CURES: tuple[tuple[str, str, str, str], ...] = (
    ("prescription", *_THIS_PAPER),
    ("diagnosis", *_THIS_PAPER),
    ("medical-necessity", *_THIS_PAPER),
    ("coverage", "Confirm {payer}", "confirm-payer", ""),
    ("prior-authorization", "Ask and record", "", "/ask/{key}"),
    ("clinic-approval", "Record the approval", "", "/authorizations/new?kind=clinic-approval"),
    ("referral", "Add the referral", "", "/authorizations/new?kind=referral"),
    ("intake", "Intake is in", "intake-in", ""),
    ("guardian-consent", "Consent is in", "consent-in", ""),
    ("claim", "See the claim", "", "#insurance"),
    ("progress-report", "Report is sent", "", "#reports"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One booking on a page. ``line``: insurer and number of the visit; ``why``: where the cause
    comes from, and what cures it; ``menu``: further things to press, in groups; ``past``: nothing
    is left to do; ``would``: what was decided, where its account only watches."""

    id: str
    patient_id: str
    start: datetime
    practitioner: str
    client: str
    line: str
    state: str
    tags: tuple[Tag, ...]
    cause: str
    why: str
    next: str
    main: Button | None
    plain: Button | None
    menu: tuple[tuple[Button, ...], ...]
    needs: Needs
    past: bool
    would: str = ""


def day_rows(
    installation: Installation,
    record: Record,
    opened: Opened,
    person: Person,
    found: Sequence[BookingRow],
) -> tuple[Row, ...]:
    """The rows of bookings, in their order. A therapist is shown others' name and hour alone."""
    words = Words(record.zone, record.today.year)
    seen = sights(installation, record, opened, found)
    return tuple(_row(installation, sight, words, person) for sight in seen)


def _row(installation: Installation, sight: Sight, words: Words, person: Person) -> Row:
    cure = _cure(sight, covered=person.covered)
    state = state_of(sight)
    shown = face(sight, state, words, cure)
    row, others = sight.row, not is_own(person, sight.details.practitioner)
    hidden = person.covered or others
    acts = not others and person.may("work")
    cause, why = _cause(sight, shown)
    return Row(
        id=row.id,
        patient_id=row.patient_id,
        start=row.start_at,
        practitioner=practitioner_name(installation, sight.details.practitioner),
        client=initials(sight.client) if person.covered else sight.client,
        line="" if hidden else _line(sight),
        state=state,
        tags=() if others else shown.tags,
        cause="" if hidden else cause,
        why="" if hidden else why,
        next="" if others else shown.next,
        main=_allowed(shown.main, person) if acts else None,
        plain=_allowed(shown.plain, person) if acts else None,
        menu=_menu(sight, shown, person) if acts else (),
        needs="" if others else shown.needs,
        past=not sight.live and not shown.needs,
        would=(row.outcome or "") if sight.only_watched else "",
    )


def practitioner_name(installation: Installation, key: str | None) -> str:
    """What people call a practitioner: the first name, where the settings say it."""
    for one in installation.settings.clinic_facts.practitioners or ():
        if one.key == key:
            return (one.name or one.key or "").split(" ")[0]
    return key or ""


def _line(sight: Sight) -> str:
    number = sight.why.visit if sight.why is not None else None
    if sight.details.self_pay or number is None:
        return sight.payer
    return f"{sight.payer} · visit {number}"


def _cause(sight: Sight, shown: Face) -> tuple[str, str]:
    """The cause, and what is told when somebody asks why."""
    if shown.cause:
        return shown.cause, ""
    found = sight.cause
    if not shown.shows_cause or found is None or (sight.why and sight.why.cost == "none"):
        return "", ""
    short, rest = first_words(found.message)
    return short, " ".join(filter(None, (rest, found.remedy, found.source)))


def first_words(message: str, most: int = 140) -> tuple[str, str]:
    """The first sentences of a cause, as far as a row has room for them, and the rest."""
    if len(message) <= most:
        return message, ""
    cut = message.rfind(". ", 0, most) + 1 or message.find(". ") + 1
    return (message[:cut], message[cut:].strip()) if cut else (message, "")


def _cure(sight: Sight, *, covered: bool) -> Button | None:
    """What cures the cause; where names are covered the button names neither payer nor paper."""
    found = sight.cause
    if found is None or sight.why is None or sight.why.cost in ("none", "warn"):
        return None
    for start, *way in () if covered else _CURES:
        if found.key.startswith(start):
            new = start == "prescription" and found.due
            said, do, page = _NEW_PAPER if new else way
            where = page.format(key=sight.details.billed or "", booking=sight.row.id)
            href = f"/clients/{sight.row.patient_id}{where}" if page else ""
            return Button(said.format(payer=sight.payer), do, href)
    return Button("Open", href=f"/bookings/{sight.row.id}")


def _allowed(button: Button | None, person: Person) -> Button | None:
    refuses = button is not None and button.do in ("stand", "stop", "unsay")
    return None if refuses and not person.may("word") else button


def _menu(sight: Sight, shown: Face, person: Person) -> tuple[tuple[Button, ...], ...]:
    """What else can be pressed: only what is lawful and possible, always in this order."""
    row, page = sight.row, f"/bookings/{sight.row.id}"
    live, plain = sight.live, {shown.main, shown.plain}
    ends = [Button("No-show", "no-show")] if live and sight.begun else []
    if live and row.arrived_at is not None:
        ends.insert(0, Button("Undo arrived", "not-arrived"))
    if live and sight.by_hand:
        ends.append(Button("Cancelled", "cancelled"))
    changes = [Button("Wrong client: move…", href=f"{page}/client")]
    if live:
        changes.append(Button("Bill another payer…", href=f"{page}/payer"))
    terms = sight.why.terms if sight.why is not None else None
    if live and terms is not None and not sight.details.self_pay:
        pays = "Client pays…" if terms == "free" else "Client pays, signed before…"
        changes.append(Button(pays, href=f"{page}/self-pay"))
    if live and person.may("word") and not sight.begun:
        if row.outcome in ("hold", "block") and sight.said.override is None:
            changes.append(LET_STAND)
        if sight.said.override is not None or sight.said.stopped:
            changes.append(Button("Take the word back", "unsay"))
        elif not sight.watching:
            changes.append(Button("Refuse now…", href=f"{page}/refuse"))
    elif sight.said.override == "block" and person.may("word") and not sight.begun:
        changes.append(Button("Take the word back", "unsay"))
    last = [Button("Everything on this visit", href=page)]
    groups = ([b for b in group if b not in plain] for group in (ends, changes, last))
    return tuple(tuple(group) for group in groups if group)


def by_practitioner(rows: Sequence[Row]) -> Mapping[str, int]:
    """How many rows each practitioner has, in order of their names."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.practitioner] = found.get(row.practitioner, 0) + 1
    return dict(sorted(found.items()))
