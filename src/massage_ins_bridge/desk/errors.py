"""What the desk refuses, in words for whoever asked."""

from __future__ import annotations


class DeskError(Exception):
    """A request that cannot be carried out; the text says why and what to do."""


class NotFoundError(DeskError):
    """There is no such thing at this clinic."""

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no such {what}.")


class MergedError(NotFoundError):
    """The client is no longer one of their own: they were merged ``into`` another, by its id."""

    def __init__(self, into: str) -> None:
        DeskError.__init__(self, f"This client was merged into {into}. Use that id, or undo it.")
        self.into = into


class ConflictError(DeskError):
    """It cannot be done as things stand."""


class AlreadyBookedError(ConflictError):
    """The client has a ``booking`` at that very time already."""

    def __init__(self, booking: str) -> None:
        super().__init__(
            f"This client has a booking at that very time already: {booking}. Change that one, or "
            "end it first."
        )
        self.booking = booking


class PreconditionError(DeskError):
    """What is to be changed is not as the caller has seen it."""
