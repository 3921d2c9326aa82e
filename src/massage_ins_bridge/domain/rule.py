"""One rule as it stood on a date, and the answers that can be made from it.

A rule never carries a number of its own in code: ``values`` hold what its data file says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeGuard

from .answers import Action, Cost, Finding, Requirement, Status, Strength, Waiver
from .problems import nearest
from .source import Source
from .told import Told

#: How many requirements that are met a rule keeps for the next booking.
WORDS_KEPT = 64
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True, eq=False)
class Rule(metaclass=Told):
    """A rule in force between ``from_`` and ``to``, both included, and the answers made of it."""

    id: str
    text: str
    source: Source
    plugin: str
    values: Mapping[str, Any] = field(default_factory=dict)
    from_: date | None = None
    to: date | None = None
    confirmed_on: date | None = None
    review_by: date | None = None
    changed_by_clinic: bool = False
    place: str = ""
    quote: str = ""
    note: str = ""
    _said: dict[str, Requirement] = field(default_factory=dict, init=False, repr=False)

    def in_force(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return (self.from_ is None or self.from_ <= on) and (self.to is None or on <= self.to)

    def overdue(self, today: date) -> bool:
        """Whether the day by which somebody was to read the rule again has passed."""
        return self.review_by is not None and today > self.review_by

    def met(self, key: str, message: str, patient: str = "") -> Requirement:
        """A requirement that is met. Most are, and in the same words: each is made once."""
        found = self._said.get(message)
        if found is not None and found.key == key and found.patient_message == patient:
            return found
        found = Requirement(
            key, "met", "none", self.id, self.plugin, message, "", patient, self.source
        )
        if len(self._said) >= WORDS_KEPT:
            self._said.clear()
        self._said[message] = found
        return found

    def unmet(
        self,
        key: str,
        effect: Cost,
        message: str,
        remedy: str,
        patient: str,
        due: date | None = None,
        *,
        not_covered: bool = False,
    ) -> Requirement:
        """A requirement that is not met. ``not_covered``: because the care is not covered."""
        found = self._requirement(key, "unmet", effect, message, remedy, patient, due)
        return replace(found, not_covered=True) if not_covered else found

    def unknown(
        self,
        key: str,
        message: str,
        remedy: str,
        patient: str,
        due: date | None = None,
        effect: Cost = "hold",
    ) -> Requirement:
        """A requirement of which nobody can tell whether it is met: it holds at most."""
        return self._requirement(key, "unknown", effect, message, remedy, patient, due)

    def owed(self, key: str, message: str, remedy: str, patient: str, due: date) -> Requirement:
        """A requirement that is not needed yet: it costs nothing until ``due`` has passed."""
        return self._requirement(key, "due", "none", message, remedy, patient, due)

    def advised(self, key: str, message: str, remedy: str) -> Requirement:
        """A requirement that is met, with something that staff had better do: it warns."""
        return self._requirement(key, "met", "warn", message, remedy, "")

    def waive(
        self,
        key: str,
        reason: str,
        *,
        firm: bool,
        confirm_with_plan: bool = False,
        advice: str = "",
    ) -> Waiver:
        """A waiver of a key. ``advice``: what staff is told where what is waived is not met."""
        strength: Strength = "firm" if firm else "doubtful"
        return Waiver(
            key, self.id, self.plugin, strength, reason, self.source, confirm_with_plan, advice
        )

    def action(
        self, kind: str, message: str, due: date | None = None, *, cures: str | None = None
    ) -> Action:
        """Work that somebody owes. ``cures`` is the key of the requirement that it serves: where
        that one is waived, the work is not owed."""
        return Action(kind, self.id, message, due, cures)

    def finding(self, field: str, status: Status, message: str, remedy: str = "") -> Finding:
        """What was noticed on a field of a prescription; ``remedy``: what to ask for."""
        return Finding(field, status, self.id, self.plugin, message, remedy, self.source)

    def _requirement(
        self,
        key: str,
        status: Status,
        effect: Cost,
        message: str,
        remedy: str,
        patient: str,
        due: date | None = None,
    ) -> Requirement:
        return Requirement(
            key, status, effect, self.id, self.plugin, message, remedy, patient, self.source, due
        )


class NoRuleError(KeyError):
    """A plugin asked for a rule that it has not, or that is not in force on the day. The text
    holds no client's facts."""

    def __str__(self) -> str:
        return str(self.args[0])


class NoValueError(NoRuleError):
    """A plugin asked a rule for a value that it has not."""


class Values(dict[str, Any]):
    """A rule's numbers and lists by name; it says of one that is not among them, which is near."""

    __slots__ = ("_rule",)

    def __init__(self, found: Mapping[str, Any], rule: str) -> None:
        super().__init__(found)
        self._rule = rule

    def __missing__(self, name: object) -> Any:
        said = f"the rule {self._rule!r} has no value"
        if not _is_name(name):
            raise NoValueError(f"{said} by a name that is none")
        raise NoValueError(f"{said} {name!r}{nearest(name, self)}")


class RulesInForce(dict[str, Rule]):
    """One plugin's rules in force on a day, by id. It says of a rule that is not among them, why:
    ``versions`` are all that the plugin has, in order."""

    __slots__ = ("_day", "_plugin", "_versions")

    def __init__(
        self, found: Mapping[str, Rule], plugin: str, day: date, versions: Iterable[Rule] = ()
    ) -> None:
        super().__init__(found)
        self._plugin, self._day, self._versions = plugin, day, tuple(versions)

    def __missing__(self, rule_id: object) -> Rule:
        raise NoRuleError(self._why(rule_id))

    def _why(self, rule_id: object) -> str:
        name = repr(rule_id) if _is_name(rule_id) else "by a name that is none"
        said = f"the rule {name} of the plugin {self._plugin!r} is"
        versions = [rule for rule in self._versions if rule.id == rule_id]
        if not versions:
            near = nearest(rule_id, {r.id for r in self._versions}) if _is_name(rule_id) else ""
            return f"{said} absent from its rules{near}"
        spans = ", ".join(map(_span, versions))
        return f"{said} not in force on {self._day}; it is {spans}"


def _is_name(rule_id: object) -> TypeGuard[str]:
    """Whether it looks like a rule's id, or a value's name; what does not may hold facts."""
    return isinstance(rule_id, str) and _ID.fullmatch(rule_id) is not None


def _span(rule: Rule) -> str:
    starts = f"from {rule.from_}" if rule.from_ else ""
    ends = f"to {rule.to}" if rule.to else ""
    return " ".join(filter(None, (starts, ends))) or "always"


class RulesOn(dict[str, Mapping[str, Rule]]):
    """By plugin, the rules in force on one day; ``next_review`` is the first day on which one of
    them is due to be read again."""

    __slots__ = ("_overdue", "next_review")

    def __init__(self, books: Mapping[str, Mapping[str, Rule]]) -> None:
        super().__init__(books)
        days = (rule.review_by for book in books.values() for rule in book.values())
        self.next_review = min((day for day in days if day is not None), default=date.max)
        self._overdue: tuple[date, frozenset[tuple[str, str]]] = (date.min, frozenset())

    def overdue(self, today: date) -> frozenset[tuple[str, str]]:
        """By plugin and id, the rules that somebody was to read again before today; the project's
        own, which are read nowhere, aside."""
        known, found = self._overdue
        if known != today:
            found = frozenset(
                (plugin, rule.id)
                for plugin, book in self.items()
                for rule in book.values()
                if rule.source.sure != "ours" and rule.overdue(today)
            )
            self._overdue = (today, found)
        return found
