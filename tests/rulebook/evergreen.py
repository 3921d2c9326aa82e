"""A payer of the tests' own, with rules of their own: the shipped ones change."""

from collections.abc import Sequence
from typing import Self

from massage_ins_bridge.api import Payer, RuleBook, hookimpl


class EvergreenPayer:
    """An entry point and its plugin in one, over the ``book`` of whoever inherits from it."""

    name = value = "evergreen"
    dist = None
    book: RuleBook

    def load(self) -> Self:
        return self

    @hookimpl
    def payers(self) -> Sequence[Payer]:
        return self.book.payers

    @hookimpl
    def rules(self) -> RuleBook:
        return self.book
