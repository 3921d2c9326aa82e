"""What a booking still needs, as its client reads it: by paper, what is missing first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from ..messages.sentences import asks
from ..store.page_models import DocumentRow, PageActRow
from ..store.record import Record
from .client_file import ClientFile
from .open_days import OpenDays
from .said import is_looked_for

Card = Literal[
    "prescription",
    "insurance",
    "intake",
    "consent",
    "referral",
    "claim",
    "other_day",
    "cost",
    "other",
]
#: ``partly``: the paper is here, and something stands in its way; ``again``: what came cannot be
#: read.
NeedState = Literal["missing", "partly", "again", "looking", "to_read"]
_TO_SEND = frozenset({"missing", "partly", "again"})
#: By the first part of a requirement's key, the paper that it is about.
_CARDS: Mapping[str, Card] = {
    "prescription": "prescription",
    "diagnosis": "prescription",
    "medical-necessity": "prescription",
    "coverage": "insurance",
    "coordination": "insurance",
    "network": "insurance",
    "benefit": "insurance",
    "intake": "intake",
    "guardian-consent": "consent",
    "referral": "referral",
    "claim": "claim",
    "same-day-care": "other_day",
    "cost-share": "cost",
}
#: In which order they are shown.
_ORDER: Sequence[Card] = (
    *("prescription", "insurance", "intake", "consent", "referral", "claim"),
    *("other_day", "other", "cost"),
)
#: What only the plan can answer: then the client is told that it is the plan that is waited for.
_PLANS = frozenset({"prior-authorization", "network", "benefit", "referral"})
#: The papers that cure a card.
_PAPERS: Mapping[Card, str] = {
    "prescription": "prescription",
    "intake": "intake",
    "consent": "consent",
    "referral": "other",
}
_RANK: Mapping[NeedState, int] = {"again": 0, "partly": 0, "missing": 0, "looking": 1, "to_read": 2}
#: What a prescription that is here may lack, and only has to be added to it.
_ADDED = frozenset(
    {
        "prescription.diagnosis",
        "prescription.duration",
        "prescription.frequency",
        "prescription.signature",
    }
)


@dataclass(frozen=True, slots=True)
class Need:
    """One card. ``texts``: what the rules say to the client, in English; ``since``: when what was
    sent came; ``by``: on which day somebody looks at it; ``said``: what the client said then.
    ``almost``: nothing but additions is asked of the paper that is here. ``last``: the last day for
    it, where there is one to come."""

    card: Card
    state: NeedState
    texts: tuple[str, ...] = ()
    since: datetime | None = None
    by: date | None = None
    said: Mapping[str, Any] = field(default_factory=dict)
    almost: bool = False
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """``cards`` in the order in which they are shown; ``doing``: what somebody else sees to, in the
    words of the rules; ``plan``: whether it is the plan that is waited for."""

    cards: tuple[Need, ...]
    doing: tuple[str, ...]
    plan: bool

    @property
    def missing(self) -> int:
        """How many things the client has still to send or to say."""
        return sum(need.state in _TO_SEND for need in self.cards)

    @property
    def last_day(self) -> date | None:
        """The last day for the first of them. What somebody else sees to has a day of its own."""
        days = (n.last for n in self.cards if n.state in _TO_SEND and n.last is not None)
        return min(days, default=None)


NOTHING = Needs((), (), plan=False)


def needs_of(record: Record, file: ClientFile, decision: Mapping[str, Any] | None) -> Needs:
    """What the last decision on a booking asks of its client, less what they have sent since."""
    if decision is None:
        return NOTHING
    held = [r for r in decision.get("requirements", ()) if r["effect"] == "hold"]
    texts: dict[Card, dict[str, str]] = {}
    last: dict[Card, date] = {}
    doing: list[str] = []
    for item in held:
        text = item["patient_message"]
        if not text:
            continue
        if asks(text):
            card, due = card_of(item["key"]), to_come(item["due"], record.today)
            texts.setdefault(card, {})[item["key"]] = text
            if due is not None:
                last[card] = min(due, last.get(card, due))
        elif text not in doing:
            doing.append(text)
    sent = _sent(record, file)
    cards = [
        replace(sent.get(card) or _asked(card, found), last=last.get(card))
        for card, found in texts.items()
    ]
    if file.patient.acknowledged_on is None:
        cards += _to_know(decision)
    if decision.get("route") != "self-pay" and "insurance" not in texts:
        cards += _said_insurance(record, file)
    cards.sort(key=lambda need: (_RANK[need.state], _ORDER.index(need.card)))
    waits = [r["key"] for r in held if not asks(r["patient_message"])]
    return Needs(tuple(cards), tuple(doing), plan=bool(waits) and _PLANS.issuperset(waits))


def with_days(needs: Needs, days: OpenDays) -> Needs:
    """With the day on which somebody looks at what was sent, counted from when it came."""
    cards = (replace(n, by=days.next_day(n.since)) if n.since else n for n in needs.cards)
    return replace(needs, cards=tuple(cards))


def to_come(day: str | None, today: date) -> date | None:
    """A requirement's last day, unless it has passed."""
    due = date.fromisoformat(day) if day else None
    return due if due is not None and due >= today else None


