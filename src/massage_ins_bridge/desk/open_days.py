"""Which days a desk can act on: the clinic's office hours, and the holidays of Washington State."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..domain.days import add_days, local_day
from ..domain.office_hours import OfficeHours
from ..gate.answer_days import is_holiday

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .installation import Installation


#: In so many spans, a pause that fits into any has found one.
_LOOK_AHEAD = 60


@dataclass(frozen=True, slots=True)
class OpenDays:
    """The days and hours of one clinic. Some day of every week is open but for holidays, of which
    no two weeks in a row are full."""

    hours: OfficeHours
    zone: str

    def is_open(self, day: date) -> bool:
        """Whether somebody is at the desk on that day."""
        return bool(self.hours.on(day)) and not is_holiday(day)

    def last_on_or_before(self, day: date) -> date:
        """The day itself where it is open, else the last open one before it."""
        while not self.is_open(day):
            day = add_days(day, -1)
        return day

    def next_on_or_after(self, day: date) -> date:
        """The day itself where it is open, else the next open one."""
        while not self.is_open(day):
            day = add_days(day, 1)
        return day

    def next_open(self, moment: datetime) -> datetime:
        """``moment`` itself where the desk is open then, else when it opens next."""
        return self.after_pause(moment, timedelta(0))

    def next_day(self, moment: datetime) -> date:
        """On which day the desk is open next, counted from the moment: after closing it is not that
        day any more."""
        return local_day(self.next_open(moment), self.zone)

    def after_pause(self, moment: datetime, pause: timedelta) -> datetime:
        """When ``pause`` has passed with the desk open, counted from the opening where it is closed
        and anew where it closes too early. A pause that no day's hours hold ends at an opening."""
        for opens, closes in islice(self._hours_from(moment), _LOOK_AHEAD):
            begins = max(moment, opens)
            if begins + pause < closes:
                return begins + pause
        later = moment + pause
        return next(max(later, opens) for opens, _ in self._hours_from(later))

    def _hours_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans that end after the moment, in order."""
        zone = ZoneInfo(self.zone)
        day = local_day(moment, self.zone)
        while True:
            day = self.next_on_or_after(day)
            for span in self.hours.on(day):
                opens, closes = (at.astimezone(UTC) for at in span.times(day, zone))
                if moment < closes:
                    yield opens, closes
            day = add_days(day, 1)


def soon(installation: Installation, now: datetime) -> date:
    """By which day the desk is to do what cannot wait: today, where it is still open."""
    return open_days(installation).next_day(now)


def before_visit(installation: Installation, visit: date, today: date) -> date:
    """By which day the desk is to see to a visit: its own, where the desk is open then."""
    return max(today, open_days(installation).last_on_or_before(visit))


def open_days(installation: Installation) -> OpenDays:
    """Those of the installation's clinic."""
    return OpenDays(installation.settings.office_hours, installation.zone)
