"""One booking laid out for the plugins: the facts, and what follows from them by counting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from ..domain.days import local_day
from ..domain.facts import (
    Authorization,
    Booking,
    Chart,
    Clinic,
    Coverage,
    Patient,
    Prescription,
    ProgressReport,
    Upcoming,
    Visit,
)
from ..domain.payer import Payer, PayerIndex, PayerMatch, normal_name, normal_plan, unserved
from ..domain.rule import Rule, RulesOn
from ..domain.vocabulary import Network
from .counting import (
    Entry,
    Episode,
    booked_before,
    by_claim,
    by_days,
    completed_before,
    same_claim,
    together,
)
from .network import Whose, network_on

CORE = "core"
EMPTY_PATIENT = Patient()
EMPTY_CLINIC = Clinic()
_NO_RULES: Mapping[str, Rule] = MappingProxyType({})


@dataclass(slots=True, eq=False)
class Case:
    """What a plugin is handed: a copy of its own, made of immutable facts.

    ``today`` is the clinic's day of ``as_of`` (deadlines are compared with it),
    ``date_of_service`` the clinic's day of the booking (validity is judged on it). ``payer`` and
    ``coverage`` are ``None`` while it is unknown who is billed; ``coverage_problem`` says why.
    ``network`` is the clinic's network status with the payer on the date of service;
    ``authorizations`` holds those of this payer.

    ``entries`` are all massages before this booking: ``completed`` those done, ``booked`` those
    that stand; ``episode`` holds those that count for its number. They are ``None`` where nothing
    can be counted. ``rules`` are the rules of the plugin that is asked.
    """

    as_of: datetime
    today: date
    date_of_service: date
    booking: Booking
    clinic: Clinic
    patient: Patient
    payer: Payer | None
    coverage: Coverage | None
    coverage_problem: str
    network: Network | None
    prescriptions: tuple[Prescription, ...] | None
    authorizations: tuple[Authorization, ...] | None
    visits: tuple[Visit, ...] | None
    upcoming: tuple[Upcoming, ...] | None
    progress_reports: tuple[ProgressReport, ...] | None
    entries: tuple[Entry, ...] | None
    completed: tuple[Entry, ...] | None
    booked: tuple[Entry, ...] | None
    episode: Episode | None
    zone: str
    payers: PayerIndex
    all_rules: RulesOn
    rules: Mapping[str, Rule]

    @property
    def visit_number(self) -> int | None:
        """This booking's number in its episode, from 1."""
        return self.episode.number if self.episode else None

    @property
    def chain(self) -> Episode | None:
        """The 90-day chain of massages up to this one, of all clinics and payers. It is counted
        anew each time."""
        if self.entries is None:
            return None
        return by_days(self.entries, self.date_of_service, _gap(self.all_rules))

    @property
    def own_entries(self) -> tuple[Entry, ...] | None:
        """Massages before this one at this clinic billed to this payer, of every episode."""
        if self.entries is None or self.payer is None:
            return None
        key = self.payer.key
        return tuple([entry for entry in self.entries if entry.here and entry.payer == key])

    @property
    def confirmed(self) -> bool:
        """Whether staff confirmed the coverage that is billed."""
        return self.coverage is not None and self.coverage.staff_confirmed is True

    @property
    def in_force(self) -> bool:
        """Whether the coverage that is billed is in force on the date of service."""
        return self.coverage is None or in_force(self.coverage, self.date_of_service)

    def rule(self, rule_id: str) -> Rule | None:
        """The asked plugin's rule of that id in force on the date of service, if there is one."""
        return self.rules.get(rule_id)

    def payer_rule(self, rule_id: str | None) -> Rule | None:
        """A rule of the payer's own plugin in force on the date of service, if there is one."""
        if rule_id is None or self.payer is None:
            return None
        return self.all_rules.get(self.payer.plugin, _NO_RULES).get(rule_id)

    def for_plugin(self, plugin: str) -> Case:
        """The same case with another plugin's rules in ``rules``."""
        return Case(
            self.as_of,
            self.today,
            self.date_of_service,
            self.booking,
            self.clinic,
            self.patient,
            self.payer,
            self.coverage,
            self.coverage_problem,
            self.network,
            self.prescriptions,
            self.authorizations,
            self.visits,
            self.upcoming,
            self.progress_reports,
            self.entries,
            self.completed,
            self.booked,
            self.episode,
            self.zone,
            self.payers,
            self.all_rules,
            self.all_rules.get(plugin) or _NO_RULES,
        )


def build_case(
    chart: Chart, payers: PayerIndex, rules_on: RulesOn, zone_name: str, day: date
) -> Case:
    """Lay a chart out for the plugins. ``day`` is its date of service, the day on which the
    booking starts in the clinic's zone; ``rules_on`` holds, by plugin, the rules in force then."""
    clinic = chart.clinic or EMPTY_CLINIC
    payer, coverage, problem = find_billed(chart, payers, day)
    completed = completed_before(chart.visits, day, payers)
    booked = booked_before(chart.upcoming, chart.booking.start, zone_name, payers)
    entries = together(completed, booked)
    shared = rules_on[CORE]
    return Case(  # in the order of its fields: twice as quick as by name
        chart.as_of,
        local_day(chart.as_of, zone_name),
        day,
        chart.booking,
        clinic,
        chart.patient or EMPTY_PATIENT,
        payer,
        coverage,
        problem,
        network_on(clinic, payer, day, payers, Whose(chart.booking.practitioner, coverage)),
        chart.prescriptions,
        _of_payer(chart.authorizations, payer, payers),
        chart.visits,
        chart.upcoming,
        chart.progress_reports,
        entries,
        completed,
        booked,
        _episode(entries, payer, coverage, day, rules_on),
        zone_name,
        payers,
        rules_on,
        shared,
    )