def card_of(key: str) -> Card:
    """The paper that a requirement is about."""
    return _CARDS.get(key.partition(".")[0], "other")


def papers_of(record: Record, patient_id: str) -> list[DocumentRow]:
    """All files of the client, also those of whom is the same person, oldest first."""
    return record.documents.of_clients(record.clients.one_person(patient_id))


def _asked(card: Card, found: Mapping[str, str]) -> Need:
    """What is still asked for; of a prescription that is here, as one that is."""
    texts = tuple(dict.fromkeys(found.values()))
    here = card == "prescription" and card not in found
    return Need(
        card, "partly" if here else "missing", texts, almost=here and found.keys() <= _ADDED
    )


def _said_insurance(record: Record, file: ClientFile) -> list[Need]:
    """The insurance that the client named: it may be put right, and its card sent, until staff has
    confirmed it."""
    rows = record.facts.list(file.patient_id, "coverage")
    if not rows or any(record.facts.data(row).get("staff_confirmed") is True for row in rows):
        return []
    return [Need("insurance", "looking", since=max(row.created_at for row in rows))]


def _to_know(decision: Mapping[str, Any]) -> list[Need]:
    """What the client is to know, and has not said that they do."""
    return [
        Need("cost", "to_read", (item["patient_message"],))
        for item in decision.get("requirements", ())
        if item["key"] == "cost-share" and item["effect"] == "warn" and item["patient_message"]
    ]


def _sent(record: Record, file: ClientFile) -> dict[Card, Need]:
    """What the client sent and nobody has looked at yet, and what of it cannot be read."""
    found: dict[Card, Need] = {}
    read = _last_read(record, file)
    for row in papers_of(record, file.patient_id):
        for card, kind in _PAPERS.items():
            if row.kind != kind or row.created_by != "client" or _is_older(card, row, read):
                continue
            if row.state == "filed":
                if card in found and found[card].state == "again":
                    del found[card]  # a later one did
                continue
            state: NeedState = "looking" if row.state == "new" else "again"
            found[card] = Need(card, state, since=row.created_at)
    says: tuple[Literal["intake", "consent"], ...] = ("intake", "consent")
    for what in says:
        act = _last(record, file.patient_id, what)
        if act is not None and is_looked_for(record, file.patient_id, what):
            said = record.page_acts.said(act)
            found[what] = Need(what, "looking", since=act.created_at, said=said)
    return found


def _last_read(record: Record, file: ClientFile) -> datetime | None:
    """When a prescription was last written down."""
    rows = record.facts.list(file.patient_id, "prescription")
    return max((row.created_at for row in rows), default=None)


def _is_older(card: Card, row: DocumentRow, read: datetime | None) -> bool:
    """Whether a prescription was written down since: then it is that one that is judged."""
    return card == "prescription" and read is not None and row.created_at <= read


def _last(record: Record, patient_id: str, kind: str) -> PageActRow | None:
    acts = record.page_acts.of_clients(record.clients.one_person(patient_id))
    return next((act for act in acts if act.kind == kind), None)
