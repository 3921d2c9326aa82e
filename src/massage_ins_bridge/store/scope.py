"""What every query of one unit of work is made with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from ..domain.days import local_day
from ..domain.declared import NO_WORDS, Vocabulary
from .vault import Vault


@dataclass
class Scope:
    """One transaction for one clinic at one moment. ``zone`` decides what a day is; ``vocabulary``
    is that of the installed plugins."""

    session: Session
    vault: Vault
    clinic: str
    now: datetime
    zone: str
    vocabulary: Vocabulary = NO_WORDS

    @cached_property
    def alone(self) -> bool:
        """Whether writing transactions are serial, as on SQLite: nobody else changes anything
        while this one writes."""
        return self.session.get_bind().dialect.name == "sqlite"

    @cached_property
    def today(self) -> date:
        """The clinic's day."""
        return local_day(self.now, self.zone)

    def day(self, moment: datetime) -> date:
        """The clinic's day on which a moment lies."""
        return local_day(moment, self.zone)

    def place(self, column: str) -> str:
        """Where a sealed value stands: it opens in no other column and for no other clinic."""
        return f"{column}:{self.clinic}"
