"""What staff sees at a glance: what is booked, how it stands and why, and what there is to do, in
plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from textwrap import shorten
from zoneinfo import ZoneInfo

from ..store import lists
from ..store import overview as rows
from ..store.lists import TasksWanted, state_of
from ..store.models import WordRow
from ..store.record import Record
from .first_look import all_progress
from .installation import Installation
from .opened import Opened, Reason, Why
from .staff_words import OVERRIDES, open_words
from .tasks import as_to_do
from .trouble import all_trouble

#: For how many days before today bookings are shown.
DAYS_BACK = 7
#: How many are on a page: of those to come, of those of the week before, and of the tasks.
COMING, PAST, TASKS = 300, 100, 100
#: After how many characters a client's own words are cut.
MOST_WORDS = 60
_SUMMED = ("allowed", "on hold", "blocked")
_OPEN = TasksWanted()
_DID = {
    "confirm": "confirmed by the bridge",
    "hold": "kept pending",
    "manual": "held by staff",
    "block": "refused by the bridge",
    "reopen": "brought back by the bridge",
}
_SAID = {
    "allow": "{} let it stand",
    "block": "{} refused it",
    "stop": "{} stopped the refusal",
    "now": "{} had it refused",
}
_NEWS = {
    "waiting": "to be {}, unless it is stopped",
    "queued": "to be {}",
    "observed": "would have been {}",
    "superseded": "not {}: a later decision took its place",
    "failed": "could not be {}: see tasks",
}


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of each list is wanted; the first is 0."""

    coming: int = 0
    past: int = 0
    tasks: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One booking. ``past``: it lies before today; ``written``: what became of each write, the
    latest last; ``staff``: whose word of staff outranks the rules, and why."""

    id: str
    start: datetime
    day: str
    time: str
    client: str
    payer: str
    outcome: str
    state: str
    route: str | None
    reasons: tuple[Reason, ...]
    staff: str
    platform: str
    written: tuple[str, ...]
    past: bool


@dataclass(frozen=True, slots=True)
class ToDo:
    """One task."""

    client: str
    message: str
    due: str | None
    booking: str | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The bookings of today and later, by start, then those of the week before, the latest first;
    the tasks, what is due first before the others. ``sums`` counts all of them, on whatever page;
    ``counts`` says how many there are of each list, ``pages`` how many a page holds. ``notices``
    stand above all."""

    today: str
    bookings: tuple[Line, ...]
    tasks: tuple[ToDo, ...]
    sums: Mapping[str, int]
    counts: Mapping[str, int]
    pages: Mapping[str, int]
    notices: tuple[str, ...] = ()


