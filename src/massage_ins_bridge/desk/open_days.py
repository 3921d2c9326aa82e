"""Which days a desk can act on: the clinic's office hours, and the holidays of Washington State."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from ..domain.days import add_days, local_day
from ..domain.office_hours import DEFAULT_OFFICE_HOURS, OfficeHours, read_office_hours

if TYPE_CHECKING:
    from collections.abc import Container

    from .installation import Installation


@dataclass(frozen=True, slots=True)
class OpenDays:
    """The days and hours of one clinic. Some day of every week is open but for holidays, of which
    no two weeks in a row are full."""

    hours: OfficeHours
    zone: str

    def is_open(self, day: date) -> bool:
        """Whether somebody is at the desk on that day."""
        return bool(self.hours.on(day)) and day not in _holidays()

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

    def next_opening(self, moment: datetime) -> datetime:
        """``moment`` itself where the desk is open then, else when it opens next."""
        day = local_day(moment, self.zone)
        while True:
            day = self.next_on_or_after(day)
            for opens, closes in self.hours.openings(day, self.zone):
                if moment < closes:
                    return max(moment, opens).astimezone(UTC)
            day += timedelta(days=1)


def open_days(installation: Installation) -> OpenDays:
    """Those of the installation's clinic."""
    said = installation.settings.clinic.get("office_hours", DEFAULT_OFFICE_HOURS)
    return _open_days(str(said), installation.zone)


@lru_cache(maxsize=8)
def _open_days(hours: str, zone: str) -> OpenDays:
    return OpenDays(read_office_hours(hours), zone)


@lru_cache(maxsize=1)
def _holidays() -> Container[date]:
    """Actual and observed days. Loaded when the first day is asked for: a command that decides
    nothing has no use for it."""
    import holidays

    return holidays.country_holidays("US", subdiv="WA")
