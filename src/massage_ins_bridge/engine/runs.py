"""The durable runs. They carry ids and numbers only; what they do stands at the desk.

A run does one try. Where another is due it enqueues the next one, delayed, and ends: no thread
waits. Doing something twice is doing it once: the row that says that it is undone is looked at in
the transaction that does it. So a run that a dead process left, or that is started anew because
the engine's record was lost, does no harm.
"""

from __future__ import annotations

import contextvars
import math
import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

from ..desk.busy import keep_busy
from ..desk.decide import decide_again, give_to_staff
from ..desk.first_look import first_look
from ..desk.installation import Installation
from ..desk.look_again import look_again
from ..desk.platform_state import TOLD_AFTER, Try
from ..desk.reconcile import reconcile
from ..desk.take_in import Next, Taken, take_in
from ..desk.told import file_told
from ..desk.write_back import Again, WriteTry, write_back
from ..domain.describe import describe
from ..store.record import Work
from .nudge import Nudge

log = structlog.get_logger(__name__)
T = TypeVar("T")
#: Clients to decide again, and what was told of bookings. Nothing on it waits for a platform.
DECIDING = "mib-deciding"
#: What has to ask or tell a platform, by account: one that hangs keeps only its own waiting.
PLATFORM = "mib-platform"
#: Writes go before deliveries, and so does a client's new fact: someone waits for them. What the
#: bridge looks at again of its own accord goes last: it may be every booking of a platform.
SOONER, LATER, LAST = 1, 2, 3
PAUSES = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
#: After how many tries to decide a client's bookings again staff is told; the bridge goes on.
TELL_AFTER = 6
#: How long a run takes to end, once it has done what it is for.
ENDING_SECONDS = 0.01
#: Separates what a run is about from the number of the try.
MARK = "."


class Current:
    """The one installation of this process, which runs taken from the queues find here."""

    def __init__(self) -> None:
        self._installation: Installation | None = None
        self.nudge = Nudge()
        #: When a run could not be put into its queue (monotonic); ``None`` since one could again.
        self.refused_at: float | None = None
        #: When a sweep last ran in this process (monotonic).
        self.swept_at = 0.0
        #: By account, the latest second for which a look at what was told was asked for.
        self.told: dict[str, int] = {}

    def begin(self, installation: Installation) -> None:
        """Raises ``RuntimeError`` where one is at work already."""
        if self._installation is not None:
            raise RuntimeError("this process serves an installation already; one process has one")
        self._installation = installation
        self.nudge, self.refused_at, self.told = Nudge(), None, {}

    def end(self) -> None:
        self._installation = None

    @property
    def installation(self) -> Installation:
        if self._installation is None:
            raise RuntimeError("no installation is being served")
        return self._installation


CURRENT = Current()


@DBOS.workflow(name="mib.delivery", max_recovery_attempts=None)
def delivery_run(
    delivery_id: str, account: str, run: str, turn: int, number: int, *, absent: int
) -> None:
    """One try at a delivery. ``run`` names the first of its runs, whose ids the later ones
    continue. ``turn`` counts the runs, ``number`` those that count as a try."""
    attempt = Try(number, absent)
    failed = Taken(Next.AGAIN, absent, PAUSES[-1])
    taken = _guarded(lambda: take_in(CURRENT.installation, delivery_id, attempt), failed, PLATFORM)
    if taken.next is Next.AGAIN:
        _enqueue(
            delivery_run,
            (delivery_id, account, run, turn + 1, number + taken.counted),
            {"absent": taken.absent},
            run=f"{run}{MARK}{turn + 1}",
            account=account,
            delay=taken.pause,
        )


@DBOS.workflow(name="mib.told", max_recovery_attempts=None)
def told_run(account: str) -> None:
    """What the deliveries told that a silent platform keeps waiting."""
    failed: float | None = PAUSES[-1]
    again = _guarded(lambda: file_told(CURRENT.installation, account), failed, DECIDING)
    if again is not None:
        _look_at_what_was_told(account, again)


def _look_at_what_was_told(account: str, after: float) -> None:
    """Once for all deliveries of an account that came within the same second."""
    second = math.ceil(time.time() + after)
    if CURRENT.told.get(account, 0) < second:
        delay = second - time.time()
        _enqueue(told_run, (account,), {}, run=f"told:{account}:{second}", delay=delay)
        CURRENT.told[account] = second


@DBOS.workflow(name="mib.wakeup", max_recovery_attempts=None)
def wakeup_run(wakeup_id: str, run: str, number: int) -> None:
    """One try at deciding a client's standing bookings again; ``run`` as for a delivery."""
    if not _guarded(lambda: decide_again(CURRENT.installation, wakeup_id), True, DECIDING):
        return
    if number == TELL_AFTER:
        _guarded(lambda: give_to_staff(CURRENT.installation, wakeup_id), None, DECIDING)
    _enqueue(
        wakeup_run,
        (wakeup_id, run, number + 1),
        {},
        run=f"{run}{MARK}{number + 1}",
        delay=PAUSES[min(number, len(PAUSES)) - 1],
        priority=SOONER,
    )


