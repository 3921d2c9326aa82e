"""``/v1/check``: what would be decided of a check request."""

from __future__ import annotations

from fastapi import APIRouter, Response

from ...desk.check import check
from ...domain.answers import Decision
from ...domain.request import Request as CheckRequest
from ..door.given import Body, Clinic, Here
from .operation import answer, operation
from .schemas import GIVEN, TAKEN

router = APIRouter(prefix="/v1", tags=["check"])


@router.post("/check", **operation(GIVEN.of(Decision), takes=TAKEN.of(CheckRequest)))
def check_request(_clinic: Clinic, installation: Here, data: Body) -> Response:
    """What would be decided of a check request. Nothing is stored."""
    return answer(check(installation, data).to_dict())
