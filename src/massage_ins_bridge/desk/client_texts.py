"""What a client is told through the platform: plain words, and no health fact."""

from __future__ import annotations

HOLD = (
    "We cannot confirm this booking on insurance yet. Please contact the clinic or book as "
    "self-pay."
)
BLOCK = (
    "We cannot accept this booking on insurance. Please contact the clinic, or book again as "
    "self-pay."
)
HOLD_NO_SELF_PAY = "We cannot confirm this booking yet. Please contact the clinic."
BLOCK_NO_SELF_PAY = "We cannot accept this booking. Please contact the clinic."


def reason_for(outcome: str, *, self_pay_offered: bool) -> str:
    """The text for a hold or a block; empty for an allow."""
    if outcome == "hold":
        return HOLD if self_pay_offered else HOLD_NO_SELF_PAY
    if outcome == "block":
        return BLOCK if self_pay_offered else BLOCK_NO_SELF_PAY
    return ""
