"""Somebody else saved a step of setting up while it was typed: both meet in its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...desk.set_up_account import Desk
from ...desk.set_up_fields import FormStep, values_of
from ...store.record import Record
from .forms import Form
from .quicker import meet

#: Acts that are looked through for whoever changed the settings last.
_ACTS = 100


def met(desk: Desk, step: FormStep, form: Form) -> tuple[Form, Mapping[str, str]]:
    """The form with what others alone changed since it was made, and what both did: that is to be
    chosen by whoever sent it. A form that says of no version what it was made from is taken as it
    is."""
    if not form.seen or form.seen == desk.file.tag:
        return form, {}
    account = form.fields.get("name" if step == "connect" else "account", "")
    values, theirs = meet(form, values_of(desk, step, account))
    return replace(form, fields=values), theirs


def who_changed(record: Record) -> str:
    """Whoever changed the settings at the desk last."""
    acts = record.acts.listed(limit=_ACTS)
    last = next((row for row in acts if row.kind == "settings-changed"), None)
    return record.acts.act(last).who if last is not None else "Somebody"
