"""Changes of the clinic's rules as programs ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...domain.reading import Problem, UnusableInputError, read
from ...store.record import Record
from ..acts import Done, note
from ..installation import Installation
from ..roles import Person
from ..staff_words import must_say
from .change import draft_change, rule_of, use
from .drafts import Draft
from .form import RuleChangeSent, typed_of


@dataclass(frozen=True, slots=True)
class UseSent:
    """Who has it hold."""

    name: str


def draft_sent(installation: Installation, record: Record, data: Any) -> Draft:
    """Keep the change that a program asks for. Raises ``NotFoundError`` and
    ``UnusableInputError``."""
    sent = read(RuleChangeSent, data)
    rule = rule_of(installation, record, sent.plugin, sent.rule)
    try:
        return draft_change(installation, record, rule, typed_of(rule, sent))
    except UnusableInputError as error:
        raise UnusableInputError(
            [
                Problem(f"values.{p.path[2:]}" if p.path.startswith("v-") else p.path, p.message)
                for p in error.problems
            ]
        ) from None


def use_sent(installation: Installation, record: Record, draft_id: str, data: Any) -> None:
    """The same on the word of somebody who is named; it is put on record. Raises as ``use``, and
    ``UnusableInputError``."""
    said = read(UseSent, data)
    must_say("name", said.name)
    made = use(installation, record, draft_id)
    about = Done("rule-changed", made.words, undo="rules", needs={"draft": made.id})
    note(record, Person(record.clinic, said.name, "owner"), about)
