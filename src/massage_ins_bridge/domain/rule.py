"""One rule as it stood on a date, and the answers that can be made from it.

A rule never carries a number of its own in code: ``values`` hold what its data file says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .answers import Action, Cost, Finding, Requirement, Status, Strength, Waiver

#: How many requirements that are met a rule keeps for the next booking.
WORDS_KEPT = 64


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule in force between ``from_`` and ``to`` (both included; ``None`` is open).

    ``source`` cites where the rule was read, ``confirmed_on`` when somebody last did so and
    ``review_by`` when it is to be read again. ``changed_by_clinic`` tells that the clinic's own
    file overrides or adds it.
    """

    id: str
    text: str
    source: str
    plugin: str
    values: Mapping[str, Any] = field(default_factory=dict)
    from_: date | None = None
    to: date | None = None
    confidence: str = ""
    confirmed_on: date | None = None
    review_by: date | None = None
    changed_by_clinic: bool = False
    _said: dict[str, Requirement] = field(default_factory=dict, init=False, repr=False)

    def in_force(self, on: date) -> bool:
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
    ) -> Requirement:
        return self._requirement(key, "unmet", effect, message, remedy, patient, due)

    def unknown(
        self,
        key: str,
        message: str,
        remedy: str,
        patient: str,
        due: date | None = None,
        effect: Cost = "hold",
    ) -> Requirement:
        return self._requirement(key, "unknown", effect, message, remedy, patient, due)

    def owed(self, key: str, message: str, remedy: str, patient: str, due: date) -> Requirement:
        """A requirement that is not needed yet: it costs nothing until ``due`` has passed."""
        return self._requirement(key, "due", "none", message, remedy, patient, due)

    def waive(
        self, key: str, reason: str, *, firm: bool, confirm_with_plan: bool = False
    ) -> Waiver:
        strength: Strength = "firm" if firm else "doubtful"
        return Waiver(key, self.id, self.plugin, strength, reason, self.source, confirm_with_plan)

    def action(
        self, kind: str, message: str, due: date | None = None, *, cures: str | None = None
    ) -> Action:
        """Work that somebody owes. ``cures`` is the key of the requirement that it serves: where
        that one is waived, the work is not owed."""
        return Action(kind, self.id, message, due, cures)

    def finding(self, field: str, status: Status, message: str, remedy: str = "") -> Finding:
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


class RulesOn(dict[str, Mapping[str, Rule]]):
    """By plugin, the rules in force on one day; ``next_review`` is the first day on which one of
    them is due to be read again."""

    __slots__ = ("next_review",)

    def __init__(self, books: Mapping[str, Mapping[str, Rule]]) -> None:
        super().__init__(books)
        days = (rule.review_by for book in books.values() for rule in book.values())
        self.next_review = min((day for day in days if day is not None), default=date.max)
