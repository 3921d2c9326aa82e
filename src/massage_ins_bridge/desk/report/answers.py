"""How fast payers answer when they are asked to approve visits, and how often they say yes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low

from ...domain.facts import Authorization
from ...gate.answer_days import last_day_to_answer
from ...store import report_rows as rows
from ...store.record import Record
from ..installation import Installation
from .period import Period

#: What a payer said, once it said anything; one that wants more has not decided.
_ANSWERED = ("approved", "denied")
#: What the clinic settles by itself, and what was never asked.
_NOT_ASKED = ("clinic-approval", "not-required")


@dataclass(frozen=True, slots=True)
class PayerAnswers:
    """What a payer was ``asked`` within a period, and how it answered by now. ``visits_given`` of
    ``visits_asked``: of the answered requests in which both are known. ``half_within`` and
    ``slowest``: days from request to answer. ``days``: how many its rule gives it, ``rule`` is the
    rule; ``late``: answered after them, or not at all though they are over."""

    payer: str
    asked: int
    approved: int
    denied: int
    waiting: int
    visits_asked: int
    visits_given: int
    half_within: int | None
    slowest: int | None
    rule: str | None
    days: int | None
    late: int | None

    @property
    def share(self) -> int | None:
        """Of a hundred answers so many were yes."""
        answered = self.approved + self.denied
        return round(100 * self.approved / answered) if answered else None


def payer_answers(
    installation: Installation, record: Record, chosen: Period
) -> tuple[PayerAnswers, ...]:
    """By payer that was asked within the period, those asked most first."""
    by_payer: dict[str, list[Authorization]] = {}
    for one in _asked(record, chosen):
        key = installation.host.payers.key_of(one.payer) or ""
        by_payer.setdefault(key, []).append(one)
    found = [_answers(installation, record, key, items) for key, items in by_payer.items()]
    return tuple(sorted(found, key=lambda one: (-one.asked, one.payer)))


def _asked(record: Record, chosen: Period) -> Iterator[Authorization]:
    since = chosen.span(record).start
    for one in record.facts.opened(rows.authorizations(record, since))["authorization"]:
        asked = one.requested_on
        if one.status == "void" or one.kind in _NOT_ASKED or asked is None:
            continue
        if chosen.first <= asked <= chosen.last:
            yield one


def _answers(
    installation: Installation, record: Record, key: str, items: Sequence[Authorization]
) -> PayerAnswers:
    answered = [one for one in items if one.status in _ANSWERED]
    took = [
        (one.decided_on - one.requested_on).days
        for one in answered
        if one.decided_on is not None
        and one.requested_on is not None
        and one.requested_on <= one.decided_on  # else a day was mistyped
    ]
    both = [one for one in answered if one.visits_asked is not None and _given(one) is not None]
    lasts = [_last_day(installation, key, one) for one in items]
    known = [(one, last) for one, last in zip(items, lasts, strict=True) if last is not None]
    match = installation.host.payers.find(key)
    rule, days = _rule(installation, key, record.today)
    return PayerAnswers(
        payer=match.payer.name if match else items[0].payer or "not said",
        asked=len(items),
        approved=sum(one.status == "approved" for one in items),
        denied=sum(one.status == "denied" for one in items),
        waiting=len(items) - len(answered),
        visits_asked=sum(one.visits_asked or 0 for one in both),
        visits_given=sum(_given(one) or 0 for one in both),
        half_within=median_low(took) if took else None,
        slowest=max(took, default=None),
        rule=rule,
        days=days,
        late=sum(_answered_on(one, record.today) > last for one, last in known) if known else None,
    )


def _given(one: Authorization) -> int | None:
    return 0 if one.status == "denied" else one.visits


def _answered_on(one: Authorization, today: date) -> date:
    """The day of the answer; while there is none, today. One whose day nobody noted was in time."""
    if one.status in _ANSWERED:
        return one.decided_on or date.min
    return today


def _last_day(installation: Installation, key: str, one: Authorization) -> date | None:
    match = installation.host.payers.find(key)
    if match is None or match.payer.decision_rule is None or one.requested_on is None:
        return None
    book = installation.host.rules_on(one.requested_on).get(match.payer.plugin, {})
    rule = book.get(match.payer.decision_rule)
    return last_day_to_answer(rule, one.requested_on) if rule is not None else None


def _rule(installation: Installation, key: str, day: date) -> tuple[str | None, int | None]:
    match = installation.host.payers.find(key)
    if match is None or match.payer.decision_rule is None:
        return None, None
    rule = (
        installation.host.rules_on(day).get(match.payer.plugin, {}).get(match.payer.decision_rule)
    )
    return (rule.id, int(rule.values["decision_days"])) if rule is not None else (None, None)
