"""``/v1/accounts``: the connections to booking platforms, and having them looked at."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from ...desk import sync
from ..door.given import Clinic, Here
from .operation import answer, operation
from .schemas import GIVEN

router = APIRouter(prefix="/v1/accounts", tags=["accounts"])


@router.get("", **operation(GIVEN.of(sync.AccountList)))
def list_accounts(clinic: Clinic, installation: Here) -> Response:
    """All accounts, with how far the look at all of their bookings is."""
    with installation.read(clinic) as record:
        return answer(sync.list_accounts(installation, record))


@router.post("/{name}/sync", **operation(GIVEN.of(sync.AccountView), 404, 409, 422))
def sync_account(
    name: str,
    clinic: Clinic,
    installation: Here,
    *,
    full: Annotated[
        bool, Query(description="all bookings to come, and those of 90 days back, are taken in")
    ] = False,
    by_hand: Annotated[
        bool, Query(description="its platform lists none, and staff has entered those that stand")
    ] = False,
) -> Response:
    """Have the platform asked now. It goes on after the answer; see the list."""
    with installation.write(clinic) as record:
        return answer(sync.sync(installation, record, name, full=full, by_hand=by_hand))
