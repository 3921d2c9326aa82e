"""One plugin defines a payer, and others may serve it too: what is wrong where it is otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ..api import ALL_PAYERS, Payer
from ..domain.payer import PayerIndex
from ..domain.problems import nearest


@dataclass(slots=True, kw_only=True)
class Serving:
    """What a plugin serves: the payers that it defines, and the keys of all.

    ``amiss`` says by payer key what is wrong with that payer alone, which holds until it is mended.
    """

    name: str
    disabled: bool = False
    failure: str | None = None
    serves: frozenset[str] = frozenset()
    payers: tuple[Payer, ...] = ()
    amiss: dict[str, str] = field(default_factory=dict)

    def serves_payer(self, key: str | None) -> bool:
        return ALL_PAYERS in self.serves or (key is not None and key in self.serves)


def compare_payers(plugins: Sequence[Serving]) -> None:
    """Note in each plugin's ``amiss`` the payers that another one defines as well, and those that
    it names and nobody defines. While a plugin is disabled, or failed, it may be the one that
    defines them."""
    whole = not any(plugin.disabled or plugin.failure for plugin in plugins)
    definers: dict[str, list[str]] = {}
    for plugin in plugins:
        for key in sorted({payer.key for payer in plugin.payers}):
            definers.setdefault(key, []).append(plugin.name)
    for plugin in plugins:
        for key in sorted(plugin.serves - {ALL_PAYERS}):
            names = definers.get(key)
            if names is None and whole:
                plugin.amiss[key] = (
                    f"its payers() names the payer {key!r}, which no installed plugin defines"
                    f"{nearest(key, definers)}"
                )
            elif names is not None and len(names) > 1 and plugin.name in names:
                plugin.amiss[key] = (
                    f"the payer {key!r} is defined by the plugins {' and '.join(sorted(names))}; "
                    "one alone may define it, and the others name it as text to serve it too"
                )


def index_of(plugins: Sequence[Serving], former: Iterable[Payer] = ()) -> PayerIndex:
    """All payers by their names. One that two plugins define keeps its names and is served by
    neither: which of them is right is not for the alphabet to say. So does one of the ``former``,
    whose plugin is off, gone or broken."""
    known = {payer.key for plugin in plugins for payer in plugin.payers}
    return PayerIndex([*_payers(plugins), *(unserved_of(p) for p in former if p.key not in known)])


def _payers(plugins: Iterable[Serving]) -> Iterator[Payer]:
    for plugin in plugins:
        for payer in plugin.payers:
            yield unserved_of(payer) if payer.key in plugin.amiss else payer


def unserved_of(payer: Payer) -> Payer:
    """A payer by its names, whose rules nobody can ask. Whether its care may be billed to the
    client is remembered."""
    return Payer(
        payer.key,
        payer.name,
        payer.plugin,
        payer.aliases,
        payer.plan_aliases,
        health_plan=payer.health_plan,
        self_pay_rule=payer.self_pay_rule,
        served=False,
    )
