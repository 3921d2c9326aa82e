"""Who is billed: payer profiles and the many spellings of their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from .told import Told

Settlement = Literal["network", "claim", "none"]
EpisodeKind = Literal["days", "claim"]


@dataclass(frozen=True, slots=True)
class Payer(metaclass=Told):
    """What the shared rules must know of a payer; the ``…_rule`` fields name rules of the
    payer's own plugin that hold the numbers and lists.
    ``rules.schema.json`` says what each field means.

    ``served`` is false for a payer that no plugin knows: it has its name and nothing else, so that
    visits can be counted and nothing is promised.
    """

    key: str
    name: str
    plugin: str
    aliases: tuple[str, ...] = ()
    plan_aliases: Mapping[str, str] = field(default_factory=dict)
    plan_kinds: Mapping[str, Sequence[str]] = field(default_factory=dict)
    settlement: Settlement = "network"
    needs_network: bool = True
    must_be_in_network: bool = False
    episode: EpisodeKind = "days"
    counts_all_clinics: bool = False
    health_plan: bool = True
    has_benefit: bool = True
    same_day_holds: bool = True
    state_regulated: bool = True
    prescriber_rule: str | None = None
    prescription_age_rule: str | None = "OQ-9"
    prescription_visits_rule: str | None = None
    necessity_rule: str | None = None
    necessity_definition_rule: str | None = None
    decision_rule: str | None = None
    accepted_diagnoses_bind: bool = False
    self_pay_rule: str | None = None
    self_pay_free: bool = False
    served: bool = True

    def names_of_plan(self, plan: str) -> tuple[str, ...]:
        """Every name under which a plan, or one of its kinds, is known."""
        plans = (plan, *self.plan_kinds.get(plan, ()))
        return (*plans, *(name for name, of in self.plan_aliases.items() if of in plans))

    @property
    def may_bill_client(self) -> bool:
        """Whether the client may be asked to pay for this payer's care at all."""
        return self.self_pay_rule is None


@lru_cache(maxsize=4096)
def normal_name(name: str) -> str:
    """A payer's name with case, spaces and punctuation aside, and ``&`` read as "and"."""
    return re.sub(r"[^a-z0-9]", "", name.casefold().replace("&", "and"))


@lru_cache(maxsize=4096)
def normal_plan(name: str) -> str:
    """A plan's name with case and spaces aside."""
    return "".join(name.casefold().split())


def is_listed(plan: str, plans: tuple[str, ...]) -> bool:
    """Whether a plan goes by one of the spellings listed, case and spaces aside."""
    return normal_plan(plan) in _spellings(plans)


@lru_cache(maxsize=4096)
def is_mentioned(plan: str, plans: tuple[str, ...]) -> bool:
    """Whether a plan's name contains one of those listed as whole words."""
    spaced = " ".join(plan.casefold().split())
    return any(
        re.search(rf"(?<!\w){re.escape(' '.join(name.casefold().split()))}(?!\w)", spaced)
        for name in plans
    )


@lru_cache(maxsize=64)
def _spellings(plans: tuple[str, ...]) -> frozenset[str]:
    return frozenset(normal_plan(plan) for plan in plans)


def unserved(name: str) -> Payer:
    """What takes the place of a payer that no installed plugin serves."""
    return Payer(key=normal_name(name), name=name, plugin="", served=False)


@dataclass(frozen=True, slots=True)
class PayerMatch:
    """A payer found by one of its names; ``plan`` is set where the name is that of a plan."""

    payer: Payer
    plan: str | None = None


class PayerIndex:
    """Finds a payer by key, name or alias. Where two plugins claim one name, the first by plugin
    name has it, and ``conflicts`` says so."""

    __slots__ = ("_names", "_spelled", "conflicts", "payers")

    def __init__(self, payers: Iterable[Payer]) -> None:
        self.payers: tuple[Payer, ...] = tuple(sorted(payers, key=lambda p: (p.plugin, p.key)))
        self._names: dict[str, PayerMatch] = {}
        self._spelled: dict[str, PayerMatch] = {}  # names as the plugins spell them
        self.conflicts: list[str] = []
        for payer in self.payers:
            for name in (payer.key, payer.name, *payer.aliases):
                self._add(name, PayerMatch(payer))
            for name, plan in payer.plan_aliases.items():
                self._add(name, PayerMatch(payer, plan))

    def _add(self, name: str, match: PayerMatch) -> None:
        known = self._names.setdefault(normal_name(name), match)
        self._spelled[name] = known
        if known.payer.key != match.payer.key:
            self.conflicts.append(
                f"{name!r} is claimed by {known.payer.plugin} and {match.payer.plugin}"
            )

    def find(self, name: str | None) -> PayerMatch | None:
        if not name:
            return None
        return self._spelled.get(name) or self._names.get(normal_name(name))

    def key_of(self, name: str | None) -> str | None:
        """The payer's key, or ``None`` for no name. A name that no plugin serves gives its normal
        form, so that two spellings of it are equal."""
        if not name:
            return None
        match = self._spelled.get(name) or self._names.get(normal_name(name))
        return match.payer.key if match else normal_name(name)
