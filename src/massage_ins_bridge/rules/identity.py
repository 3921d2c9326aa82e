"""Whether it is certain whose booking it is (CP-IDENTITY)."""

from __future__ import annotations

from ..api import Case, Requirement


def identity(case: Case) -> Requirement | None:
    """``identity``: asked only where it is in doubt who the client is."""
    if case.patient.identity != "doubtful":
        return None
    return case.rules["CP-IDENTITY"].unknown(
        "identity",
        "It is not certain who booked: somebody on file may be the same person.",
        "Compare the two, and say whether they are one person.",
        "We are checking a few details of your booking and will tell you soon.",
    )