@DBOS.workflow(name="mib.write", max_recovery_attempts=None)
def write_run(
    write_id: str, account: str, run: str, turn: int, number: int, *, absent: int
) -> None:
    """One try at a write; ``run`` names its being wanted this time, ``turn`` and ``number`` are as
    for a delivery."""
    wait = PAUSES[min(number, len(PAUSES)) - 1]
    failed: Again | None = Again(timedelta(seconds=wait), absent)
    attempt = WriteTry(number, absent)
    again = _guarded(lambda: write_back(CURRENT.installation, write_id, attempt), failed, PLATFORM)
    if again is not None:
        _enqueue(
            write_run,
            (write_id, account, run, turn + 1, number + again.counted),
            {"absent": again.absent},
            run=f"{run}{MARK}{turn + 1}",
            account=account,
            delay=again.pause.total_seconds(),
            priority=SOONER,
        )


@DBOS.workflow(name="mib.look", max_recovery_attempts=None)
def look_run(look_id: str) -> None:
    """One look at a booking; what is due after it was enqueued with what it found."""
    _guarded(lambda: look_again(CURRENT.installation, look_id), None, PLATFORM)


@DBOS.workflow(name="mib.reconcile", max_recovery_attempts=None)
def reconcile_run(account: str) -> None:
    """One look at what changed on an account's platform; what others booked is kept free there."""
    _guarded(lambda: reconcile(CURRENT.installation, account), None, PLATFORM)
    _guarded(lambda: keep_busy(CURRENT.installation, account), None, PLATFORM)


@DBOS.workflow(name="mib.first-look", max_recovery_attempts=None)
def first_look_run(account: str) -> None:
    """What is left of the first look at an account."""
    _guarded(lambda: first_look(CURRENT.installation, account), None, PLATFORM)


def _guarded(act: Callable[[], T], otherwise: T, queue: str) -> T:
    """What is done, or what follows where it raised: a run that ends in an error would be over.
    The run then makes room for another one of its queue."""
    try:
        return act()
    except Exception as error:  # noqa: BLE001 - see above
        log.error("a run will try again", error=describe(error))
        return otherwise
    finally:
        CURRENT.nudge(queue, after=ENDING_SECONDS)


def start(work: Work, *, anew: bool = False) -> None:
    """Put the first try of something into its queue; twice is once. ``anew``: under a fresh id,
    because the engine's record of the first one, or of one that followed it, is lost."""
    run = f"{work.run}~{secrets.token_hex(4)}" if anew else work.run
    match work.kind:
        case "delivery":
            arguments = (work.item, work.account, run, 1, 1)
            more = {"absent": 0}
            _enqueue(delivery_run, arguments, more, run=run, account=work.account)
            _look_at_what_was_told(work.account, TOLD_AFTER.total_seconds())
        case "wakeup":
            _enqueue(wakeup_run, (work.item, run, 1), {}, run=run, priority=SOONER)
        case "look":
            _enqueue(
                look_run,
                (work.item,),
                {},
                run=run,
                account=work.account,
                delay=work.wait,
                priority=LAST,
            )
        case "first-look" | "reconcile":
            of_account = first_look_run if work.kind == "first-look" else reconcile_run
            _enqueue(of_account, (work.item,), {}, run=run, account=work.account)
        case "write":
            _enqueue(
                write_run,
                (work.item, work.account, run, 1, 1),
                {"absent": 0},
                run=run,
                account=work.account,
                delay=work.wait,
                priority=SOONER,
            )


def start_reconcile(account: str, slot: str) -> None:
    """Look at an account's platform once in the slot."""
    _enqueue(reconcile_run, (account,), {}, run=f"reconcile:{account}:{slot}", account=account)


def start_first_look(account: str, slot: str) -> None:
    """Go on with the first look at an account; twice at the same time is once."""
    _enqueue(first_look_run, (account,), {}, run=f"first-look:{account}:{slot}", account=account)


def _enqueue(
    run_of: Callable[..., None],
    arguments: tuple[Any, ...],
    more: dict[str, Any],
    *,
    run: str,
    account: str = "",
    delay: float = 0.0,
    priority: int = LATER,
) -> None:
    """A run of its own, not a child of the one that asks for it: hence outside of its context."""

    def act() -> None:
        with (
            SetWorkflowID(run),
            SetEnqueueOptions(
                delay_seconds=delay or None,
                queue_partition_key=account or None,
                priority=priority,
            ),
        ):
            DBOS.enqueue_workflow(queue, run_of, *arguments, **more)

    queue = PLATFORM if account else DECIDING
    try:
        contextvars.Context().run(act)
    except Exception:
        CURRENT.refused_at = time.monotonic()
        raise
    CURRENT.refused_at = None
    if not delay:
        CURRENT.nudge(queue)


def subject_of(run_id: str) -> str:
    """What a run is about: the id of a delivery or wakeup, or of a write with the time at which it
    was wanted."""
    return run_id.partition("~")[0].partition(MARK)[0]
