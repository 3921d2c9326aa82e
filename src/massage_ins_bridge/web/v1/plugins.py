"""``/v1/plugins``: how each plugin is, and switching one off for the clinic, or on again."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...desk.acts import note
from ...desk.plugin_acts import SwitchSent, forgotten, switched, who_sent
from ...desk.plugin_choice import Plugins
from ...desk.plugin_choice import list_plugins as all_plugins
from ..door.given import Body, Clinic, Here
from ..door.written import written_if_any, written_settings
from .operation import answer, operation
from .schemas import GIVEN, LINES

router = APIRouter(prefix="/v1/plugins", tags=["plugins"])
_ALL = GIVEN.of(Plugins)
_SWITCHED = operation(_ALL, 404, 409, takes=LINES.of(SwitchSent))


@router.get("", **operation(_ALL))
def list_plugins(clinic: Clinic, request: Request, installation: Here) -> Response:
    """How each plugin is, with what went wrong with it last."""
    return _all(request, clinic, installation)


@router.post("/{plugin}/disable", **_SWITCHED)
def disable_plugin(
    plugin: str, clinic: Clinic, request: Request, installation: Here, data: Body
) -> Response:
    """Ask a plugin no more: its payers' bookings are held, each client's with a task. It is written
    into the settings; `when` says when it holds. Saying it again changes nothing. 409 for one that
    cannot be off, or by which an account is connected."""
    return _switch(request, (clinic, plugin), installation, data, off=True)


@router.post("/{plugin}/enable", **_SWITCHED)
def enable_plugin(
    plugin: str, clinic: Clinic, request: Request, installation: Here, data: Body
) -> Response:
    """Ask a plugin again. Saying it again changes nothing."""
    return _switch(request, (clinic, plugin), installation, data, off=False)


@router.post("/{plugin}/forget", **_SWITCHED)
def forget_plugin(
    plugin: str, clinic: Clinic, request: Request, installation: Here, data: Body
) -> Response:
    """Forget what is remembered of a plugin that is off, or not installed any more. 409 for one
    that is in use."""
    with installation.write(clinic) as record:
        who = who_sent(record, data)
        note(record, who, forgotten(installation, record, plugin))
    return _all(request, clinic, installation)


def _switch(
    request: Request, which: tuple[str, str], installation: Here, data: Body, *, off: bool
) -> Response:
    clinic, plugin = which
    file = written_settings(request)
    with installation.write(clinic) as record:
        who = who_sent(record, data)
        done = switched(installation, record, file, plugin, off=off)
        if done is not None:
            note(record, who, done)
    return _all(request, clinic, installation)


def _all(request: Request, clinic: str, installation: Here) -> Response:
    with installation.read(clinic) as record:
        return answer(all_plugins(installation, record, written_if_any(request)))
