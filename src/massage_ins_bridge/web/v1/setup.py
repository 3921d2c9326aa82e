"""``/v1/setup``: how far setting up is. What it asks is written by the desk's pages, or by the
commands ``connect`` and ``clinic``, into the settings."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...desk.set_up import SetUp, set_up
from ..door.given import Clinic, Here
from ..door.written import written_settings
from .operation import answer, operation
from .schemas import GIVEN

router = APIRouter(prefix="/v1/setup", tags=["setup"])


@router.get("", **operation(GIVEN.of(SetUp), 409))
def get_setup(request: Request, clinic: Clinic, installation: Here) -> Response:
    """Each step with its state: `done`, `waiting` for something outside, or `left` to do. 409 where
    the service was started without a settings file."""
    with installation.read(clinic) as record:
        return answer(set_up(installation, record, written_settings(request)))
