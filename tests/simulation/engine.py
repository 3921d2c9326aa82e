"""The engine, played by hand: what waits is done in any order, again after a fault, and again after
the process was killed in the middle of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from massage_ins_bridge.desk.decide import decide_again
from massage_ins_bridge.desk.first_look import first_look
from massage_ins_bridge.desk.installation import Installation
from massage_ins_bridge.desk.look_again import look_again
from massage_ins_bridge.desk.looked import complete
from massage_ins_bridge.desk.parsed import ParsedDeliveries
from massage_ins_bridge.desk.platform_state import TOLD_AFTER, Try
from massage_ins_bridge.desk.reconcile import reconcile
from massage_ins_bridge.desk.take_in import Next, take_in
from massage_ins_bridge.desk.told import file_told
from massage_ins_bridge.desk.write_back import WriteTry, write_back
from massage_ins_bridge.store.record import Work

#: After how long a run that its process left is begun again.
RECOVERY = timedelta(seconds=15)


class KilledError(BaseException):
    """The process is gone in the middle of what it did."""


@dataclass(frozen=True)
class Job:
    """A run that waits: a delivery, a wakeup, a write, or a look at the platform."""

    due: datetime
    kind: str
    item: str
    take: Try = field(default_factory=Try)
    write: WriteTry = field(default_factory=WriteTry)


class Engine:
    """What waits, and the doing of it."""

    def __init__(
        self, installation: Installation, random: Random, time: Callable[[], datetime]
    ) -> None:
        self.installation = installation
        self.time = time
        self.random = random
        self.jobs: list[Job] = []
        installation.start = self.start

    @property
    def now(self) -> datetime:
        """The true time: the engine counts seconds, whatever the clock says."""
        return self.time()

    def start(self, work: Sequence[Work]) -> None:
        self.jobs += [Job(self.now + timedelta(seconds=w.wait), w.kind, w.item) for w in work]

    def look_at_platform(self, account: str) -> None:
        """What the schedules start: the list of changes, and what is left of the first look."""
        with self.installation.read() as record:
            seen = complete(record, self.installation.accounts[account])
        if not seen:
            self.add("first-look", account)
        self.add("reconcile", account)

    def add(self, kind: str, item: str, account: str = "desk") -> None:
        self.jobs.append(Job(self.now, kind, item))
        known = [job.item for job in self.jobs if job.kind == "told"]
        if kind == "delivery" and account not in known:
            self.jobs.append(Job(self.now + TOLD_AFTER, "told", account))

    @property
    def next_due(self) -> datetime | None:
        return min((job.due for job in self.jobs), default=None)

    def run_due(self) -> None:
        """Do all that is due, in an order of chance."""
        for _ in range(400):
            due = [job for job in self.jobs if job.due <= self.now]
            if not due:
                return
            job = self.random.choice(due)
            self.jobs.remove(job)
            try:
                self._do(job)
            except KilledError:
                self.die()
                self.jobs.append(replace(job, due=self.now + RECOVERY))
        raise AssertionError(f"the engine does not come to rest: {self.jobs[:3]}")

    def die(self) -> None:
        """What a process has in its memory alone is lost."""
        self.installation.parsed = ParsedDeliveries()

    def _do(self, job: Job) -> None:
        acts: dict[str, Callable[[Job], object]] = {
            "delivery": self._take_in,
            "wakeup": self._decide,
            "write": self._write,
            "look": lambda job: look_again(self.installation, job.item),
            "reconcile": lambda job: reconcile(self.installation, job.item),
            "told": self._told,
            "first-look": lambda job: first_look(self.installation, job.item),
        }
        acts[job.kind](job)

    def _take_in(self, job: Job) -> None:
        taken = take_in(self.installation, job.item, job.take)
        if taken.next is Next.DONE:
            return
        due = self.now + timedelta(seconds=taken.pause)
        attempt = Try(job.take.number + taken.counted, taken.absent)
        self.jobs.append(replace(job, due=due, take=attempt))

    def _told(self, job: Job) -> None:
        again = file_told(self.installation, job.item)
        if again is not None:
            self.jobs.append(replace(job, due=self.now + timedelta(seconds=again)))

    def _decide(self, job: Job) -> None:
        if decide_again(self.installation, job.item):
            self.jobs.append(replace(job, due=self.now + timedelta(seconds=5)))

    def _write(self, job: Job) -> None:
        again = write_back(self.installation, job.item, job.write)
        if again is not None:
            attempt = WriteTry(job.write.number + again.counted, again.absent)
            self.jobs.append(replace(job, due=self.now + again.pause, write=attempt))
