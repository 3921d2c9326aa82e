"""``/v1/accounts``: the connections to booking platforms: having them looked at, tried, and having
them act."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ...desk import set_up_account, sync
from ...desk.acts import note
from ...desk.errors import NotFoundError
from ...desk.people import BySent
from ...desk.set_live import EnforcementSent, Written, set_enforcement, written
from ...desk.set_up_account import Desk, Tried
from ...desk.set_up_sent import Registered, read_sent
from ..door.given import Body, Clinic, Here
from ..door.service import desk_of
from ..door.written import written_settings
from .operation import answer, operation
from .schemas import GIVEN, LINES

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


@router.put(
    "/{name}/enforcement",
    **operation(GIVEN.of(Written), 404, 409, takes=LINES.of(EnforcementSent)),
)
def set_account_enforcement(
    name: str, request: Request, clinic: Clinic, installation: Here, data: Body
) -> Response:
    """Have an account act, or only watch. It is written into the settings, and holds from the next
    start on (`POST /v1/setup/again`): then new bookings are acted on, and those that stand wait to
    be let through. Saying it again changes nothing."""
    file = written_settings(request)
    with installation.write(clinic) as record:
        sent, who = read_sent(record, EnforcementSent, data)
        done = set_enforcement(file, name, sent.enforcement)
        if done is not None:
            note(record, who, done)
    found = written(installation, file, name)
    return answer(found or Written(sent.enforcement, waits=True))


@router.post("/{name}/try", **operation(GIVEN.of(Tried), 404, 409))
def try_account(name: str, request: Request, _: Clinic, installation: Here) -> Response:
    """Ask the platform whose key it is, and what is to be mended there."""
    desk = _known(request, installation, name)
    return answer(set_up_account.try_account(desk, name, installation.clock.now()))


@router.post(
    "/{name}/register", **operation(GIVEN.of(Registered), 404, 409, takes=LINES.of(BySent))
)
def register_account(
    name: str, request: Request, clinic: Clinic, installation: Here, data: Body
) -> Response:
    """Have the platform send its deliveries here. 409 where it cannot be asked to, or the settings
    name no `public_url`."""
    desk = _known(request, installation, name)
    with installation.read(clinic) as record:
        read_sent(record, BySent, data)
    return answer(Registered(set_up_account.register(desk, name)))


def _known(request: Request, installation: Here, name: str) -> Desk:
    desk = desk_of(request, installation)
    if desk.file.account(name) is None:
        raise NotFoundError("account")
    return desk
