"""What each step of setting up shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from starlette.responses import Response

from ...desk import connecting
from ...desk import set_up_account as account_step
from ...desk import set_up_clinic as clinic_step
from ...desk import set_up_payers as payers_step
from ...desk.errors import NotFoundError
from ...desk.first_look import all_progress
from ...desk.installation import Installation
from ...desk.passkeys import ask_first_owner
from ...desk.roles import must_be_allowed
from ...desk.set_up import TITLES, hears, set_up
from ...desk.set_up_account import Desk, Tried
from ...desk.set_up_fields import account_values, labels_of, meaning_values
from ...domain.reading import UnusableInputError
from ...store.record import Record
from ..door.access import StaffDoor, installation_of
from ..door.service import desk_of, service_of
from .looks import page, problems_of
from .passkey_place import elsewhere, place_of
from .person import Signed
from .quicker import was_of
from .setup_meet import who_changed

LABELS = {
    "name": "Name",
    "email": "Email",
    "password": "Password",
    "pk_name": "Your name",
    "pk_email": "Email",
    "pk_label": "Name of the device",
}
Shown = dict[str, Any]
#: What accounts are called unless somebody calls them otherwise.
_NAMES = ("front-desk", "second-calendar", "third-calendar")


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a form: ``error`` in its fields, or ``wrong`` as a whole, with what was
    ``typed``; of an account what came of trying it, and what was ``said``; ``theirs``: what
    somebody else saved of fields that both changed; ``filled``: the tag of the settings in which a
    policy was filled in; ``again``: somebody asked for the test."""

    account: str = ""
    error: UnusableInputError | None = None
    wrong: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    tried: Tried | None = None
    said: str = ""
    theirs: Mapping[str, str] = field(default_factory=dict)
    filled: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a page is made of: the address's own words, and those of a form."""

    request: Request
    desk: Desk
    told: Told

    @property
    def names(self) -> list[str]:
        return self.desk.file.names()

    def account(self, typed: str, otherwise: str) -> str:
        """Of which account it is."""
        first = self.names[0] if self.names else otherwise
        return self.told.typed.get(typed) or self.told.account or first


def step_page(
    request: Request, who: Signed, installation: Installation, step: str, told: Told
) -> Response:
    """One step. Raises ``NotFoundError`` and ``ForbiddenError``."""
    must_be_allowed(who.person, "settings")
    if step not in TITLES:
        raise NotFoundError("step")
    service, desk = service_of(request), desk_of(request, installation)
    file = desk.file
    about = _ABOUT[step](_Asked(request, desk, told)) if step in _ABOUT else {}
    with installation.read(who.person.clinic) as record:
        found = set_up(installation, record, file)
        if step == "owner" and who.session is None:
            about |= _passkey(request, installation, record)
        if step == "connect":
            about |= _heard(installation, record, desk, about["account"])
        if step == "bookings":
            about |= {"looks": all_progress(installation, record)}
        labels = {**LABELS, **about.pop("labels", {})}
        theirs = [(labels.get(name, name), said) for name, said in told.theirs.items()]
        names = [one.name for one in found.steps]
        return page(
            request,
            record,
            who,
            f"setup_{step}.html",
            422 if told.error or told.wrong else 409 if theirs else 200,
            found=found,
            step=step,
            next=names[(names.index(step) + 1) % len(names)],
            stale=service.is_stale(file, installation.settings),
            can_again=service.can_start_again,
            problems=problems_of(told.error, labels),
            wrong_words=told.wrong,
            typed=told.typed,
            tried=told.tried,
            again=told.again,
            now=record.now,
            said=told.said,
            theirs=theirs,
            quicker=who_changed(record) if theirs else "",
            seen=file.tag,
            was=was_of(about.pop("values", {})),
            **about,
        )


