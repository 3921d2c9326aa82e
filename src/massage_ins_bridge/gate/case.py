"""One booking laid out for the plugins: the facts, and what follows from them by counting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from ..domain.clinic import Clinic
from ..domain.days import local_day
from ..domain.facts import (
    Authorization,
    Booking,
    Chart,
    Coverage,
    Patient,
    Prescription,
    ProgressReport,
    Upcoming,
    Visit,
)
from ..domain.payer import Payer, PayerIndex
from ..domain.rule import Rule, RulesInForce, RulesOn
from ..domain.told import Told
from ..domain.vocabulary import Network
from .billed import find_billed, find_primary, in_force, payer_of
from .counting import (
    Entry,
    Episode,
    booked_after,
    booked_before,
    by_days,
    completed_before,
    of_episode,
    own_episode,
    together,
)
from .network import Whose, network_on

CORE = "core"
EMPTY_PATIENT = Patient()
EMPTY_CLINIC = Clinic()
_NO_RULES: Mapping[str, Rule] = MappingProxyType({})


@dataclass(slots=True, eq=False, repr=False)
class Case(metaclass=Told):
    """What a plugin is handed: a copy of its own, made of immutable facts.

    What is not known is ``None``, and never counts as met. ``entries``, ``completed``, ``booked``
    and ``episode`` are ``None`` where nothing can be counted.
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
    candidates: tuple[Payer, ...]
    network: Network | None
    coverages: tuple[Coverage, ...] | None
    primaries: tuple[Coverage, ...]
    beside: bool
    prescriptions: tuple[Prescription, ...] | None
    prescription: Prescription | None
    authorizations: tuple[Authorization, ...] | None
    all_authorizations: tuple[Authorization, ...] | None
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
        """This booking's number in its episode, from 1; ``None`` for a payer that nobody serves."""
        known = self.episode is not None and self.payer is not None and self.payer.served
        return self.episode.number if self.episode and known else None

    @property
    def chain(self) -> Episode | None:
        """The 90-day chain of massages up to this one, of all clinics and payers. It is counted
        anew each time."""
        return self._chain(self.entries)

    @property
    def own_chain(self) -> Episode | None:
        """The same of this clinic's massages alone, whoever paid."""
        if self.entries is None:
            return None
        return self._chain(tuple([entry for entry in self.entries if entry.here]))

    def chain_by(self, rule: Rule) -> Episode | None:
        """The chain as the law of the day counts it: ``others_count`` of the rule says whether
        other clinics' massages do."""
        return self.chain if rule.values["others_count"] else self.own_chain

    def _chain(self, entries: tuple[Entry, ...] | None) -> Episode | None:
        if entries is None:
            return None
        same = of_episode(entries, self.booking.episode)
        return by_days(same, self.date_of_service, _gap(self.all_rules))

    def __repr__(self) -> str:
        """Without facts of the client: what a plugin prints may end in a log."""
        payer = self.payer.key if self.payer is not None else None
        return f"<Case of a booking on {self.date_of_service}, payer {payer!r}>"

    @property
    def own_entries(self) -> tuple[Entry, ...] | None:
        """Massages before this one at this clinic billed to this payer, of every episode."""
        if self.entries is None or self.payer is None:
            return None
        key = self.payer.key
        return tuple([entry for entry in self.entries if entry.here and entry.payer == key])

    @property
    def later(self) -> tuple[Entry, ...] | None:
        """Massages that are booked, stand and start after this one, in order of days; ``None``
        where they are not known. They are counted anew each time."""
        return booked_after(self.upcoming, self.booking.start, self.zone, self.payers)

    @property
    def confirmed(self) -> bool:
        """Whether staff confirmed the coverage that is billed."""
        return self.coverage is not None and self.coverage.staff_confirmed is True

    @property
    def plans(self) -> tuple[str, ...]:
        """The names of the plan that is billed: its own, and the one under which its payer is filed
        ("HMA")."""
        if self.coverage is None:
            return ()
        match = self.payers.find(self.coverage.payer)
        names = (self.coverage.plan, match.plan if match else None)
        return tuple(dict.fromkeys(filter(None, names)))

    @property
    def in_force(self) -> bool:
        """Whether the coverage that is billed is in force on the date of service."""
        return self.coverage is None or in_force(self.coverage, self.date_of_service)

    @property
    def must_answer(self) -> bool:
        """Whether what the payer does not approve is not paid: in network, or where no network
        matters. Out of it, or while it is unknown, a lack of approval holds and never blocks."""
        payer = self.payer
        return payer is not None and (self.network == "in" or not payer.needs_network)

    @property
    def law_may_lift(self) -> bool:
        """Whether state law might free this visit, and the visits so far, by which it does or does
        not, are not known: then nothing that the law may lift is refused."""
        payer = self.payer
        if payer is None or not payer.state_regulated or self.entries is not None:
            return False
        return self.fully_insured and self.network != "out"

    @property
    def fully_insured(self) -> bool:
        """Whether the plan is said to be fully insured: the state regulates it then."""
        return self.coverage is not None and self.coverage.funding == "fully_insured"

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
        values: tuple[Any, ...] = _VALUES(self)
        rules = self.all_rules.get(plugin)
        if rules is None:  # it brings none
            rules = RulesInForce({}, plugin, self.date_of_service)
        return Case(*values[:-1], rules)  # type: ignore[call-arg]

    def of_primary(self, coverage: Coverage) -> Case:
        """The case as the primary payer sees it, which is not billed here."""
        payers, day = self.payers, self.date_of_service
        payer = payer_of(coverage, payers)
        whose = Whose(self.booking.practitioner, coverage)
        return replace(
            self,
            payer=payer,
            coverage=coverage,
            coverage_problem="",
            network=network_on(self.clinic, payer, day, payers, whose),
            primaries=(),
            beside=True,
            authorizations=_authorizations(self.all_authorizations, payer, payers),
            episode=own_episode(
                self.booking, self.entries, payer, coverage, day, _gap(self.all_rules)
            ),
        )


