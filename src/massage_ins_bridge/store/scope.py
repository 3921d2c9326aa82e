"""What every query of one unit of work is made with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from ..domain.days import local_day
from ..domain.declared import NO_WORDS, Vocabulary
from .models import BookingRow, FactRow, VisitRow
from .reservation_models import ReservationRow
from .task_models import TaskRow
from .vault import Vault

OfClient = TypeVar("OfClient", BookingRow, FactRow, ReservationRow, TaskRow, VisitRow)


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

    def by_client(
        self, query: Select[OfClient], patient_ids: Sequence[str], **more: datetime
    ) -> dict[str, list[OfClient]]:
        """By client, what ``query`` (of ``of_clients``) finds of them, in its order. ``more``: what
        else it asks for."""
        found: dict[str, list[OfClient]] = {patient_id: [] for patient_id in patient_ids}
        wanted = {"clinic": self.clinic, "patient_ids": patient_ids, **more}
        for row in self.session.scalars(query, wanted):
            found[row.patient_id or ""].append(row)
        return found

    def place(self, column: str) -> str:
        """Where a sealed value stands: it opens in no other column and for no other clinic."""
        return f"{column}:{self.clinic}"


def of_clients(kind: type[OfClient]) -> Select[OfClient]:
    """The rows of one clinic's clients; made once, for ``Scope.by_client``."""
    return select(kind).where(
        kind.clinic == bindparam("clinic"),
        kind.patient_id.in_(bindparam("patient_ids", expanding=True)),
    )
