"""What is remembered of a plugin, for the time when it is off, gone or broken: its payers keep
their names, and what it declared stays readable. Of a payer's rules nothing is kept: nobody could
answer for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..api import Payer
from ..domain.declared import NOTHING_DECLARED, Declared, DeclaredAction, DeclaredFact, DeclaredKind

_OF_A_PAYER = ("key", "name", "aliases", "plan_aliases", "health_plan", "self_pay_rule")


@dataclass(frozen=True, slots=True)
class Remembered:
    """A plugin as it was when it last spoke. ``payers`` are those that it defined."""

    name: str
    distribution: str = ""
    version: str = ""
    payers: tuple[Payer, ...] = ()
    declared: Declared = NOTHING_DECLARED

    @property
    def says_something(self) -> bool:
        """Whether there is anything to remember."""
        return bool(self.payers) or self.declared != NOTHING_DECLARED

    def text(self) -> str:
        """As it is stored."""
        payers = [{key: getattr(p, key) for key in _OF_A_PAYER} for p in self.payers]
        said = {
            "distribution": self.distribution,
            "version": self.version,
            "payers": [{**p, "plan_aliases": dict(p["plan_aliases"])} for p in payers],
            "declared": asdict(self.declared),
        }
        return json.dumps(said, ensure_ascii=False, sort_keys=True)


def remembered(name: str, text: str) -> Remembered:
    """What ``Remembered.text`` stored. What a later release wrote beside it is passed over."""
    said = json.loads(text)
    payers = (_payer(name, table) for table in said["payers"])
    kept = said["declared"]
    declared = Declared(
        tuple(
            DeclaredFact(**{**fact, "choices": tuple(fact["choices"])}) for fact in kept["facts"]
        ),
        tuple(DeclaredAction(**table) for table in kept["actions"]),
        tuple(DeclaredKind(**table) for table in kept["authorization_kinds"]),
    )
    return Remembered(name, said["distribution"], said["version"], tuple(payers), declared)


def _payer(plugin: str, table: Mapping[str, Any]) -> Payer:
    known = {key: table[key] for key in _OF_A_PAYER}
    return Payer(plugin=plugin, **{**known, "aliases": tuple(known["aliases"])})
