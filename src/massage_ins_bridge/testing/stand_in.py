"""A plugin of payers that ask for an authorization at every visit, for tests of plugins that waive
what others ask: ``host_of("acme", points=(AsksAlways(Payer("oak", "Oak", STAND_IN)),))``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Self

from ..api import Answer, Case, Payer, Requirement, Source, hookimpl

#: The plugin's name, and the key of what it asks.
STAND_IN, ASKED = "stand-in", "prior-authorization"


class AsksAlways:
    """Loads as an installed plugin does. Its ``payers`` ask at every visit, ``but`` for those of
    these keys, which ask for nothing."""

    name = value = STAND_IN
    dist = None

    def __init__(self, *payers: Payer, but: Collection[str] = ()) -> None:
        self._payers, self._but = payers, but

    def load(self) -> Self:
        """Itself."""
        return self

    @hookimpl
    def payers(self) -> list[Payer]:
        """Those that were given."""
        return list(self._payers)

    @hookimpl
    def on_booking(self, case: Case) -> Answer:
        """What is asked is not there, and the booking may not stand without."""
        if case.payer is None or case.payer.key in self._but:
            return Answer()
        source = Source("a test")
        asked = Requirement(ASKED, "unmet", "block", "S-1", STAND_IN, "None.", "", "", source)
        return Answer((asked,))
