"""The host: the plugins at hand, and the one function that decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from importlib.metadata import EntryPoint
from typing import Any

from ..api import Action, Answer, Case, Chart, Prescription, RuleBook, UploadAnswer
from ..domain.answers import Decision, PluginFailure
from ..domain.days import local_day
from ..domain.facts import DEFAULT_ZONE
from ..domain.payer import PayerIndex
from ..domain.rule import RulesOn
from ..gate.case import CORE, build_case
from ..gate.combine import combine
from ..gate.selfpay import decide_self_pay
from .dispatch import Call, Dispatcher, NoReply
from .loading import Plugin, connectors_of, installed, load_plugins
from .validate_answers import InvalidAnswerError, validate_actions, validate_answer, validate_upload

DEFAULT_TIME_LIMIT = 2.0
#: Importing a plugin reads its files and libraries: its limit is an answer's, times this.
LOADING_TAKES = 5
#: The plugins that are asked about a booking, those that failed, and the rulesets used.
Asked = tuple[tuple[Plugin, ...], tuple[PluginFailure, ...], dict[str, str]]


class HostError(Exception):
    """The host cannot start; the text says why and how to mend it."""


class Host:
    """Installed plugins with a clinic's choices applied. Immutable but for plugins that hang:
    those are set aside until the host is made anew."""

    def __init__(
        self, plugins: Iterable[Plugin], books: Iterable[RuleBook], dispatcher: Dispatcher
    ):
        self.plugins = tuple(sorted(plugins, key=lambda p: p.name))
        self.books: Mapping[str, RuleBook] = {b.plugin: b for b in books}
        if CORE not in self.books:
            raise HostError("the built-in rules are missing; install massage-ins-bridge anew")
        self.payers = PayerIndex(p for plugin in self.plugins for p in plugin.payers)
        self._dispatcher = dispatcher
        self._rules_on = lru_cache(maxsize=512)(self._rules_of)
        self._asked = lru_cache(maxsize=512)(self._who_is_asked)
        self._active = [p for p in self.plugins if not p.disabled]

    @classmethod
    def load(
        cls,
        *,
        disabled: Iterable[str] = (),
        overrides: Iterable[Mapping[str, Any]] = (),
        time_limit: float = DEFAULT_TIME_LIMIT,
        points: Iterable[EntryPoint] | None = None,
    ) -> Host:
        """A host over the installed plugins (or over the entry points given).

        ``overrides`` are the tables of a clinic's own rule file; ``time_limit`` is what one
        plugin may take for one answer, in seconds. Raises ``HostError`` and ``RuleDataError``.
        """
        loader = Dispatcher(time_limit * LOADING_TAKES)
        plugins = load_plugins(installed() if points is None else points, disabled, loader)
        dispatcher = Dispatcher(time_limit)
        books = [p.book for p in plugins if p.book is not None]
        if own := tuple(overrides):
            from ..rulebook.overrides import apply_overrides

            without = [p.name for p in plugins if p.book is None]
            return cls(plugins, apply_overrides(books, own, without), dispatcher)
        return cls(plugins, books, dispatcher)

    @cached_property
    def connectors(self) -> Mapping[str, tuple[type, ...]]:
        """By plugin, the connector classes that it brings."""
        loader = Dispatcher(self._dispatcher.time_limit * LOADING_TAKES)
        return {p.name: connectors_of(p, loader) for p in self.plugins}

    def _rules_of(self, day: date) -> RulesOn:
        return RulesOn({name: book.on(day) for name, book in self.books.items()})

    def rules_on(self, day: date) -> RulesOn:
        """By plugin, the rules in force on a date of service."""
        return self._rules_on(day)

    def case(self, chart: Chart) -> Case:
        """The chart laid out as plugins see it. Build it once, and hand it to the methods below."""
        zone = (chart.clinic.timezone if chart.clinic else None) or DEFAULT_ZONE
        day = local_day(chart.booking.start, zone)
        return build_case(chart, self.payers, self._rules_on(day), zone, day)

    def decide(self, chart: Chart) -> Decision:
        """Decide one booking. It stores nothing, and raises nothing for a plugin's sake: a plugin
        that fails is a ``plugin.failed`` requirement and holds the booking."""
        return self.decide_case(self.case(chart))

    def decide_case(self, case: Case) -> Decision:
        """Decide one booking on a case that ``case`` laid out; else as ``decide``."""
        if case.booking.self_pay:
            return decide_self_pay(case, self.payers)
        able, failed, ruleset = self._asked(case.payer.key if case.payer else None)
        failures = list(failed)
        answers: list[Answer] = []
        for plugin, reply in self._call(able, "on_booking", case):
            if reply is None:
                continue  # it has nothing to say
            if type(reply) is Answer and plugin.name == CORE:
                answers.append(reply)  # the host's own rules are tested to be valid
                continue
            try:
                answers.append(validate_answer(plugin.name, self._said(plugin, reply)))
            except InvalidAnswerError as error:
                failures.append(PluginFailure(plugin.name, str(error)))
        return combine(case, answers, failures, ruleset)

    def _who_is_asked(self, payer: str | None) -> Asked:
        asked = [p for p in self._active if p.serves_payer(payer) or p.failed_for_all]
        able = [p for p in asked if p.failure is None]
        speakers = tuple(p for p in able if "on_booking" in p.callers)
        failed = (PluginFailure(p.name, p.failure) for p in asked if p.failure is not None)
        books = ((p.name, self.books.get(p.name)) for p in able)
        ruleset = {name: book.ruleset for name, book in books if book is not None}
        return speakers, tuple(failed), ruleset

    def visit_complete(
        self, case: Case, decision: Decision
    ) -> tuple[tuple[Action, ...], tuple[PluginFailure, ...]]:
        """What is owed after the visit that ``case.booking`` was, and the plugins that failed.

        The case is that of before the visit: its ``visits`` do not hold the visit itself.
        ``decision`` is the one on the same case; what it waives needs no action.
        """
        waived = {r.key for r in decision.requirements if r.status == "waived"}
        actions: set[Action] = set()
        failures: list[PluginFailure] = []
        hook = "on_visit_complete"
        for plugin, reply in self._call(self._able(case, hook), hook, case):
            try:
                found = validate_actions(self._said(plugin, reply))
                actions.update(replace(a, cures=None) for a in found if a.cures not in waived)
            except InvalidAnswerError as error:
                failures.append(PluginFailure(plugin.name, str(error)))
        ordered = sorted(actions, key=lambda a: (a.kind, str(a.due), a.rule, a.message))
        return tuple(ordered), tuple(failures)

    def prescription_upload(
        self, case: Case, prescription: Prescription
    ) -> tuple[UploadAnswer, tuple[PluginFailure, ...]]:
        """Findings on a prescription in view of the standing booking ``case.booking``, what it
        may cure, and the plugins that failed."""
        findings: list[Any] = []
        cures: set[str] = set()
        failures: list[PluginFailure] = []
        hook = "on_prescription_upload"
        for plugin, reply in self._call(self._able(case, hook), hook, case, prescription):
            try:
                answer = validate_upload(self._said(plugin, reply))
            except InvalidAnswerError as error:
                failures.append(PluginFailure(plugin.name, str(error)))
                continue
            findings.extend(answer.findings)
            cures.update(answer.may_cure)
        findings.sort(key=lambda f: (f.field, f.plugin, f.rule, f.message))
        return UploadAnswer(tuple(findings), tuple(sorted(cures))), tuple(failures)

    def _able(self, case: Case, hook: str) -> list[Plugin]:
        key = case.payer.key if case.payer else None
        able = (p for p in self._active if p.failure is None and p.serves_payer(key))
        return [p for p in able if hook in p.callers]

    def _call(
        self, plugins: Sequence[Plugin], hook: str, case: Case, *more: Prescription
    ) -> Iterator[tuple[Plugin, Any]]:
        """Each plugin with its reply. Each gets a copy of the case of its own, but for the host's
        own rules: they are tested to change nothing in it."""
        calls: list[Call] = []
        for plugin in plugins:
            name = plugin.name
            own = case if name == CORE else case.for_plugin(name)
            calls.append((plugin.callers[hook], (own, *more), plugin.package))
        return zip(plugins, self._dispatcher.run(calls), strict=True)

    def _said(self, plugin: Plugin, reply: Any) -> Any:
        """The reply. A plugin that hung is set aside. Raises ``InvalidAnswerError`` where there is
        no reply."""
        if type(reply) is not NoReply:
            return reply
        if reply.timed_out:
            plugin.fail(f"{reply.error}; it is set aside until the bridge is started anew")
            self._asked.cache_clear()
        raise InvalidAnswerError(reply.error)
