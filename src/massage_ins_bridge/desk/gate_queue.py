"""Questions that come at one moment are answered in one transaction: a commit waits for the disk,
and this way all who wait share one. Whose turn it is answers for everybody who waits by then."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from ..domain.reading import UnusableInputError
from ..store.record import Record
from .ask_before import ask_before
from .errors import DeskError
from .gate_words import GateAnswer
from .installation import Installation

#: So many are answered in one transaction: it keeps other writers waiting meanwhile.
MOST = 16


@dataclass(slots=True, eq=False)
class _Ticket:
    """A question and, once it is ``done``, what came of it. Whoever waits for it is woken once: by
    then it is done, or it is their turn."""

    clinic: str
    data: Any
    found: GateAnswer | Exception | None = None
    woken: threading.Event = field(default_factory=threading.Event)

    @property
    def done(self) -> bool:
        return self.found is not None


class GateQueue:
    """The questions of one process."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._lock = threading.Lock()
        #: Whether it is somebody's turn.
        self._taken = False
        self._waiting: list[_Ticket] = []

    def ask(self, clinic: str, data: Any) -> GateAnswer:
        """As ``ask_before``; and raises what the database does."""
        mine = _Ticket(clinic, data)
        with self._lock:
            waits, self._taken = self._taken, True
            if waits:
                self._waiting.append(mine)
        if waits:
            mine.woken.wait()
        if not mine.done:
            self._take_turn(mine)
        if isinstance(mine.found, Exception):
            raise mine.found
        assert mine.found is not None, "it is done"
        return mine.found

    def _take_turn(self, mine: _Ticket) -> None:
        """Answer for all who wait by now, and leave the turn to who comes next."""
        batch = [mine, *self._others(mine)]
        try:
            self._answer(batch)
        finally:
            with self._lock:
                self._waiting[:0] = [ticket for ticket in batch[1:] if not ticket.done]
                self._taken = bool(self._waiting)
                following = self._waiting.pop(0) if self._waiting else None
            for ticket in (*batch[1:], following):
                if ticket is not None and (ticket.done or ticket is following):
                    ticket.woken.set()

    def _others(self, mine: _Ticket) -> list[_Ticket]:
        """Those of the same clinic who wait longest."""
        with self._lock:
            same = [ticket for ticket in self._waiting if ticket.clinic == mine.clinic]
            batch = same[: MOST - 1]
            self._waiting = [ticket for ticket in self._waiting if ticket not in batch]
        return batch

    def _answer(self, batch: list[_Ticket]) -> None:
        """Answer them all at once; where that fails, each by itself, so that none has to suffer for
        another."""
        found: list[GateAnswer | Exception]
        try:
            with self._installation.write(batch[0].clinic, urgent=True) as record:
                found = [self._one(record, ticket.data) for ticket in batch]
        except Exception as error:  # noqa: BLE001 - it is raised where the question was asked
            if len(batch) > 1:
                for ticket in batch:
                    self._answer([ticket])
                return
            found = [error]
        for ticket, answer in zip(batch, found, strict=True):
            ticket.found = answer

    def _one(self, record: Record, data: Any) -> GateAnswer | Exception:
        """What is refused is refused before anything is written."""
        try:
            return ask_before(self._installation, record, data)
        except (UnusableInputError, DeskError) as error:
            return error
