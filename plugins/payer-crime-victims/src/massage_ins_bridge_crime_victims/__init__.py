"""Washington's Crime Victims Compensation, the payer of last resort (CVC-01 to CVC-18).

Texts for clients never name the program or the crime: others may read their messages."""

from __future__ import annotations

from collections.abc import Sequence

from massage_ins_bridge.api import (
    Action,
    Answer,
    Case,
    Payer,
    Prescription,
    RuleBook,
    UploadAnswer,
    hookimpl,
    load_book,
)

from .approval import authorization, place
from .billing import bill, other_insurance
from .claim import claim
from .orders import ordered, orders_of
from .reports import progress_report

requires_api = "1.0"


@hookimpl
def payers() -> Sequence[Payer]:
    return load_book(__name__).payers


@hookimpl
def rules() -> RuleBook:
    return load_book(__name__)


@hookimpl
def on_booking(case: Case) -> Answer:
    """The claim, other insurance that pays first, the claim manager's word from the seventh visit
    on and for a visit elsewhere, the progress report, and who ordered the care."""
    judges = (claim, other_insurance, authorization, place, progress_report, ordered)
    parts = [judge(case) for judge in judges]
    requirements = tuple(item for found, _ in parts for item in found)
    return Answer(requirements, actions=tuple(action for _, more in parts for action in more))


@hookimpl
def on_visit_complete(case: Case) -> Sequence[Action]:
    """The bill with its last day, and the next progress report."""
    return [bill(case), *progress_report(case)[1]]


@hookimpl
def on_prescription_upload(case: Case, prescription: Prescription) -> UploadAnswer:
    """Whether the attending provider signed it."""
    return UploadAnswer(orders_of(case, prescription))
