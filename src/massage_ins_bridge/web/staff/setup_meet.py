"""Somebody else saved a step of setting up while it was typed: both meet in its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...desk import set_up_account as account_step
from ...desk import set_up_clinic as clinic_step
from ...desk import set_up_payers as payers_step
from ...desk.set_up_account import Desk, Meanings
from ...store.record import Record
from .forms import Form
from .quicker import meet

#: Acts that are looked through for whoever changed the settings last.
_ACTS = 100


def met(desk: Desk, step: str, form: Form) -> tuple[Form, Mapping[str, str]]:
    """The form with what others alone changed since it was made, and what both did: that is to be
    chosen by whoever sent it. A form that says of no version what it was made from is taken as it
    is."""
    if not form.seen or form.seen == desk.file.tag:
        return form, {}
    values, theirs = meet(form, _now(desk, step, form.fields))
    return replace(form, fields=values), theirs


def meaning_values(meant: Meanings) -> dict[str, str]:
    """The fields of services, hosts and questions as they stand."""
    services = list(enumerate(meant.services))
    return {
        **{f"service-name-{n}": row.name for n, row in services},
        **{f"service-how-{n}": row.how for n, row in services},
        **{f"host-how-{n}": row.how for n, row in enumerate(meant.hosts)},
        **{f"question-how-{n}": row.how for n, row in enumerate(meant.questions)},
    }


def account_values(desk: Desk, name: str) -> dict[str, str]:
    """The fields of an account as they stand; empty where there is none of that name."""
    choice = desk.choice_of(name)
    if choice is None:
        return {}
    asked = account_step.asked_settings(choice, desk.file.account(name) or {})
    url = str(desk.file.get("public_url") or "")
    return {one.field: one.value for one in asked} | {"public_url": url}


def who_changed(record: Record) -> str:
    """Whoever changed the settings at the desk last."""
    acts = record.acts.listed(limit=_ACTS)
    last = next((row for row in acts if row.kind == "settings-changed"), None)
    return record.acts.act(last).who if last is not None else "Somebody"


def _now(desk: Desk, step: str, fields: Mapping[str, str]) -> Mapping[str, str]:
    if step == "clinic":
        return clinic_step.clinic_values(desk.file)
    if step == "payers":
        return payers_step.payer_values(desk.file, desk.host.payers.payers)
    if step == "connect":
        return account_values(desk, fields.get("name", ""))
    found, _ = account_step.offered(desk, fields.get("account", ""))
    return meaning_values(account_step.meanings(desk.file, fields.get("account", ""), found))
