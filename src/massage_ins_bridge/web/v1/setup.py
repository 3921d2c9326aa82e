"""``/v1/setup``: how far setting up is, and its steps. The owner is added at the desk, or by the
command ``user add``; bookings are taken in at ``/v1/accounts``, clients at ``/v1/charts``, and
people are let in at ``/v1/users``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ...desk import set_up_payers as payers_step
from ...desk.acts import note
from ...desk.installation import Installation
from ...desk.people import BySent
from ...desk.roles import Person
from ...desk.set_up import SetUp, set_up
from ...desk.set_up_account import Desk
from ...desk.set_up_fields import FormStep, settings_changed
from ...desk.set_up_sent import (
    PolicyBack,
    PolicySent,
    StepForm,
    StepSaved,
    StepSent,
    put_sent,
    read_sent,
    step_form,
)
from ...desk.tags import must_match
from ..door.given import Body, Clinic, Here
from ..door.service import desk_of, service_of
from ..door.written import written_settings
from .operation import answer, if_match, operation, tagged
from .schemas import GIVEN, LINES

router = APIRouter(prefix="/v1/setup", tags=["setup"])
_SAVED = GIVEN.of(StepSaved)
Account = Annotated[
    str, Query(max_length=63, description="of which account, at `connect` and `services`")
]
Connector = Annotated[
    str, Query(max_length=63, description="by which a new account is connected, at `connect`")
]


@router.get("", **operation(GIVEN.of(SetUp), 409))
def get_setup(request: Request, clinic: Clinic, installation: Here) -> Response:
    """Each step with its state: `done`, `waiting` for something outside, or `left` to do. 409 where
    the service was started without a settings file."""
    with installation.read(clinic) as record:
        return answer(set_up(installation, record, written_settings(request)))


@router.get("/steps/{step}", **operation(GIVEN.of(StepForm), 404, 409, 422, tagged=True))
def get_setup_step(
    step: FormStep,
    request: Request,
    _: Clinic,
    installation: Here,
    account: Account = "",
    connector: Connector = "",
) -> Response:
    """The fields of a step as they stand, or are proposed. At `services` the platform is asked for
    what it lists."""
    return tagged(step_form(desk_of(request, installation), step, account, connector))


@router.patch(
    "/steps/{step}",
    **operation(_SAVED, 404, 409, 412, takes=LINES.of(StepSent)),
)
def save_setup_step(
    step: FormStep,
    request: Request,
    clinic: Clinic,
    installation: Here,
    data: Body,
    account: Account = "",
    connector: Connector = "",
) -> Response:
    """Write fields of a step into the settings; the others stay. A platform's key is tried before
    anything is kept; who changes an account sends its secrets too. Sending the same again changes
    nothing. 409 where the platform refuses the key."""
    desk = desk_of(request, installation)
    with installation.read(clinic) as record:
        sent, who = read_sent(record, StepSent, data)
    if step == "connect":  # what is sent names them as well
        account = account or sent.fields.get("name", "")
        connector = connector or sent.fields.get("connector", "")
    form = step_form(desk, step, account, connector)
    must_match(if_match(request), form)
    put_sent(desk, form, sent.fields, installation.clock.now())
    return _save(request, installation, desk, step, who)


@router.post("/policy", **operation(_SAVED, 409, takes=LINES.of(PolicySent)))
def start_from_policy(request: Request, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Start from a ready policy, in the place of what another one had filled in: networks and
    approval of a clinic of that kind. They are those that `massage-ins-bridge clinic profile list`
    names."""
    desk = desk_of(request, installation)
    with installation.read(clinic) as record:
        sent, who = read_sent(record, PolicySent, data)
    payers_step.put_policy(desk.file, sent.policy)
    return _save(request, installation, desk, "payers", who)


@router.post("/policy/undo", **operation(_SAVED, 409, takes=LINES.of(PolicyBack)))
def undo_policy(request: Request, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Networks and approval as they were before a policy was filled in. 409 where the settings were
    changed since."""
    desk = desk_of(request, installation)
    with installation.read(clinic) as record:
        sent, who = read_sent(record, PolicyBack, data)
    payers_step.take_policy_back(desk.file, sent.version)
    return _save(request, installation, desk, "payers", who)


@router.post("/again", **operation(GIVEN.of(SetUp), 409, takes=LINES.of(BySent)))
def start_again(request: Request, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Start the service again after this answer, with the settings as they are now. 409 where it
    is kept running by something else, which has to do it."""
    with installation.read(clinic) as record:
        read_sent(record, BySent, data)
        found = answer(set_up(installation, record, written_settings(request)))
    return service_of(request).again(found)


def _save(
    request: Request, installation: Installation, desk: Desk, step: FormStep, who: Person
) -> Response:
    changes = desk.file.changed()
    if desk.file.save():
        with installation.write(who.clinic) as record:
            note(record, who, settings_changed(step, changes))
    waits = service_of(request).is_stale(desk.file, installation.settings)
    return answer(StepSaved(changes, desk.file.tag, waits))
