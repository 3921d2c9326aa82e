"""First Choice, Cigna, Aetna and United HealthCare: payers without rules of their own.

Payment and papers follow the clinic's network status, which the shared rules judge.
"""

from __future__ import annotations

from collections.abc import Sequence

from massage_ins_bridge.api import Payer, RuleBook, hookimpl, load_book


@hookimpl
def payers() -> Sequence[Payer]:
    return load_book(__name__).payers


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)
