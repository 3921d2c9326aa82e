"""Many check requests for one payer, the same ones each time: how far a client has come, what was
approved, what is missing, unconfirmed or amiss, what the plugin declares, and on which days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..api import AUTHORIZATION_KINDS, Payer, RuleBook
from ..domain.declared import DeclaredFact
from .requests import Json, authorization, bookings, change, request, visits

#: How many visits were before.
COUNTS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 16, 23, 24, 30)
#: Early, after the usual free visits, and late.
FEW = (0, 6, 13)
#: With how many visits, and whether approved, one fact is changed.
AROUND = ((0, True), (6, False), (13, True))
LAST_VISIT = date(2026, 11, 30)
LATE = "2026-12-07T09:00:00-08:00"
STATUSES = ("requested", "pended", "denied", "void")
CLAIM: Json = {
    "number": "AB12345",
    "status": "open",
    "date_of_injury": "2026-09-15",
    "insurer_kind": "state_fund",
    "accepted_diagnoses": ["M54.2"],
    "attending": {"name": "Dr Example", "npi": "1234567893"},
    "benefit": {"limit": "10000.00", "left": "5000.00", "asked_on": "2026-11-20"},
}
#: What a declared fact may be, by its type; the first is the usual.
VALUES: dict[str, tuple[Any, ...]] = {
    "text": ("A-1", "none"),
    "bool": (True, False),
    "int": (40, 12, 4, 1, 0),
    "date": ("2026-11-20", "2025-01-31", "2027-02-28"),
    "amount": ("5000.00", "100.00", "0.00"),
}
PLACES = {
    "coverage": "coverages",
    "prescription": "prescriptions",
    "authorization": "authorizations",
    "visit": "visits",
    "booking": "upcoming",
}
#: One fact at a time that is missing, or other than one would like.
CHANGES: tuple[tuple[str, Any], ...] = (
    ("clinic", ...),
    ("clinic.network", ...),
    ("clinic.network.{payer}.0.status", "out"),
    ("clinic.prior_approval", "always"),
    ("clinic.late_authorization", "hold"),
    ("booking.end", ...),
    ("booking.service", ...),
    ("booking.place", "home"),
    ("booking.injury", "work"),
    ("booking.injury", "auto"),
    ("booking.episode", "low back"),
    ("patient", ...),
    ("patient.birth_date", ...),
    ("patient.intake_received", False),
    ("coverages", ...),
    ("coverages", []),
    ("coverages.0.plan", ...),
    ("coverages.0.group_number", ...),
    ("coverages.0.member_id", ...),
    ("coverages.0.position", "secondary"),
    ("coverages.0.funding", "self_insured"),
    ("coverages.0.funding", "unknown"),
    ("coverages.0.staff_confirmed", ...),
    ("coverages.0.massage_benefit", False),
    ("coverages.0.massage_benefit", True),
    ("coverages.0.visit_limit", 1),
    ("coverages.0.to", "2026-11-30"),
    ("prescriptions", ...),
    ("prescriptions", []),
    ("prescriptions.0.signed_on", ...),
    ("prescriptions.0.received_on", ...),
    ("prescriptions.0.signed", False),
    ("prescriptions.0.signed", ...),
    ("prescriptions.0.staff_confirmed", ...),
    ("prescriptions.0.prescriber", ...),
    ("prescriptions.0.prescriber.credential", "PA-C"),
    ("prescriptions.0.prescriber.npi", ...),
    ("prescriptions.0.diagnoses", ...),
    ("prescriptions.0.diagnoses", []),
    ("prescriptions.0.diagnoses", ["S13.4XXD"]),
    ("prescriptions.0.frequency", ...),
    ("prescriptions.0.duration", ...),
    ("prescriptions.0.visits", ...),
    ("prescriptions.0.purpose", "maintenance"),
    ("prescriptions.0.pain", False),
    ("prescriptions.0.loss_of_function", False),
    ("prescriptions.0.loss_of_function", ...),
    ("authorizations", ...),
    ("authorizations", []),
    ("visits", ...),
    ("upcoming", ...),
    ("upcoming", bookings("{payer}", "2026-12-04T10:00:00-08:00", "2026-12-11T10:00:00-08:00")),
    ("progress_reports", ...),
    ("progress_reports", [{"on": "2026-11-28", "payer": "{payer}", "improvement": True}]),
    ("progress_reports", [{"on": "2026-11-28", "payer": "{payer}", "improvement": False}]),
)
OF_CLAIMS: tuple[tuple[str, Any], ...] = (
    ("coverages.0.claim", ...),
    *(
        ("coverages.0.claim.status", status)
        for status in ("allowed", "pending", "reopening", "closed", "rejected", "exhausted", ...)
    ),
    ("coverages.0.claim.number", ...),
    ("coverages.0.claim.insurer_kind", "self_insured"),
    ("coverages.0.claim.insurer_kind", ...),
    ("coverages.0.claim.date_of_injury", ...),
    ("coverages.0.claim.date_of_injury", "2023-12-01"),
    ("coverages.0.claim.closed_on", "2026-11-30"),
    ("coverages.0.claim.accepted_diagnoses", ["S83.91XA"]),
    ("coverages.0.claim.attending", ...),
    ("coverages.0.claim.benefit", ...),
    ("coverages.0.claim.benefit.left", "0.00"),
)


@dataclass(frozen=True)
class Corpus:
    """The requests for one payer, in view of what its plugin declares and of when its rules
    change. Each comes with a few words on what is particular in it."""

    payer: Payer
    book: RuleBook | None = None

    def __iter__(self) -> Iterator[tuple[str, Json]]:
        yield from self._courses()
        yield from self._changed()
        yield from self._declared()
        yield from self._other_days()

    def good(self, count: int = 0, **changes: Any) -> Json:
        """A booking after ``count`` visits, everything approved, with changes."""
        key = self.payer.key
        made = request(
            key,
            **{
                "prescriptions.0.visits": 90,
                "prescriptions.0.frequency": {"times": 7, "per": "week"},
                "coverages.0.visit_limit": 90,
                "authorizations": [self._approval(kind) for kind in self._kinds()],
                "visits": [visit for day in _days(count) for visit in visits(key, day)],
            },
        )
        if self.payer.settlement == "claim" or self.payer.episode == "claim":
            change(made, "coverages.0.claim", CLAIM)
        for fact in self._facts():
            _give(made, fact, _values(fact)[0])
        for path, value in changes.items():
            _change(made, path, value, key)
        return made

    def _facts(self) -> tuple[DeclaredFact, ...]:
        return self.book.declared.facts if self.book else ()

    def _kinds(self) -> list[str]:
        """The kinds of approval that a payer may ask for: the host's, and its plugin's."""
        own = [one.kind for one in self.book.declared.authorization_kinds] if self.book else []
        return [kind for kind in (*AUTHORIZATION_KINDS, *own) if kind != "not-required"]

    def _approval(self, kind: str, **more: Any) -> Json:
        return authorization(self.payer.key, kind, number=f"N-{kind}", visits=90, **more)

    def _answers(self) -> Iterator[tuple[str, list[Json]]]:
        yield "nothing approved", []
        for kind in self._kinds():
            yield f"{kind} approved", [self._approval(kind)]
        everything = [self._approval(kind) for kind in self._kinds()]
        yield "everything approved", everything
        yield "everything used up", [item | {"visits": 1} for item in everything]
        yield "everything ended", [item | {"to": "2026-12-01"} for item in everything]
        for status in STATUSES:
            yield f"everything {status}", [item | {"status": status} for item in everything]
        yield "no status", [{**item, "status": None} for item in everything]
        yield (
            "no dates, no visits",
            [{**item, "from": None, "to": None, "visits": None} for item in everything],
        )

    def _courses(self) -> Iterator[tuple[str, Json]]:
        for count in COUNTS:
            for words, answers in self._answers():
                often = words in ("nothing approved", "everything approved")
                if count in FEW or often:
                    yield f"{count} visits, {words}", self.good(count, authorizations=answers)
                if count in FEW and (often or words.startswith("everything")):
                    late = {"authorizations": answers, "as_of": LATE}
                    yield f"{count} visits, {words}, the day before", self.good(count, **late)

    def _changed(self) -> Iterator[tuple[str, Json]]:
        claims = "claim" in (self.payer.settlement, self.payer.episode)
        for count, approved in AROUND:
            usual: Json = {} if approved else {"authorizations": []}
            for path, value in (*CHANGES, *(OF_CLAIMS if claims else ())):
                words = f"{count} visits, {'' if approved else 'not '}approved, {path} "
                words += "missing" if value is ... else f"is {value!r:.40}"
                yield words, self.good(count, **{**usual, path: value})

    def _declared(self) -> Iterator[tuple[str, Json]]:
        for fact in self._facts():
            for count in FEW:
                for value in (*_values(fact), None):
                    made = self.good(count)
                    _give(made, fact, value)
                    yield f"{count} visits, {fact.plugin}.{fact.name} is {value!r}", made

    def _other_days(self) -> Iterator[tuple[str, Json]]:
        """Around each day on which a rule changes."""
        for day in sorted(_changing(self.book))[:24]:
            start = f"{day}T10:00:00-08:00"
            when = {"booking.start": start, "booking.end": ..., "as_of": f"{day}T08:00:00-08:00"}
            yield f"a visit on {day}", self.good(0, **when)
            yield f"a visit on {day}, not approved", self.good(0, **when, authorizations=[])


def _days(count: int) -> list[str]:
    """As many days in a row, the last at the end of November."""
    return [(LAST_VISIT - timedelta(days=back)).isoformat() for back in reversed(range(count))]


def _values(fact: DeclaredFact) -> tuple[Any, ...]:
    return fact.choices if fact.type == "choice" else VALUES[fact.type]


def _give(made: Json, fact: DeclaredFact, value: Any) -> None:
    items: Iterable[Json] = made.get(PLACES[fact.on]) or ()
    for item in (made["booking"], *items) if fact.on == "booking" else items:
        item.setdefault("extra", {}).setdefault(fact.plugin, {})[fact.name] = value


def _change(made: Json, path: str, value: Any, payer: str) -> None:
    whose = [item | {"payer": payer} if "payer" in item else item for item in _items(value)]
    change(made, path.replace("{payer}", payer), whose or value)


def _items(value: Any) -> list[Json]:
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    return []


def _changing(book: RuleBook | None) -> set[date]:
    """The first and last days of rules, with their neighbours."""
    days = {day for rule in (book.rules if book else ()) for day in (rule.from_, rule.to) if day}
    around = {day + timedelta(days=by) for day in days for by in (-1, 0, 1)}
    return {day for day in around if date(2000, 1, 1) < day < date(2040, 1, 1)}
