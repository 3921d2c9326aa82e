"""What a check request says, in the plainest form: missing things are None, days are dates."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .names import canonical

ZONE = ZoneInfo("America/Los_Angeles")
Json = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """A completed visit or a standing booking."""

    day: date
    payer: str | None
    modality: str
    ours: bool
    claim_number: str | None
    prescription: str | None
    episode: str | None
    standing: bool

    @property
    def massage(self) -> bool:
        return self.modality == "massage"


@dataclass(frozen=True)
class Facts:
    """One request, read. ``done`` and ``before``: completed visits, standing bookings before this
    one; ``other``: standing bookings after it."""

    today: date
    start: datetime
    day: date
    lead: date
    done: list[Entry] | None
    before: list[Entry] | None
    other: list[Entry]
    request: Json

    @property
    def countable(self) -> bool:
        return self.done is not None and self.before is not None

    @property
    def entries(self) -> list[Entry]:
        return sorted((self.done or []) + (self.before or []), key=lambda item: item.day)

    @property
    def booking(self) -> Json:
        booking: Json = self.request["booking"]
        return booking

    def clinic(self, key: str, otherwise: Any = None) -> Any:
        return self.request.get("clinic", {}).get(key, otherwise)

    def patient(self, key: str) -> Any:
        return self.request.get("patient", {}).get(key)


def clean(value: Any) -> Any:
    """`null` is missing, and so is an empty or blank string."""
    if isinstance(value, dict):
        kept = {key: clean(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item is not None}
    if isinstance(value, list):
        return [item for item in map(clean, value) if item is not None]
    return None if isinstance(value, str) and not value.strip() else value


def to_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def local(text: str, zone: ZoneInfo = ZONE) -> datetime:
    return datetime.fromisoformat(text).astimezone(zone)


def add_months(day: date, months: int) -> date:
    """Months later, clamped to the month's end."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))


def holds_on(span: Json, day: date) -> bool:
    """Whether a span holds on a day; a missing end is open."""
    first, last = to_day(span.get("from")), to_day(span.get("to"))
    return (first is None or first <= day) and (last is None or day <= last)


def entry(item: Json, zone: ZoneInfo) -> Entry:
    """Without provider, modality, payer it is this clinic's, massage, nobody's."""
    standing = "start" in item
    return Entry(
        day=local(item["start"], zone).date() if standing else date.fromisoformat(item["on"]),
        payer=canonical(item.get("payer")),
        modality=item.get("modality", "massage"),
        ours=item.get("provider", "this-clinic") == "this-clinic",
        claim_number=item.get("claim_number"),
        prescription=item.get("prescription"),
        episode=item.get("episode"),
        standing=standing,
    )


def read(raw: Json) -> Facts:
    request = clean(raw)
    clinic = request.get("clinic", {})
    zone = ZoneInfo(clinic.get("timezone", ZONE.key))
    start = local(request["booking"]["start"], zone)
    day, as_of = start.date(), request.get("as_of")
    visits, upcoming = request.get("visits"), request.get("upcoming")
    done = [entry(item, zone) for item in visits or [] if "on" in item]
    ahead = [(local(i["start"], zone), entry(i, zone)) for i in upcoming or [] if "start" in i]
    return Facts(
        today=(local(as_of, zone) if as_of else datetime.now(UTC).astimezone(zone)).date(),
        start=start,
        day=day,
        lead=day - timedelta(days=clinic.get("prescription_lead_days", 4)),
        done=None if visits is None else [item for item in done if item.day <= day],
        before=None if upcoming is None else [item for when, item in ahead if when <= start],
        other=[item for when, item in ahead if when > start],
        request=request,
    )
