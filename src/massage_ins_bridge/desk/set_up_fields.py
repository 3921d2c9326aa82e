"""The fields that the steps of setting up ask, and writing them into the settings: the same for the
pages and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from . import set_up_account as account_step
from . import set_up_clinic as clinic_step
from . import set_up_payers as payers_step
from .acts import Done
from .errors import ConflictError, NotFoundError
from .set_up import TITLES
from .set_up_account import Desk, Meanings

#: The steps that write settings. The owner is added at the desk or by ``user add``; bookings,
#: clients and people have operations of their own.
FormStep = Literal["clinic", "payers", "connect", "services"]
_LABELS: Mapping[FormStep, Mapping[str, str]] = {
    "clinic": {
        "name": "Name",
        "timezone": "Time zone",
        "office_hours": "Office hours",
        "phone": "Phone, for clients",
        "address": "Address, for clients",
    },
    "payers": {"policy": "Start from", "prior_approval": "Whose approval is asked for"},
    "connect": {
        "name": "Name of the account",
        "connector": "Platform",
        "public_url": "Address of this desk",
    },
    "services": {},
}


def labels_of(desk: Desk, step: FormStep, meant: Meanings | None = None) -> dict[str, str]:
    """What the fields of a step are called. ``meant``: the rows of services, hosts, questions."""
    said = dict(_LABELS[step])
    if step == "clinic":
        for number, _ in enumerate(clinic_step.therapists(desk.file)):
            said[f"therapist-{number}"] = f"Therapist {number + 1}"
            said[f"npi-{number}"] = f"NPI of therapist {number + 1}"
    elif step == "payers":
        columns = payers_step.columns(desk.file)
        for row in payers_step.payer_rows(desk.file, desk.host.payers.payers):
            said |= {f"{row.key}-{key}": f"{row.name}, {who}" for key, who in columns.items()}
            said[f"{row.key}-since"] = f"{row.name}, since"
    return said | (_meant_labels(meant) if meant is not None else {})


def _meant_labels(meant: Meanings) -> dict[str, str]:
    kinds = {"service": meant.services, "host": meant.hosts, "question": meant.questions}
    said = {
        f"{kind}-how-{n}": f"What {row.called or row.ref} means"
        for kind, rows in kinds.items()
        for n, row in enumerate(rows)
    }
    for number, row in enumerate(meant.services):
        said[f"service-name-{number}"] = f"What {row.called or 'the service'} is called here"
    return said


def values_of(desk: Desk, step: FormStep, account: str) -> dict[str, str]:
    """The fields of a step as they stand, by name."""
    if step == "clinic":
        return clinic_step.clinic_values(desk.file)
    if step == "payers":
        return payers_step.payer_values(desk.file, desk.host.payers.payers)
    if step == "connect":
        return account_values(desk, account)
    found, _ = account_step.offered(desk, account)
    return meaning_values(account_step.meanings(desk.file, account, found))


def meaning_values(meant: Meanings) -> dict[str, str]:
    """The fields of services, hosts and questions as they stand."""
    services = list(enumerate(meant.services))
    return {
        **{f"service-name-{n}": row.name for n, row in services},
        **{f"service-how-{n}": row.how for n, row in services},
        **{f"host-how-{n}": row.how for n, row in enumerate(meant.hosts)},
        **{f"question-how-{n}": row.how for n, row in enumerate(meant.questions)},
    }


def account_values(desk: Desk, name: str, connector: str = "") -> dict[str, str]:
    """The fields of an account as they stand; empty where there is none of that name, but for what
    is proposed for one by ``connector``."""
    choice = desk.choice_of(name) or desk.choices().get(connector)
    if choice is None:
        return {}
    asked = account_step.asked_settings(choice, desk.file.account(name) or {})
    url = str(desk.file.get("public_url") or "")
    return {one.field: one.value for one in asked} | {"public_url": url}


def write_step(desk: Desk, step: FormStep, form: Mapping[str, str], now: datetime) -> None:
    """Write what a form says into the settings, which are not saved yet. A platform's key is tried
    first. Raises ``UnusableInputError``, and ``ConflictError`` where the platform refuses it."""
    if step == "clinic":
        clinic_step.put_clinic(desk.file, form, now.date())
    elif step == "payers":
        payers_step.put_payers(desk.file, desk.host.payers.payers, form)
    elif step == "services":
        name = form.get("account", "")
        if desk.file.account(name) is None:
            raise NotFoundError("account")
        account_step.put_meanings(desk, name, form)
    else:
        made = account_step.put_account(desk, form)
        tried = account_step.try_account(desk, made, now)
        if tried.failed:
            raise ConflictError(tried.failed)


def settings_changed(step: str, changes: str) -> Done:
    """The act of having changed a step's settings."""
    title = next(title for name, title in TITLES.items() if name == step)
    return Done("settings-changed", f"Changed the settings ({title}): {changes}.")
