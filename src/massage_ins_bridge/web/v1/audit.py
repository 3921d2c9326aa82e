"""``/v1/audit``: who saw and did what at the desk."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ...desk.audit import Audit, AuditSearch, Wanted, audit, read_search
from ...desk.roles import Person
from ...domain.scalars import FIRST_YEAR, LAST_YEAR
from ..door.given import Body, Clinic, Here
from .filters import Day
from .operation import answer, operation
from .schemas import GIVEN, LINES

router = APIRouter(prefix="/v1/audit", tags=["audit"])
_FIRST, _LAST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
_Id = Annotated[str, Query(max_length=60)]


@router.get("", **operation(GIVEN.of(Audit), 422))
def list_acts(
    request: Request,
    clinic: Clinic,
    installation: Here,
    user: Annotated[_Id, Query(description="whose acts, by the user's id")] = "",
    patient: Annotated[_Id, Query(description="about whom")] = "",
    day: Annotated[Day | None, Query(ge=_FIRST, le=_LAST, description="of that day alone")] = None,
    page: Annotated[int, Query(ge=0, le=100_000, description="the first is 0")] = 0,
) -> Response:
    """Acts, looks and sign-ins, a hundred at a time, the latest first."""
    return _found(request, clinic, installation, Wanted(user, patient, "", day, "", page))


@router.post("/search", **operation(GIVEN.of(Audit), takes=LINES.of(AuditSearch)))
def search_acts(request: Request, clinic: Clinic, installation: Here, data: Body) -> Response:
    """The same, by words that stand in a line and by clients' names: none of them is in an address.
    The latest 20,000 acts are looked through for words."""
    return _found(request, clinic, installation, read_search(data))


def _found(request: Request, clinic: str, installation: Here, wanted: Wanted) -> Response:
    reader = Person(clinic, "A program", "owner")
    with installation.read(clinic) as record:
        return answer(audit(record, request.app.state.opened, reader, wanted))
