"""What plugins declare in their rule files beside the host's own: fields of facts (``extra``), and
kinds of actions and of authorizations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Literal, Self, TypeVar, get_args

from .answers import ACTION_KINDS
from .vocabulary import AuthorizationKind

FactOn = Literal["coverage", "prescription", "authorization", "visit", "booking"]
FactType = Literal["text", "bool", "int", "date", "amount", "choice"]
K = TypeVar("K", bound="DeclaredKind")
FACTS_ON: tuple[str, ...] = get_args(FactOn)
AUTHORIZATION_KINDS: tuple[str, ...] = get_args(AuthorizationKind)


@dataclass(frozen=True, slots=True)
class DeclaredFact:
    """A field of a plugin's own on a fact of the chart; ``label`` is what forms call it, and
    ``choices`` what a ``choice`` may be."""

    plugin: str
    on: FactOn
    name: str
    type: FactType
    label: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeclaredKind:
    """A kind of action or authorization by its whole name, ``<plugin>.<kind>``."""

    kind: str
    label: str

    @property
    def plugin(self) -> str:
        return self.kind.rpartition(".")[0]

    def named(self, plugin: str) -> Self:
        """The same kind of the plugin by another name."""
        return replace(self, kind=f"{plugin}.{self.kind.rpartition('.')[2]}")


@dataclass(frozen=True, slots=True)
class DeclaredAction(DeclaredKind):
    """A kind of work. ``per``: whether each visit has its own, or the client one for all of them;
    empty: what a booking asks for is the client's, what a visit asks for is the visit's."""

    per: Literal["visit", "client", ""] = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """All that one plugin declares."""

    facts: tuple[DeclaredFact, ...] = ()
    actions: tuple[DeclaredAction, ...] = ()
    authorization_kinds: tuple[DeclaredKind, ...] = ()

    def named(self, plugin: str) -> Declared:
        """The same under the name that the plugin was installed by."""
        return Declared(
            tuple(replace(fact, plugin=plugin) for fact in self.facts),
            tuple(kind.named(plugin) for kind in self.actions),
            tuple(kind.named(plugin) for kind in self.authorization_kinds),
        )


NOTHING_DECLARED = Declared()


class Vocabulary:
    """The words that plugins add to the host's own. ``forgiving``: what is stored outlives the
    plugin that declared it, so that what nobody declares any more is passed over. ``former`` names
    the plugins that are off or gone: their words are known still, and nobody is asked for them."""

    def __init__(
        self,
        declared: Iterable[Declared] = (),
        *,
        forgiving: bool = False,
        former: Iterable[str] = (),
    ) -> None:
        self._declared = tuple(declared)
        self.forgiving = forgiving
        self.former = frozenset(former)
        facts: dict[str, dict[str, dict[str, DeclaredFact]]] = {on: {} for on in FACTS_ON}
        for fact in (fact for one in self._declared for fact in one.facts):
            facts[fact.on].setdefault(fact.plugin, {})[fact.name] = fact
        #: By kind of fact, then by plugin, then by name.
        self.facts: Mapping[str, Mapping[str, Mapping[str, DeclaredFact]]] = MappingProxyType(facts)
        self.actions = _by_kind(kind for one in self._declared for kind in one.actions)
        self.authorization_kinds = _by_kind(
            kind for one in self._declared for kind in one.authorization_kinds
        )

    @cached_property
    def for_stored(self) -> Vocabulary:
        """The same words, for what was checked when it was stored."""
        return Vocabulary(self._declared, forgiving=True, former=self.former)

    @cached_property
    def all_authorization_kinds(self) -> tuple[str, ...]:
        """The host's own kinds, then those of plugins in order of name."""
        return (*AUTHORIZATION_KINDS, *sorted(self.authorization_kinds))

    def actions_of(self, plugin: str) -> frozenset[str]:
        """The kinds of action that a plugin may name: the host's and its own."""
        own = (kind.kind for kind in self.actions.values() if kind.plugin == plugin)
        return ACTION_KINDS.union(own)


def _by_kind(kinds: Iterable[K]) -> Mapping[str, K]:
    return MappingProxyType({kind.kind: kind for kind in kinds})


#: What is there where no plugin declares anything.
NO_WORDS = Vocabulary()


def vocabulary_of(declared: Iterable[Declared], former: Iterable[str] = ()) -> Vocabulary:
    """The words of all that is declared, by the ``former`` plugins too."""
    found = [one for one in declared if one != NOTHING_DECLARED]
    return Vocabulary(found, former=former) if found else NO_WORDS
