"""What is so of a request that a payer denied, or has not answered: the facts on which an appeal or
a complaint may rest, each with the rule that bears it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from ..domain.answers import Decision
from ..domain.facts import Authorization, Booking, Chart, Prescription
from ..domain.payer import is_listed, is_mentioned
from ..domain.rule import Rule
from ..gate.answer_days import days_after, last_day_to_answer
from ..gate.case import Case
from ..store.facts import read_fact
from ..store.record import Record
from . import chart as charts
from .client_file import ClientFile, load_client
from .errors import NotFoundError
from .installation import Installation
from .prescriber_letter import long_day

KIND = "authorization"
#: The rule that says whom the laws on review bind.
_SCOPE, _PUBLIC, _LAW = "LAW-04", "LAW-05", "LAW-"
#: By this value the law's own clock is known: a payer's plugin has only how long to wait.
_CLOCK = "electronic_days"
_OPEN = ("requested", "pended")


@dataclass(frozen=True, slots=True)
class Disputed:
    """``when``: by the name of what is so, the rule by which it was found; null where any rule may
    bear it. ``rules``: by id, those that bear on the case; ``words`` fill the texts."""

    authorization: Authorization
    case: Case
    file: ClientFile
    when: Mapping[str, Rule | None]
    rules: Mapping[str, Rule]
    words: Mapping[str, str] = field(default_factory=dict)

    def holds(self, when: str, rules: tuple[str, ...]) -> Rule | bool:
        """Whether something is so and one of ``rules`` bears it, which is given; where none is
        asked for, that it is so is enough."""
        if when not in self.when or not rules:
            return when in self.when
        by = self.when[when]
        if by is not None:
            return by if by.id in rules else False
        return next((self.rules[r] for r in rules if r in self.rules), False)


def disputed(installation: Installation, record: Record, patient_id: str, fact_id: str) -> Disputed:
    """An authorization that was denied, or waits for its answer. Raises ``NotFoundError``."""
    data = charts.get_fact(record, patient_id, KIND, fact_id).data
    asked: Authorization = read_fact(KIND, data, record.vocabulary.for_stored)
    file = load_client(record, patient_id)
    if file is None or asked.status not in (*_OPEN, "denied"):
        raise NotFoundError("appeal")
    chart = chart_for(installation, record, file, asked.payer)
    case = installation.host.case(chart)
    decision = installation.host.decide_case(case)
    rules, words = dict[str, Rule](), dict[str, str]()
    when: dict[str, Rule | None] = {"always": None}
    scope = _in_scope(case)
    day = asked.decided_on or record.today
    if scope:
        when["law"] = None
        rules[_SCOPE] = scope
        rules |= _laws(installation, day)
    own = case.payer_rule("REG-11")
    if own is not None:
        rules["REG-11"] = own
    for name, rule, said in (
        *(_protected(case, decision, asked) if scope else ()),
        *_approved_before(case, asked),
        *(_late(installation, asked, record.today) if scope else ()),
        *_documented(case),
    ):
        when[name] = rule
        words |= said
    return Disputed(asked, case, file, when, rules, words)


def answer_due(
    installation: Installation, payer: str | None, asked: date | None
) -> tuple[date, Rule] | None:
    """The day by which a payer that was asked on a day should have answered, and by which rule."""
    match = installation.host.payers.find(payer)
    if match is None or match.payer.decision_rule is None or asked is None:
        return None
    book = installation.host.rules_on(asked).get(match.payer.plugin, {})
    rule = book.get(match.payer.decision_rule)
    return (last_day_to_answer(rule, asked), rule) if rule is not None else None


_Found = Iterator[tuple[str, Rule | None, dict[str, str]]]


def chart_for(
    installation: Installation, record: Record, file: ClientFile, payer: str | None
) -> Chart:
    """The chart of the visit that a payer is asked about: the next one billed to it, else the last
    one, else one that nobody booked."""
    clinic, key_of = installation.settings.clinic_facts, installation.host.payers.key_of
    held = [one for one in file.bookings if key_of(one.details.insurer) == key_of(payer)]
    coming = [one for one in held if one.row.start_at > record.now and one.stands(record.now)]
    if coming or held:
        return file.chart(record, clinic, (coming or held[-1:])[0])
    return file.chart_of_none(record, clinic, Booking(start=record.now, payer=payer))


def latest_of(papers: Iterable[Prescription]) -> Prescription | None:
    """The prescription that was signed last."""
    return max(papers, key=lambda rx: (rx.signed_on or date.min, rx.id or ""), default=None)


def _laws(installation: Installation, day: date) -> dict[str, Rule]:
    """The rules of law in force on a day, by id."""
    books = installation.host.rules_on(day).values()
    return {rule.id: rule for book in books for rule in book.values() if rule.id.startswith(_LAW)}


def _in_scope(case: Case) -> Rule | None:
    """The rule by which a state-regulated carrier is bound, where this plan is of that kind, staff
    confirmed it, and the clinic is in network."""
    rule = next((book[_SCOPE] for book in case.all_rules.values() if _SCOPE in book), None)
    if rule is None or case.payer is None or case.coverage is None or not case.confirmed:
        return None
    plans = (*rule.values["except_plans"], *_plans_of_public_employees(case))
    if any(is_listed(plan, plans) or is_mentioned(plan, plans) for plan in case.plans):
        return None
    bound = case.payer.served and case.payer.state_regulated
    wanted = (rule.values["funding"], rule.values["network"])
    return rule if bound and (case.coverage.funding, case.network) == wanted else None


def _plans_of_public_employees(case: Case) -> tuple[str, ...]:
    """They go by a law of their own (LAW-05), whatever is said of who pays for them."""
    found = (book[_PUBLIC].values for book in case.all_rules.values() if _PUBLIC in book)
    return tuple(plan for values in found for plan in values.get("plans", ()))


def _protected(case: Case, decision: Decision, asked: Authorization) -> _Found:
    """The law frees the visit from the payer's review, and that is sure."""
    for waiver in decision.waivers:
        rule = case.all_rules.get(waiver.plugin, {}).get(waiver.rule)
        firm = waiver.strength == "firm" and waiver.key == "prior-authorization"
        if rule is None or not firm or "visits" not in rule.values or asked.status != "denied":
            continue
        if _of_former_care(case, asked):
            return
        chain = case.chain_by(rule)
        if chain is not None:  # counted as the law counts, which the payer may not
            said = {"visit": str(chain.number), "free": str(rule.values["visits"])}
            yield "protected", rule, said
        return


