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
from ..domain.clinic import DEFAULT_ZONE
from ..domain.days import local_day
from ..domain.declared import vocabulary_of
from ..domain.describe import describe
from ..domain.rule import RulesOn
from ..gate.case import CORE, build_case
from ..gate.combine import Asked, combine
from ..gate.selfpay import decide_self_pay
from .dispatch import Call, Dispatcher, NoReply
from .loading import Plugin, connectors_of, installed, load_plugins
from .payers_served import index_of
from .remembered import Remembered
from .validate_answers import InvalidAnswerError, validate_actions, validate_answer, validate_upload

DEFAULT_TIME_LIMIT = 2.0
#: Importing a plugin reads its files and libraries: its limit is an answer's, times this.
LOADING_TAKES = 5
#: The plugins that are asked about a booking, those that failed, and the rulesets used.
Speakers = tuple[tuple[Plugin, ...], tuple[PluginFailure, ...], dict[str, str]]


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
        former = [p.was for p in self.plugins if p.was is not None]
        self.payers = index_of(self.plugins, (payer for was in former for payer in was.payers))
        able = (p.name for p in self.plugins if p.failure is None)
        declared = [self.books[name].declared for name in able if name in self.books]
        self.words = vocabulary_of(
            [*declared, *(was.declared for was in former)], [was.name for was in former]
        )
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
        books: Iterable[RuleBook] = (),
    ) -> Host:
        """A host over the installed plugins (or over the entry points given).

        ``overrides`` are the tables of a clinic's own rule file; ``time_limit`` is what one
        plugin may take for one answer, in seconds. ``books`` stand for those of the plugins that
        they name. Raises ``HostError`` and ``RuleDataError``.
        """
        loader = Dispatcher(time_limit * LOADING_TAKES)
        plugins = load_plugins(installed() if points is None else points, disabled, loader)
        dispatcher = Dispatcher(time_limit)
        for book in books:
            _exchange(plugins, book)
        shipped = [p.book for p in plugins if p.book is not None]
        if own := tuple(overrides):
            from ..rulebook.overrides import apply_overrides

            without = [p.name for p in plugins if p.book is None]
            return cls(plugins, apply_overrides(shipped, own, without), dispatcher)
        return cls(plugins, shipped, dispatcher)

    def remembering(self, known: Iterable[Remembered]) -> Host:
        """The same host, which knows the plugins by name that are off, gone or broken: payers that
        they served are held by their names, and what they declared can be read."""
        plugins = {plugin.name: plugin for plugin in self.plugins}
        for was in known:
            plugin = plugins.setdefault(was.name, Plugin(name=was.name, disabled=True))
            plugin.was = was if plugin.disabled or plugin.failure is not None else None
        return Host(plugins.values(), self.books.values(), self._dispatcher)

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
        return self.decide_and_tell(case)[0]

    def decide_and_tell(self, case: Case) -> tuple[Decision, tuple[PluginFailure, ...]]:
        """As ``decide_case``, with the plugins that failed and, for their authors, why."""
        if case.booking.self_pay:
            return decide_self_pay(case, self.payers), ()
        answers, failures, ruleset = self._answers(case)
        beside: list[Asked] = []
        for primary in case.primaries if case.in_force and len(case.primaries) == 1 else ():
            of_it = case.of_primary(primary)
            more, failed, further = self._answers(of_it)
            beside.append(Asked(of_it, more))
            failures += [f for f in failed if f not in failures]
            ruleset = {**further, **ruleset}
        return combine(case, answers, failures, ruleset, beside), tuple(failures)

    def _answers(self, case: Case) -> tuple[list[Answer], list[PluginFailure], dict[str, str]]:
        """What each plugin that serves the payer answers, those that failed, and the rulesets."""
        able, failed, ruleset = self._asked(case.payer.key if case.payer else None)
        failures = list(failed)
        answers: list[Answer] = []
        if core := next((p for p in able if p.name == CORE), None):
            try:
                answers.append(self._shared(core, case))
            except Exception as error:  # noqa: BLE001 - what a payer's data makes of it holds
                said = f"it raised {describe(error, core.package)}"
                failures.append(PluginFailure(CORE, said, error))
            able = tuple([p for p in able if p is not core])
        for plugin, reply in self._call(able, "on_booking", case):
            if reply is None:
                continue  # it has nothing to say
            try:
                said = self._said(plugin, reply)
                answers.append(validate_answer(plugin.name, said, self.words))
            except InvalidAnswerError as error:
                failures.append(_failure(plugin, error))
        return answers, failures, ruleset

    def _shared(self, core: Plugin, case: Case) -> Answer:
        """What the host's own rules say; they are tested to be valid, and called here. They find
        the prescription that serves the booking, which the others then go by."""
        answer: Answer = core.callers["on_booking"](case)
        case.prescription = answer.prescription
        return answer

    def _who_is_asked(self, payer: str | None) -> Speakers:
        asked = [p for p in self._active if p.serves_payer(payer) or p.failed_for_all]
        why = [(p, p.failure or p.amiss.get(payer or "")) for p in asked]
        able = [p for p, said in why if said is None]
        speakers = tuple(p for p in able if "on_booking" in p.callers)
        failed = (PluginFailure(p.name, said, p.cause) for p, said in why if said is not None)
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
                found = validate_actions(self._said(plugin, reply), plugin.name, self.words)
                actions.update(replace(a, cures=None) for a in found if a.cures not in waived)
            except InvalidAnswerError as error:
                failures.append(_failure(plugin, error))
        ordered = sorted(actions, key=lambda a: (a.kind, str(a.due), a.rule, a.message))
        return tuple(ordered), tuple(failures)

    def prescription_upload(
        self, case: Case, prescription: Prescription
    ) -> tuple[UploadAnswer, tuple[PluginFailure, ...]]:
        """Findings on a prescription in view of the standing booking ``case.booking``, what it
        may cure, and the plugins that failed."""
        case = replace(case, prescription=prescription)
        findings: list[Any] = []
        cures: set[str] = set()
        failures: list[PluginFailure] = []
        hook = "on_prescription_upload"
        for plugin, reply in self._call(self._able(case, hook), hook, case, prescription):
            try:
                answer = validate_upload(self._said(plugin, reply))
            except InvalidAnswerError as error:
                failures.append(_failure(plugin, error))
                continue
            findings.extend(answer.findings)
            cures.update(answer.may_cure)
        findings.sort(key=lambda f: (f.field, f.plugin, f.rule, f.message))
        return UploadAnswer(tuple(findings), tuple(sorted(cures))), tuple(failures)

    def _able(self, case: Case, hook: str) -> list[Plugin]:
        key = case.payer.key if case.payer else None
        able = (p for p in self._active if p.failure is None and p.serves_payer(key))
        return [p for p in able if hook in p.callers and key not in p.amiss]

    def _call(
        self, plugins: Sequence[Plugin], hook: str, case: Case, *more: Prescription
    ) -> Iterator[tuple[Plugin, Any]]:
        """Each plugin with its reply. Each gets a copy of the case of its own."""
        calls: list[Call] = [
            (p.callers[hook], (case.for_plugin(p.name), *more), p.package) for p in plugins
        ]
        return zip(plugins, self._dispatcher.run(calls), strict=True)

    def _said(self, plugin: Plugin, reply: Any) -> Any:
        """The reply. A plugin that hung is set aside. Raises ``InvalidAnswerError`` where there is
        no reply."""
        if type(reply) is not NoReply:
            return reply
        if reply.timed_out:
            plugin.fail(f"{reply.error}; it is set aside until the bridge is started anew")
            self._asked.cache_clear()
        raise InvalidAnswerError(reply.error) from reply.cause


def _failure(plugin: Plugin, error: InvalidAnswerError) -> PluginFailure:
    return PluginFailure(plugin.name, str(error), error.__cause__ or error)


def _exchange(plugins: Iterable[Plugin], book: RuleBook) -> None:
    """Let a book stand for the one of the plugin that it names."""
    known = {p.name: p for p in plugins if p.book is not None}
    plugin = known.get(book.plugin)
    if plugin is None:
        names = ", ".join(sorted(known))
        raise HostError(f"no plugin {book.plugin!r} with rules is installed; there are {names}")
    plugin.book = book
    payers = {p.key: p for p in book.payers}
    plugin.payers = tuple(payers.get(p.key, p) for p in plugin.payers)
