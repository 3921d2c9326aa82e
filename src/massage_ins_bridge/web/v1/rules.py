"""``/v1/rules``: changing the clinic's own rules, after seeing which bookings that changes."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...desk.rulefile import change, sent
from ...desk.rulefile.form import RuleChangeSent
from ..door.given import Body, Clinic, Here
from .operation import answer, operation
from .schemas import GIVEN, LINES, TAKEN

router = APIRouter(prefix="/v1/rules", tags=["rules"])
_DRAFT = GIVEN.of(change.RuleDraft)


@router.post("/drafts", **operation(_DRAFT, 404, takes=TAKEN.of(RuleChangeSent), status=201))
def draft_rule(clinic: Clinic, request: Request, installation: Here, data: Body) -> Response:
    """A change of the clinic's rule file. Nothing holds yet: which standing bookings it would
    change is worked out; ask for the draft until it is `done`."""
    with installation.read(clinic) as record:
        made = sent.draft_sent(installation, record, data)
    return answer(change.look(installation, request.app.state.rule_looks, made.id), 201)


@router.get("/drafts/{draft_id}", **operation(_DRAFT, 404))
def get_rule_draft(draft_id: str, clinic: Clinic, request: Request, installation: Here) -> Response:
    """A change, and the bookings that it would change."""
    del clinic
    return answer(change.look(installation, request.app.state.rule_looks, draft_id))


@router.post("/drafts/{draft_id}/use", **operation(_DRAFT, 404, 409, takes=LINES.of(sent.UseSent)))
def use_rule_draft(
    draft_id: str, clinic: Clinic, request: Request, installation: Here, data: Body
) -> Response:
    """Have a change hold: it is written to the clinic's rule file. 409 where that was changed
    since."""
    with installation.write(clinic) as record:
        sent.use_sent(installation, record, draft_id, data)
    return answer(change.look(installation, request.app.state.rule_looks, draft_id))


@router.post("/drafts/{draft_id}/take-back", **operation(_DRAFT, 404, 409))
def take_back_rule_draft(
    draft_id: str, clinic: Clinic, request: Request, installation: Here
) -> Response:
    """The rule file as it was before a change was used."""
    with installation.write(clinic) as record:
        change.take_back(installation, record, draft_id)
    return answer(change.look(installation, request.app.state.rule_looks, draft_id))