def _of_former_care(case: Case, asked: Authorization) -> bool:
    """Whether the denial is older than the days after which care is new (LAW-02b), so that it was
    of no visit of now."""
    gaps = (
        rule.values.get("gap_days") for book in case.all_rules.values() for rule in book.values()
    )
    most = max((int(gap) for gap in gaps if gap is not None), default=None)
    if most is None or asked.decided_on is None:
        return False
    return (case.date_of_service - asked.decided_on).days > most


def _approved_before(case: Case, asked: Authorization) -> _Found:
    """What it denies bears the number of an approval, for days that were not over by then. A denial
    of another number answers another request: for more visits than were approved, as a rule."""
    if asked.status != "denied" or asked.decided_on is None or not asked.number:
        return
    for one in case.authorizations or ():
        same = (one.status, one.kind, one.number) == ("approved", asked.kind, asked.number)
        if not same or one.decided_on is None:
            continue
        if one.decided_on < asked.decided_on and (one.to is None or one.to >= asked.decided_on):
            said = {"approved": long_day(one.decided_on), "approval": asked.number}
            yield "approved-before", None, said
            return


def _late(installation: Installation, asked: Authorization, today: date) -> _Found:
    """By the clock of the law, not by the days that a payer is taken to need."""
    if asked.requested_on is None:
        return
    books = installation.host.rules_on(asked.requested_on).values()
    rule = next((r for book in books for r in book.values() if _CLOCK in r.values), None)
    if rule is None:
        return
    days = int(rule.values[_CLOCK])
    latest = days_after(asked.requested_on, days, without_holidays=True)
    said = {
        "asked_day": long_day(asked.requested_on),
        "latest": long_day(latest),
        "days": str(days),
        "other_days": str(rule.values["other_days"]),
    }
    if asked.status in _OPEN and today > latest:
        yield "unanswered", rule, said
    elif asked.status == "denied" and asked.decided_on and asked.decided_on > latest:
        yield "late", rule, said


def _documented(case: Case) -> _Found:
    """The prescription that serves the visit says why the care is needed."""
    rx = case.prescription or latest_of(case.prescriptions or ())
    if rx is None or rx.staff_confirmed is not True or rx.signed_on is None or rx.signed is False:
        return
    if rx.diagnoses and isinstance(rx.loss_of_function, str):
        said = {
            "signed": long_day(rx.signed_on),
            "diagnoses": ", ".join(rx.diagnoses),
            "function": rx.loss_of_function.rstrip("."),
        }
        yield "documented", None, said
