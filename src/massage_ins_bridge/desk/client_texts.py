"""What a client is told through the platform: plain words, and no health fact."""

from __future__ import annotations

from ..domain.answers import Terms
from ..gate.selfpay import PLATFORM

HOLD = "We cannot confirm this booking on insurance yet. Please contact the clinic."
BLOCK = "We cannot accept this booking on insurance. Please contact the clinic."


def reason_for(outcome: str | None, terms: Terms | None) -> str:
    """The text for a hold or a block; empty for an allow. ``terms``: on which self-pay is offered,
    ``None`` where it is not."""
    said = {"hold": HOLD, "block": BLOCK}.get(outcome or "", "")
    return f"{said} {PLATFORM[terms]}" if said and terms else said
