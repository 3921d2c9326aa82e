"""What a client's last decision says to them: why their visit is refused, whether they may pay, and
after which days it may be decided otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..gate.selfpay import CALL_US, CLIENT, REFUSED
from ..store.record import Record
from .client_file import Held
from .installation import Installation
from .page_needs import card_of, to_come

#: What a block's text says beside its cause: what can be done stands elsewhere on the page.
_NO_CAUSE = (REFUSED, CALL_US, *CLIENT.values())


def last_decision(record: Record, held: Held | None) -> dict[str, Any] | None:
    return record.decisions.data(held.last) if held is not None and held.last is not None else None


def why_refused(decision: dict[str, Any] | None) -> tuple[str, ...]:
    """What refuses a visit, without what follows from it."""
    found = []
    for item in (decision or {}).get("requirements", ()):
        if item["effect"] == "block":
            text = item["patient_message"]
            for other in _NO_CAUSE:
                text = text.replace(other, "")
            found.append(" ".join(text.split()))
    return tuple(dict.fromkeys(text for text in found if text))


def offers_self_pay(decision: dict[str, Any] | None) -> bool:
    known = decision or {}
    terms = known.get("self_pay_terms")
    return bool(known.get("self_pay_offered")) and terms in ("free", "signed-before")


def may_be_billed(installation: Installation, decision: dict[str, Any] | None) -> bool:
    """Whether the client may ever be asked to pay for the care that is billed."""
    match = installation.host.payers.find((decision or {}).get("payer"))
    return match is None or match.payer.self_pay_rule is None


def for_a_paper(decision: dict[str, Any] | None) -> bool:
    """Whether it is the prescription alone for which a visit is refused."""
    found = [r["key"] for r in (decision or {}).get("requirements", ()) if r["effect"] == "block"]
    return bool(found) and all(card_of(key) == "prescription" for key in found)


def days_to_come(decision: dict[str, Any] | None, today: date) -> list[date]:
    """The days after which the decision may be another one, the first one first."""
    asked = (decision or {}).get("requirements", ())
    may_change = (r["due"] for r in asked if r["effect"] == "hold" or r["status"] == "due")
    return sorted({day for due in may_change if (day := to_come(due, today)) is not None})
