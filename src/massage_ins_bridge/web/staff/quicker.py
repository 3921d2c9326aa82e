"""Somebody else saved what a form was made from while it was typed: both meet in the form."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ...store.record import Record
from .forms import Form


def was_of(values: Mapping[str, str]) -> str:
    """What a form carries along of how its fields stood when it was made."""
    return json.dumps(dict(values), ensure_ascii=False)


def meet(sent: Form, now: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The fields of the form again, and what the other saved in those that both changed. A field
    that was not touched here takes what the other wrote, so that saving undoes none of it."""
    base, values, theirs = _read(sent.was), dict(sent.fields), dict[str, str]()
    for name, saved in now.items():
        mine = _plain(sent.fields.get(name, ""))
        if mine == _plain(saved):
            continue
        if name in base and mine == _plain(base[name]):
            values[name] = saved
        elif name not in base or _plain(base[name]) != _plain(saved):
            theirs[name] = saved
    return values, theirs


def who_was(record: Record, patient_id: str) -> str:
    """Whoever did something about a client last."""
    last = record.acts.of_clients([patient_id], looks=False, limit=1)
    return record.acts.act(last[0]).who if last else "Somebody"


def _plain(text: str) -> str:
    """As browsers send it, and without the spaces around it."""
    return text.replace("\r\n", "\n").strip()


def _read(was: str) -> dict[str, str]:
    try:
        said = json.loads(was)
    except ValueError:
        return {}
    known = said.items() if isinstance(said, dict) else ()
    return {name: text for name, text in known if isinstance(text, str)}