def now_in_words(moment: datetime, zone: str) -> str:
    """The clinic's time as people say it."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%A, %B} {local.day}, {local.year}, {_time(local)}"


def overview(installation: Installation, record: Record, opened: Opened, pages: Pages) -> Overview:
    """What staff is shown now. ``opened`` remembers what was unsealed for the last one."""
    zone = ZoneInfo(record.zone)
    today = datetime.combine(record.today, time(), zone)
    coming = rows.Span(today)
    past = rows.Span(today - timedelta(days=DAYS_BACK), today)
    cells = rows.bookings(record, coming, COMING, pages.coming * COMING)
    cells += rows.bookings(record, past, PAST, pages.past * PAST, latest_first=True)
    to_do = lists.tasks(record, _OPEN, None, TASKS, pages.tasks * TASKS)
    names = opened.names(record, {c.patient_id for c in cells} | {t.patient_id for t in to_do})
    ahead, behind = rows.states(record, coming), rows.states(record, past)
    open_tasks = lists.count_tasks(record, _OPEN)
    return Overview(
        today=record.today.isoformat(),
        bookings=_lines(installation, record, opened, cells, names),
        tasks=tuple(
            ToDo(
                names.get(task.patient_id or "", ""),
                as_to_do(task.kind, opened.message(record, task)),
                task.due.isoformat() if task.due else None,
                task.booking_id,
            )
            for task in to_do
        ),
        sums={**{s: ahead[s] + behind[s] for s in _SUMMED}, "tasks": open_tasks},
        counts={"coming": ahead.total(), "past": behind.total(), "tasks": open_tasks},
        pages={"coming": COMING, "past": PAST, "tasks": TASKS},
        notices=_notices(installation, record),
    )


def _notices(installation: Installation, record: Record) -> tuple[str, ...]:
    """What staff is to know of all that is shown."""
    looks = all_progress(installation, record)
    said = [f"Account {look.account}: {look.words}." for look in looks if look.done_at is None]
    amiss = all_trouble(record, installation.accounts)
    return (*said, *(f"Account {one.account}: {one.words(record.now)}." for one in amiss))


def _lines(
    installation: Installation,
    record: Record,
    opened: Opened,
    cells: Sequence[rows.BookingCells],
    names: Mapping[str, str],
) -> tuple[Line, ...]:
    ids = [c.id for c in cells]
    decisions = opened.decisions(record, ids)
    writes, words = rows.writes(record, ids), record.words.of_bookings(ids)

    def line(cell: rows.BookingCells) -> Line:
        why, name = decisions.get(cell.id), names.get(cell.patient_id, "")
        written = tuple(writes.get(cell.id, ()))
        staff = _staff(record, opened, cell.outcome, words.get(cell.id, ()))
        key = (cell, name, why and why.decision, staff, written, record.today)
        return opened.once(
            key, lambda: _line(installation, record, opened, (cell, name, why, staff, written))
        )

    return tuple(map(line, cells))


def _line(
    installation: Installation,
    record: Record,
    opened: Opened,
    found: tuple[rows.BookingCells, str, Why | None, str, tuple[rows.WriteCells, ...]],
) -> Line:
    cell, name, why, staff, written = found
    start = cell.start_at.astimezone(ZoneInfo(record.zone))
    details = opened.details(record, cell.details_sealed)
    payer, own_words = _payer(installation, details.billed or details.payer)
    return Line(
        id=cell.id,
        start=start,
        day=_day(start, record.today.year),
        time=_time(start),
        client=name,
        payer="self-pay" if details.self_pay else payer,
        outcome=cell.outcome or "none",
        state=state_of(cell.outcome, cell.platform_status),
        route=why.route if why else None,
        reasons=_quoting(why.reasons, own_words) if why else (),
        staff=staff,
        platform=cell.platform_status,
        written=tuple(map(_news, written)),
        past=start.date() < record.today,
    )


def _staff(record: Record, opened: Opened, outcome: str | None, words: Iterable[WordRow]) -> str:
    """The word of staff by which a booking stands: an override outranks what was said of its
    refusal, which does not matter where the rules let the booking stand by now."""
    kinds = OVERRIDES if outcome == "allow" else _SAID
    found = [word for word in open_words(words, record.now) if word.kind in kinds]
    if not found:
        return ""
    last = max(found, key=lambda word: (word.kind in OVERRIDES, word.created_at))
    said = opened.word(record, last)
    who = _SAID[last.kind].format(said.name)
    return f"{who}: {said.reason}" if said.reason else f"{who}."


def _day(start: datetime, this_year: int) -> str:
    """The day as people say it; the year where it is not this one."""
    year = "" if start.year == this_year else f", {start.year}"
    return f"{start:%a, %b} {start.day}{year}"


def _time(moment: datetime) -> str:
    return f"{moment:%I:%M %p}".lstrip("0")


def _payer(installation: Installation, name: str | None) -> tuple[str, str]:
    """The payer as people call it; and the client's own words, where they name none."""
    if name is None:
        return "unknown", ""
    match = installation.host.payers.find(name)
    return (match.payer.name, "") if match else (_quoted(name), name)


def _quoting(reasons: tuple[Reason, ...], own_words: str) -> tuple[Reason, ...]:
    """The reasons with what a client wrote in quotes: nobody is to take it for the bridge's."""
    if len(own_words) < 2:
        return reasons
    return tuple(
        replace(
            reason,
            message=reason.message.replace(own_words, _quoted(own_words)),
            remedy=reason.remedy.replace(own_words, _quoted(own_words)),
        )
        for reason in reasons
    )


def _quoted(text: str) -> str:
    return f"\u201c{shorten(text, MOST_WORDS, placeholder=' …')}\u201d"


def _news(write: rows.WriteCells) -> str:
    """What became of a write."""
    did = _DID.get(write.kind, write.kind)
    if write.state in _NEWS:
        return _NEWS[write.state].format(did)
    if write.reached in ("manual", "unsupported"):
        return "left to staff"
    return did if write.reached != "already" else f"already {did}"
