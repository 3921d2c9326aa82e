"""What is decided and not yet sure enough to be acted upon: it holds at most."""

from __future__ import annotations

from dataclasses import replace

from ..domain.answers import Decision, Requirement
from ..gate.settle import unsure
from ..store.models import BookingRow
from .client_file import ClientFile
from .clock_check import clock_is_wrong
from .installation import Installation

UNREAD, CLOCK = "core.unread", "core.clock"
_CLOCK_WRONG = unsure(
    CLOCK,
    "CP-CLOCK",
    "The clock of the machine that the bridge runs on is wrong.",
    "Set it right (see `mib doctor`); everything is decided again then.",
    "a clock that jumps does nothing",
)
_NOT_READ = unsure(
    UNREAD,
    "CP-UNREAD",
    "The booking platform announced something that it has not shown yet when asked.",
    "Nothing needs to be done: the bridge asks the platform again, and decides then.",
    "what was not seen is not acted upon",
)


def held_back(
    installation: Installation, file: ClientFile, row: BookingRow, decision: Decision
) -> Decision:
    """The decision, as far as it may be acted upon. While the clock is wrong nobody is refused. As
    long as a booking of the client is to be read on its platform none of theirs is refused, and
    that one is not confirmed either."""
    if decision.outcome == "block" and clock_is_wrong(installation):
        return holding(decision, _CLOCK_WRONG)
    blocked = decision.outcome == "block"
    if (row.platform_status == "pending" and unread(installation, row)) or (
        blocked and any(unread(installation, held.row) for held in file.bookings)
    ):
        return holding(decision, _NOT_READ)
    return decision


def unread(installation: Installation, row: BookingRow) -> bool:
    """Whether a booking is to be read on its platform, which can be asked."""
    account = installation.accounts.get(row.account)
    return row.to_read and account is not None and account.can("fetch")


def holding(decision: Decision, why: Requirement) -> Decision:
    """The decision as a hold, and why."""
    return replace(decision, outcome="hold", requirements=(*decision.requirements, why))
