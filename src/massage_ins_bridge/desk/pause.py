"""When a refusal is carried out: what cannot be taken back waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ..domain.days import zone
from ..settings import AccountSettings
from .open_days import OpenDays


@dataclass(frozen=True, slots=True)
class Occasion:
    """What turned a booking into one that is refused: ``by_clock``: nothing that anybody did:
    time passed, or the rules are newer; ``warned``: staff was told of it on a day before."""

    by_clock: bool = False
    warned: bool = False


FACTS = Occasion()


def refusal_time(
    settings: AccountSettings, days: OpenDays, now: datetime, today: date, occasion: Occasion
) -> datetime:
    """When a refusal that is wanted ``now`` may be carried out.

    What a clock caused waits for the office, counted from its opening; and where staff was not
    warned the day before, for the day after the next one on which somebody is there.
    """
    pause = settings.pause
    if not occasion.by_clock:
        return now + pause
    start = now
    if not occasion.warned:
        tomorrow = warning_day(settings, days, today) + timedelta(days=1)
        start = datetime.combine(tomorrow, time(), zone(days.zone))
    if not settings.refuse_in_office_hours:
        return start + pause
    return days.after_pause(start, pause)


def warning_day(settings: AccountSettings, days: OpenDays, today: date) -> date:
    """The day on which staff can act on what they are told today."""
    return days.next_on_or_after(today) if settings.refuse_in_office_hours else today


def may_act(settings: AccountSettings, days: OpenDays, now: datetime, *, by_clock: bool) -> bool:
    """Whether a refusal may be carried out now, as far as office hours go."""
    waits = by_clock and settings.refuse_in_office_hours
    return not waits or days.next_open(now) == now
