"""What a client is told through the platform: plain words, and no health fact."""

from __future__ import annotations

from ..domain.answers import Terms
from ..gate.selfpay import PLATFORM

HOLD = "We cannot confirm this booking on insurance yet. Please contact the clinic."
BLOCK = "We cannot accept this booking on insurance. Please contact the clinic."
#: Of a visit without insurance nothing is said of any.
_SELF_PAY = {
    "hold": "We cannot confirm this booking yet. Please contact the clinic.",
    "block": "We cannot accept this booking. Please contact the clinic.",
}


def reason_for(outcome: str | None, terms: Terms | None, *, self_pay: bool = False) -> str:
    """The text for a hold or a block; empty for an allow. ``terms``: on which self-pay is offered,
    ``None`` where it is not; ``self_pay``: the client pays already."""
    texts = _SELF_PAY if self_pay else {"hold": HOLD, "block": BLOCK}
    said = texts.get(outcome or "", "")
    return f"{said} {PLATFORM[terms]}" if said and terms else said