#: Who is billed for a booking and by which coverage, or what keeps that from being known.
Billed = tuple[Payer | None, Coverage | None, str]


def find_billed(chart: Chart, payers: PayerIndex, day: date) -> Billed:
    """The coverage billed, of those in force on the day of service: the one that the booking names,
    else the primary, else the only one. Where none is in force, the one that would be billed."""
    coverages = chart.coverages
    if coverages:
        coverages = tuple([c for c in coverages if in_force(c, day)]) or coverages
    named = chart.booking.payer or None
    if named is not None:
        match = payers.find(named) or PayerMatch(unserved(named))
        key = match.payer.key
        same = [c for c in chart.coverages or () if payers.key_of(c.payer) == key]
        same = [c for c in same if in_force(c, day)] or same
        same = _of_plan(same, match.plan, payers)
        chosen = same[0] if len(same) == 1 else None
        if chosen is None:
            problem = f"the booking bills {match.payer.name}, " + (
                "and two coverages of it compete" if same else "which is not on file"
            )
            return match.payer, None, problem
        if match.plan and not _with_plan(chosen, payers).plan:
            # the plan that the booking names is the client's word
            chosen = replace(chosen, plan=match.plan, staff_confirmed=False)
        return _billed(match.payer, chosen, payers)
    if not coverages:
        problem = "no coverage is on file" if coverages == () else "the coverage is not known"
        return None, None, problem
    chosen = _one_of(list(coverages))
    if chosen is None:
        primaries = sum(c.position == "primary" for c in coverages)
        problem = "two coverages say primary" if primaries > 1 else "no coverage says primary"
        return None, None, f"{problem} and the booking names no payer"
    if not chosen.payer:
        return None, chosen, "the coverage names no payer"
    known = payers.find(chosen.payer)
    return _billed(known.payer if known else unserved(chosen.payer), chosen, payers)


def in_force(coverage: Coverage, day: date) -> bool:
    """Whether a coverage is in force on a day; an end that is missing is open."""
    begun = coverage.from_ is None or coverage.from_ <= day
    return begun and (coverage.to is None or day <= coverage.to)


def _billed(payer: Payer, coverage: Coverage, payers: PayerIndex) -> Billed:
    problem = "" if payer.served else f"no installed payer plugin serves {payer.name}"
    return payer, _with_plan(coverage, payers), problem


def _of_plan(coverages: list[Coverage], plan: str | None, payers: PayerIndex) -> list[Coverage]:
    """Of several coverages those of the plan by whose name the booking names its payer."""
    if plan is None or len(coverages) < 2:
        return coverages
    wanted = normal_plan(plan)
    named = [(c, _with_plan(c, payers).plan) for c in coverages]
    return [c for c, own in named if own and normal_plan(own) == wanted] or coverages


def _one_of(coverages: list[Coverage]) -> Coverage | None:
    if len(coverages) == 1:
        return coverages[0]
    primaries = [c for c in coverages if c.position == "primary"]
    return primaries[0] if len(primaries) == 1 else None


def _with_plan(coverage: Coverage, payers: PayerIndex) -> Coverage:
    """The coverage, with the plan filled in where it is filed under a plan's name ("Uniform Medical
    Plan")."""
    match = None if coverage.plan else payers.find(coverage.payer)
    if match is None or match.plan is None:
        return coverage
    return replace(coverage, plan=match.plan)


def _of_payer(
    authorizations: tuple[Authorization, ...] | None, payer: Payer | None, payers: PayerIndex
) -> tuple[Authorization, ...] | None:
    if authorizations is None or payer is None:
        return None if authorizations is None else ()
    key = payer.key
    return one_by_number([a for a in authorizations if payers.key_of(a.payer) == key])


def one_by_number(authorizations: list[Authorization]) -> tuple[Authorization, ...]:
    """Records of one number are one authorization, of which the newest says how it stands. A number
    that was denied in one of them keeps all: the two contradict each other."""
    named: dict[tuple[str | None, str], list[Authorization]] = {}
    for a in authorizations:
        if a.number and a.status != "void":
            named.setdefault((a.kind, normal_name(a.number)), []).append(a)
    doubled = [same for same in named.values() if len(same) > 1]
    if not doubled:
        return tuple(authorizations)
    older = {
        id(a)
        for same in doubled
        if all(a.status != "denied" for a in same)
        for a in sorted(same, key=_newness)[:-1]
    }
    return tuple(a for a in authorizations if id(a) not in older)


def _newness(a: Authorization) -> tuple[date, bool, date, int]:
    """Later asked for; else answered; else good for longer; else for more visits."""
    return (
        a.requested_on or date.min,
        a.status == "approved",
        a.to or date.max,
        a.visits or 0,
    )


def _episode(
    entries: tuple[Entry, ...] | None,
    payer: Payer | None,
    coverage: Coverage | None,
    day: date,
    rules_on: RulesOn,
) -> Episode | None:
    if entries is None or payer is None:
        return None
    number = coverage.claim.number if coverage and coverage.claim else None
    key = payer.key
    ours = [
        e
        for e in entries
        if e.here and e.payer == key and (number is None or same_claim(e, number))
    ]
    if payer.episode == "claim":
        return by_claim(ours, day)
    return by_days(ours, day, _gap(rules_on))


def _gap(rules_on: RulesOn) -> int:
    """How many days may pass between two visits of one episode."""
    return int(rules_on[CORE]["CP-EPISODE"].values["gap_days"])
