"""Asking a payer's plugin every hook over many requests, under watch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ...api import Action, Answer, Case, NoRuleError, Rule, RuleBook, UploadAnswer
from ...domain.describe import sentence
from ...domain.rule import NoValueError
from ...hooks.host import Host
from ...hooks.loading import Plugin
from ...hooks.validate_answers import (
    InvalidAnswerError,
    validate_actions,
    validate_answer,
    validate_upload,
)
from ..corpus import Corpus
from ..requests import Json, chart_of
from .code import Code
from .found import Violation
from .in_time import LIMIT, TooSlowError, in_time
from .subject import plugin_of
from .watching import TakenAwayError, Watch

HOOKS = ("on_booking", "on_visit_complete", "on_prescription_upload")
FIELDS = [one.name for one in fields(Case) if one.name != "rules"]


class NotingRules(dict[str, Rule]):
    """A plugin's rules, which note those that are asked for."""

    def __init__(self, rules: Mapping[str, Rule], noted: set[str]) -> None:
        super().__init__(rules)
        self._rules, self._noted = rules, noted

    def __getitem__(self, rule_id: str) -> Rule:
        self._noted.add(rule_id)
        return self._rules[rule_id]

    def get(self, rule_id: str, default: Any = None) -> Any:
        self._noted.add(rule_id)
        return self._rules.get(rule_id, default)

    def __contains__(self, rule_id: object) -> bool:
        self._noted.add(str(rule_id))
        return rule_id in self._rules

    def __iter__(self) -> Iterator[str]:
        self._noted.update(self._rules)
        return iter(self._rules)

    def values(self) -> Any:
        self._noted.update(self._rules)
        return self._rules.values()

    def items(self) -> Any:
        self._noted.update(self._rules)
        return self._rules.items()


_CURE_OF_RULES = (
    "Correct the id. Of a day on which the rule is not in force `case.rule(id)` gives None."
)
_CURE_OF_VALUES = "Correct the name, or give the rule that value in rules.toml."


@dataclass
class Asking:
    """One plugin, asked by a host over it. ``said`` is what it answered, by hook and number of the
    request, ``noted`` the rules that it asked for; a hook that is ``too_slow`` is asked no more.
    """

    host: Host
    name: str
    code: Code
    said: dict[tuple[str, int], Any] = field(default_factory=dict)
    noted: set[str] = field(default_factory=set)
    violations: set[Violation] = field(default_factory=set)
    too_slow: set[str] = field(default_factory=set)

    @property
    def plugin(self) -> Plugin:
        return plugin_of(self.host, self.name)

    @property
    def book(self) -> RuleBook | None:
        return self.host.books.get(self.name)

    def requests(self, every: int = 1) -> list[tuple[str, Json]]:
        """The requests for every payer that it serves, or one in so many of them."""
        served = [p for p in self.host.payers.payers if self.plugin.serves_payer(p.key)]
        return [one for payer in served for one in list(Corpus(payer, self.book))[::every]]

    def ask_all(self, requests: list[tuple[str, Json]], watch: Watch | None = None) -> None:
        """Ask every hook about every request."""
        for number, (words, made) in enumerate(requests):
            for hook in HOOKS:
                if hook in self.plugin.callers and hook not in self.too_slow:
                    self.said[hook, number] = self._ask(hook, words, made, watch)
        if watch is not None:
            self.violations |= watch.found

    def _ask(self, hook: str, words: str, made: Json, watch: Watch | None) -> Any:
        """The answer, as it was checked; nothing where it is none."""
        case = laid_out(self.host, made, self.name)
        if not self.plugin.serves_payer(case.payer.key if case.payer else None):
            return None
        if hook == "on_prescription_upload" and not case.prescriptions:
            return None
        case.rules = NotingRules(case.rules, self.noted)
        before = [getattr(case, name) for name in FIELDS], self._values(case)
        more = ((case.prescriptions or ())[0],) if hook == HOOKS[2] else ()
        try:
            with in_time(), watch.watching() if watch is not None else nullcontext():
                reply = self.plugin.callers[hook](case, *more)
            answer = self._checked(hook, reply)
        except TakenAwayError:
            return None  # the watch has noted it
        except TooSlowError as error:
            self.too_slow.add(hook)
            self._raised(hook, error, words)
            return None
        except InvalidAnswerError as error:
            self._note(hook, "answers", f"{error}", words)
            return None
        except BaseException as error:  # noqa: BLE001 - whatever it raises
            self._raised(hook, error, words)
            return None
        if any(a is not getattr(case, name) for a, name in zip(before[0], FIELDS, strict=True)):
            self._note(hook, "changes", "it changed the case that it was handed.", words)
        if before[1] != self._values(case):
            self._note(hook, "changes", "it changed facts, or the values of its rules.", words)
        return answer

    def _values(self, case: Case) -> str:
        """What could be changed in place."""
        rules = self.book.rules if self.book else ()
        return repr((case.booking, case.coverages, [dict(rule.values) for rule in rules]))

    def _checked(self, hook: str, reply: Any) -> Answer | tuple[Action, ...] | UploadAnswer:
        if hook == "on_booking":
            return validate_answer(self.name, reply, self.host.words)
        if hook == "on_visit_complete":
            return validate_actions(reply, self.name, self.host.words)
        return validate_upload(reply)

    def _raised(self, hook: str, error: BaseException, words: str) -> None:
        file, line = self.place_of(hook)
        step = error.__traceback__
        files = {str(path) for path in self.code.subject.files}
        while step is not None:
            if step.tb_frame.f_code.co_filename in files:
                file, line = Path(step.tb_frame.f_code.co_filename), step.tb_lineno
            step = step.tb_next
        said, asked = f"it raised {type(error).__name__}: {error}", "raises"
        if isinstance(error, TooSlowError):
            said, asked = f"it takes longer than {LIMIT:.0f} seconds", "in-time"
        self._add(file, line, asked, f"{said:.200}", words, error)

    def _note(self, hook: str, asked: str, said: str, words: str) -> None:
        self._add(*self.place_of(hook), asked, said, words)

    def _add(
        self,
        file: Path,
        line: int,
        asked: str,
        said: str,
        words: str,
        raised: BaseException | None = None,
    ) -> None:
        """The first request of each kind is enough to go by."""
        known = (v for v in self.violations if (v.file, v.line, v.asked) == (file, line, asked))
        if not any(v.said.startswith(said) for v in known):
            cure = _CURE_OF_RULES if isinstance(raised, NoRuleError) else ""
            cure = _CURE_OF_VALUES if isinstance(raised, NoValueError) else cure
            told = f"{sentence(said)} Seen: {words}."
            self.violations.add(Violation(file, line, asked, told, cure))

    def place_of(self, hook: str) -> tuple[Path, int]:
        """Where the function that answers a hook stands."""
        return self.code.line_of_function(hook) or (self.code.subject.main, 1)


def laid_out(host: Host, made: Json, plugin: str) -> Case:
    """The case of a request as the plugin sees it: the shared rules have chosen the paper."""
    case = host.case(chart_of(made, host))
    core = plugin_of(host, "core")
    answer: Answer = core.callers["on_booking"](case)
    case.prescription = answer.prescription
    return case.for_plugin(plugin)