def _passkey(request: Request, installation: Installation, record: Record) -> Shown:
    """What a passkey of the first owner takes, here, or under the name at which it can be."""
    place = place_of(request, installation.settings)
    clinic = installation.settings.clinic_facts.name or "The desk"
    asked = ask_first_owner(record, place, clinic) if place is not None else None
    other = elsewhere(request, installation.settings)
    door: StaffDoor = request.app.state.staff_door
    return {"passkey": asked, "elsewhere": f"{other}{door.address}" if other else ""}


def _clinic(asked: _Asked) -> Shown:
    file = asked.desk.file
    rows = clinic_step.therapists(file)
    return {
        "values": clinic_step.clinic_values(file),
        "stands": clinic_step.clinic_values(file),
        "rows": rows,
        "labels": labels_of(asked.desk, "clinic"),
        "zones": clinic_step.ZONES,
    }


def _payers(asked: _Asked) -> Shown:
    desk = asked.desk
    today = installation_of(asked.request).clock.now().date()
    rows = payers_step.payer_rows(desk.file, desk.host.payers.payers, today)
    columns = payers_step.columns(desk.file)
    return {
        "values": payers_step.payer_values(desk.file, desk.host.payers.payers),
        "rows": rows,
        "columns": columns,
        "policies": payers_step.ready_policies(),
        "approval": desk.file.table("clinic").get("prior_approval", "payer"),
        "filled": asked.told.filled == desk.file.tag,
        "labels": labels_of(desk, "payers"),
    }


def _connect(asked: _Asked) -> Shown:
    desk, choices = asked.desk, asked.desk.choices()
    new = asked.request.query_params.get("new") or asked.told.typed.get("new") or ""
    name = asked.told.typed.get("name") or (
        _free(asked.names) if new else asked.account("name", _NAMES[0])
    )
    known = {} if new else desk.file.account(name) or {}
    said = (
        known.get("connector"),
        asked.request.query_params.get("connector"),
        asked.told.typed.get("connector"),
        *(choices if len(choices) == 1 else ()),
    )
    choice = choices.get(next((str(one) for one in said if one), ""))
    settings = account_step.asked_settings(choice, known) if choice is not None else []
    return {
        "values": account_values(desk, name) if known else {},
        "account": name,
        "new": new,
        "names": asked.names,
        "stands": known,
        "choices": list(choices.values()),
        "choice": choice,
        "asked": settings,
        "public_url": str(desk.file.get("public_url") or ""),
        "labels": labels_of(desk, "connect") | {one.field: one.setting.label for one in settings},
    }


def _free(taken: list[str]) -> str:
    """A name that no account has yet."""
    return next((name for name in _NAMES if name not in taken), f"account-{len(taken) + 1}")


def _heard(installation: Installation, record: Record, desk: Desk, name: str) -> Shown:
    """The webhook's address and secret, and whether anything came by it."""
    settings = desk.file.settings()
    found = settings.account(name)
    if found is None or not hears(desk.file, name):
        return {"hears": False}
    choice = desk.choice_of(name)
    url = settings.public_url or installation.settings.address
    return {
        "hears": True,
        "webhook": connecting.webhook_address(url, name),
        "secret": found.webhook_secret.get_secret_value(),
        "heard_at": connecting.newest_delivery(record, name),
        "refused": connecting.refused_deliveries(installation, name),
        "events": choice.events if choice else (),
        "registers": bool(choice and "register" in choice.capabilities and settings.public_url),
    }


def _services(asked: _Asked) -> Shown:
    desk, name = asked.desk, asked.account("account", "")
    if desk.file.account(name) is None:
        return {"account": "", "names": asked.names}
    found, failed = account_step.offered(desk, name)
    meant = account_step.meanings(desk.file, name, found)
    return {
        "values": meaning_values(meant),
        "account": name,
        "labels": labels_of(desk, "services", meant),
        "names": asked.names,
        "meant": meant,
        "failed": failed,
        "people": desk.file.practitioners(),
        "facts": sorted(connecting.FACTS),
    }


_ABOUT: Mapping[str, Callable[[_Asked], Shown]] = {
    "clinic": _clinic,
    "payers": _payers,
    "connect": _connect,
    "services": _services,
}
