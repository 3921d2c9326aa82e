"""What goes on in this process: the service that runs find, and which runs are under way."""

from __future__ import annotations

import threading

from .service import Service

#: Runs of intake that this process starts at once; the rest wait their turn in memory.
AT_ONCE = 4
#: Effects of one account that this process writes at once without waiting until the queue is
#: looked at; the rest go through the queue.
DIRECTLY = 4


class Slots:
    """At most so many intakes started by this process at once."""

    def __init__(self, number: int) -> None:
        self._free = threading.Semaphore(number)
        self._lock = threading.Lock()
        self._taken: set[str] = set()

    def take(self, run: str, stop: threading.Event) -> bool:
        """Wait for a slot; ``False`` where the run is already under way, or all is stopping."""
        with self._lock:
            if run in self._taken:
                return False
        while not self._free.acquire(timeout=0.2):
            if stop.is_set():
                return False
        with self._lock:
            self._taken.add(run)
        return True

    def try_take(self, run: str) -> bool:
        """A slot, if one is free at this moment and the run is not under way."""
        with self._lock:
            if run in self._taken or not self._free.acquire(blocking=False):
                return False
            self._taken.add(run)
        return True

    def give_back(self, run: str) -> None:
        with self._lock:
            if run not in self._taken:
                return
            self._taken.discard(run)
        self._free.release()


class UnderWay:
    """By what it deals with, the run that this process carries out now: one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[str, str] = {}

    def has(self, item: str) -> bool:
        with self._lock:
            return item in self._runs

    def carries(self, run: str) -> bool:
        """Whether the run of that id is one of them."""
        with self._lock:
            return run in self._runs.values()

    def claim(self, item: str, run: str) -> bool:
        """Whether the run may deal with the item: no other one does."""
        with self._lock:
            return self._runs.setdefault(item, run) == run

    def leave(self, item: str, run: str) -> None:
        with self._lock:
            if self._runs.get(item) == run:
                del self._runs[item]


class Running:
    """The one service of this process, which runs taken up from the database find here."""

    def __init__(self) -> None:
        self.service: Service | None = None
        self.under_way = UnderWay()
        self.slots = Slots(AT_ONCE)
        self._writing: dict[str, Slots] = {}

    def begin(self, service: Service) -> None:
        """A service starts; nothing of an earlier one is under way."""
        self.service = service
        self.under_way, self.slots, self._writing = UnderWay(), Slots(AT_ONCE), {}

    def writing(self, account: str) -> Slots:
        """The slots for effects of one account."""
        return self._writing.setdefault(account, Slots(DIRECTLY))

    def written(self, run: str) -> None:
        """A try of an effect is over."""
        for slots in list(self._writing.values()):
            slots.give_back(run)


RUNNING = Running()
