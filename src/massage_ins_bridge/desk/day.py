"""Today: who comes, whether it stands, what needs somebody, and what happens by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..store import day as rows
from ..store.models import BookingRow
from ..store.record import Record
from .day_rows import Row, by_practitioner, day_rows
from .installation import Installation
from .opened import Opened
from .roles import Person
from .say import counted

#: How many rows are shown before "Show more": of the day, of what acts by itself, of what came in.
MOST, SOON_MOST, CAME_MOST = 30, 30, 8
#: What acts within this time stands first.
SOON = timedelta(days=1)
#: How a booking stands whose refusal waits: the rules want it, or a person does.
_REFUSED_SOON = frozenset({"refusal-waits", "refuse-ordered"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which day, whose bookings (a practitioner's first name), and whether only what needs
    somebody; ``more``: how many rows are shown at most."""

    day: date
    whose: str = ""
    needs_me: bool = False
    more: int = MOST

    @property
    def came(self) -> int:
        """How many of those that came in."""
        return CAME_MOST + max(0, self.more - MOST)


@dataclass(frozen=True, slots=True)
class Day:
    """One day. ``soon``: what is refused by itself within a day, the first one first; ``visits``:
    the day's, by hour; ``came_in``: what came since yesterday for later days. ``now_after``: after
    how many of the visits shown it is now; ``None`` on other days. ``hidden``: how many more visits
    there are; ``soon_hidden``: how many more acts by themselves; ``came_hidden``: whether more came
    in; ``above``: visits of the day stand among what acts by itself."""

    day: date
    today: bool
    before: date
    after: date
    soon: tuple[Row, ...]
    visits: tuple[Row, ...]
    came_in: tuple[Row, ...]
    now_after: int | None
    practitioners: tuple[str, ...]
    summary: str
    hidden: int
    soon_hidden: int
    came_hidden: bool
    above: bool = False


def day(
    installation: Installation, record: Record, opened: Opened, person: Person, asked: Asked
) -> Day:
    """What is shown of a day."""
    today = asked.day == record.today
    of_day = rows.starting(record, *span(record, asked.day))
    due = _due_soon(record) if today else {}
    soon_ids = sorted(due, key=lambda booking: due[booking])[:SOON_MOST]
    came = _came_in(record, asked.came + 1) if today else []
    found = {row.id: row for row in (*of_day, *rows.of_ids(record, soon_ids), *came[: asked.came])}
    built = day_rows(installation, record, opened, person, list(found.values()))
    made = {row.id: row for row in built}
    soon = [row for key in soon_ids if (row := made.get(key)) and row.state in _REFUSED_SOON]
    first = {row.id for row in soon}
    visits = [made[row.id] for row in of_day]
    shown = [row for row in visits if row.id not in first and _wanted(row, asked)]
    limited = tuple(shown[: asked.more])
    later = first | {row.id for row in visits}
    return Day(
        day=asked.day,
        today=today,
        before=asked.day - timedelta(days=1),
        after=asked.day + timedelta(days=1),
        soon=tuple(soon),
        visits=limited,
        came_in=tuple(made[row.id] for row in came[: asked.came] if row.id not in later),
        now_after=_now_after(limited, record.now) if today else None,
        practitioners=tuple(name for name in by_practitioner(visits) if name),
        summary=_summary(visits),
        hidden=len(shown) - len(limited),
        soon_hidden=len(due) - len(soon_ids),
        came_hidden=len(came) > asked.came,
        above=any(row.id in first for row in visits),
    )


def span(record: Record, first: date, days: int = 1) -> tuple[datetime, datetime]:
    """From the beginning of a day of the clinic's to that of the day ``days`` later."""
    zone = ZoneInfo(record.zone)
    start = datetime.combine(first, time(), zone)
    return start, datetime.combine(first + timedelta(days=days), time(), zone)


def _wanted(row: Row, asked: Asked) -> bool:
    return (not asked.whose or row.practitioner == asked.whose) and (
        not asked.needs_me or bool(row.needs)
    )


def _due_soon(record: Record) -> dict[str, datetime]:
    """By booking, when it is refused by itself, where that is within a day."""
    return {
        write.subject: write.due_at
        for write in record.writes.waiting(record.now + SOON)
        if write.due_at is not None
    }


def _came_in(record: Record, limit: int) -> list[BookingRow]:
    yesterday = span(record, record.today - timedelta(days=1))[0]
    tomorrow = span(record, record.today)[1]
    return rows.came_in(record, yesterday, tomorrow, limit)


def _now_after(visits: Sequence[Row], now: datetime) -> int:
    return sum(row.start <= now for row in visits)


def _summary(visits: Sequence[Row]) -> str:
    if not visits:
        return "No visits"
    need, over = sum(bool(row.needs) for row in visits), sum(row.past for row in visits)
    parts = [counted(len(visits), "visit")]
    needs = ", ".join(
        part
        for part in (
            f"{need} need{'s' if need == 1 else ''} you" if need else "",
            f"{over} {'is' if over == 1 else 'are'} over" if over else "",
        )
        if part
    )
    return ": ".join([*parts, needs]) if needs else parts[0]
