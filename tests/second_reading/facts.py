"""What a check request says, in the plainest form: missing things are None, days are dates."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Los_Angeles")
SERVED = ("regence", "premera", "first-choice", "cigna", "aetna", "kaiser", "uhc", "lni", "pip")
NAMES = {
    "regence": ("regence blueshield", "regence blue shield", "uniform medical plan", "ump"),
    "premera": ("premera blue cross", "premera bluecross"),
    "kaiser": ("group health", "group health cooperative", "kaiser permanente"),
    "first-choice": ("first choice", "first choice health network"),
    "cigna": ("cigna healthcare",),
    "uhc": ("unitedhealthcare", "united health care"),
    "lni": ("labor & industries", "labor and industries", "wa l&i"),
    "pip": ("personal injury protection",),
}
ALIASES = {name: payer for payer, names in NAMES.items() for name in names}
PLAN_OF_ALIAS = dict.fromkeys(("uniform medical plan", "ump"), "Uniform Medical Plan")
Json = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """A completed visit or a standing booking."""

    day: date
    payer: str | None
    massage: bool
    ours: bool
    claim_number: str | None
    standing: bool


@dataclass(frozen=True)
class Facts:
    """One request, read."""

    today: date
    start: datetime
    day: date
    payer: str | None
    coverage: Json | None
    network: str
    lead: timedelta
    done: list[Entry] | None
    before: list[Entry] | None
    same_day: list[Entry]
    upcoming_known: bool
    request: Json

    @property
    def countable(self) -> bool:
        return self.done is not None and self.before is not None

    @property
    def confirmed(self) -> bool:
        return bool(self.coverage) and self.cover("staff_confirmed") is True

    def cover(self, key: str) -> Any:
        return (self.coverage or {}).get(key)

    @property
    def in_force(self) -> bool:
        return self.coverage is None or valid_on(self.coverage, self.request)

    @property
    def claim(self) -> Json:
        return self.cover("claim") or {}


def clean(value: Any) -> Any:
    """`null` is missing, and so is an empty or blank string."""
    if isinstance(value, dict):
        kept = {key: clean(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item is not None}
    if isinstance(value, list):
        return [item for item in map(clean, value) if item is not None]
    return None if isinstance(value, str) and not value.strip() else value


def canonical(name: str | None) -> str | None:
    if name is None:
        return None
    plain = " ".join(name.lower().split())
    return ALIASES.get(plain, plain)


def to_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(ZONE)


def add_months(day: date, months: int) -> date:
    """Months later, clamped to the month's end."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))


def billed(request: Json) -> tuple[str | None, Json | None]:
    """The payer billed and its coverage; None where it cannot be told. One in force goes before
    one that is not."""
    coverages = request.get("coverages") or []
    coverages = [item for item in coverages if valid_on(item, request)] or coverages
    named = canonical(request["booking"].get("payer"))
    if named:
        mine = [c for c in request.get("coverages") or [] if canonical(c.get("payer")) == named]
        mine = [item for item in mine if valid_on(item, request)] or mine
    else:
        mine = [item for item in coverages if item.get("position") == "primary"]
        if not mine and len(coverages) == 1:
            mine = coverages
    if len(mine) != 1:
        return named, None
    return named or canonical(mine[0].get("payer")), with_plan(mine[0], request)


def valid_on(span: Json, request: Json) -> bool:
    """Whether a coverage, or an entry of the network, holds on the day of the visit."""
    day = local(request["booking"]["start"]).date()
    first, last = to_day(span.get("from")), to_day(span.get("to"))
    return (first is None or first <= day) and (last is None or day <= last)


def with_plan(coverage: Json, request: Json) -> Json:
    """An alias that names a plan brings that plan along."""
    if coverage.get("plan"):
        return coverage
    for name in (coverage.get("payer"), request["booking"].get("payer")):
        plan = PLAN_OF_ALIAS.get(" ".join((name or "").lower().split()))
        if plan:
            return {**coverage, "plan": plan}
    return coverage


def network_on(request: Json, payer: str | None, coverage: Json | None) -> str:
    """By the narrowest entries that fit day, practitioner and plan."""
    clinic = request.get("clinic", {})
    people = clinic.get("practitioners")
    who, plan = request["booking"].get("practitioner"), squeezed((coverage or {}).get("plan"))
    if who and people is not None and who not in [one.get("key") for one in people]:
        return "unknown"
    rows = [
        row
        for name, rows in clinic.get("network", {}).items()
        for row in rows
        if canonical(name) == payer and valid_on(row, request)
    ]
    if plan:
        rows = [r for r in rows if "plans" not in r or plan in map(squeezed, r["plans"])]
    if who:
        rows = [r for r in rows if who in r.get("practitioners", [who])]
    known = all((plan or "plans" not in r) and (who or "practitioners" not in r) for r in rows)
    for names in (("practitioners", "plans"), ("practitioners",), ("plans",)):
        narrow = [r for r in rows if all(name in r for name in names)]
        if narrow and known:
            rows = narrow
            break
    found = {row.get("status", "unknown") for row in rows}
    return found.pop() if len(found) == 1 else "unknown"


def squeezed(plan: str | None) -> str:
    return "".join((plan or "").lower().split())


def entry(item: Json, standing: bool) -> Entry:
    day = local(item["start"]).date() if standing else date.fromisoformat(item["on"])
    massage, ours = item.get("modality") == "massage", item.get("provider") == "this-clinic"
    payer, claim = canonical(item.get("payer")), item.get("claim_number")
    return Entry(day, payer, massage, ours, claim, standing)


def read(raw: Json) -> Facts:
    request = clean(raw)
    start = local(request["booking"]["start"])
    day = start.date()
    as_of = request.get("as_of")
    now = local(as_of) if as_of else datetime.now(UTC).astimezone(ZONE)
    payer, coverage = billed(request)
    visits, upcoming = request.get("visits"), request.get("upcoming")
    done = None if visits is None else [entry(item, False) for item in visits]
    ahead = [(local(item["start"]), entry(item, True)) for item in upcoming or []]
    before = [item for when, item in ahead if when <= start]
    return Facts(
        today=now.date(),
        start=start,
        day=day,
        payer=payer,
        coverage=coverage,
        network=network_on(request, payer, coverage),
        lead=timedelta(days=request.get("clinic", {}).get("prescription_lead_days", 4)),
        done=None if done is None else [item for item in done if item.day <= day],
        before=None if upcoming is None else before,
        same_day=[e for e in (done or []) + [e for _, e in ahead] if e.day == day],
        upcoming_known=upcoming is not None,
        request=request,
    )


def served(payer: str | None) -> bool:
    return payer in SERVED