#: Made by position: twice as quick as by name.
_VALUES = attrgetter(*(field.name for field in fields(Case)))


def build_case(
    chart: Chart, payers: PayerIndex, rules_on: RulesOn, zone_name: str, day: date
) -> Case:
    """Lay a chart out for the plugins. ``day`` is its date of service, the day on which the
    booking starts in the clinic's zone; ``rules_on`` holds, by plugin, the rules in force then."""
    clinic = chart.clinic or EMPTY_CLINIC
    billed = find_billed(chart, payers, day)
    payer, coverage = billed.payer, billed.coverage
    completed = completed_before(chart.visits, day, payers)
    booked = booked_before(chart.upcoming, chart.booking.start, zone_name, payers)
    entries = together(completed, booked)
    primaries: tuple[Coverage, ...] = ()
    if coverage is not None and coverage.position == "secondary":
        primaries = tuple(find_primary(chart, billed, payers, day))
    return Case(  # in the order of its fields: twice as quick as by name
        chart.as_of,
        local_day(chart.as_of, zone_name),
        day,
        chart.booking,
        clinic,
        chart.patient or EMPTY_PATIENT,
        payer,
        coverage,
        billed.problem,
        billed.candidates,
        network_on(clinic, payer, day, payers, Whose(chart.booking.practitioner, coverage)),
        chart.coverages,
        primaries,
        False,
        chart.prescriptions,
        None,
        _authorizations(chart.authorizations, payer, payers),
        chart.authorizations,
        chart.visits,
        chart.upcoming,
        chart.progress_reports,
        entries,
        completed,
        booked,
        own_episode(chart.booking, entries, payer, coverage, day, _gap(rules_on)),
        zone_name,
        payers,
        rules_on,
        rules_on[CORE],
    )


def _authorizations(
    found: tuple[Authorization, ...] | None, payer: Payer | None, payers: PayerIndex
) -> tuple[Authorization, ...] | None:
    if found is None or payer is None:
        return None if found is None else ()
    key = payer.key
    return tuple([a for a in found if payers.key_of(a.payer) == key])


def _gap(rules_on: RulesOn) -> int:
    """How many days may pass between two visits of one episode."""
    return int(rules_on[CORE]["CP-EPISODE"].values["gap_days"])
