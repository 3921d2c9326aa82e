"""What is wrong with settings whose every field is sound by itself."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from ..domain.reading import UnusableInputError
from ..domain.request import impossible_clinic
from .model import AccountSettings, Settings


def problems_of(settings: Settings) -> Iterator[str]:
    """One line for each, with the field and the cure."""
    keys: list[str] = []
    try:
        facts = settings.clinic_facts
        yield from map(str, impossible_clinic(facts))
        keys = [p.key for p in facts.practitioners or ()]
    except UnusableInputError as error:
        yield from map(str, error.problems)
    if not isinstance(settings.clinic.get("office_hours", ""), str):
        yield "clinic.office_hours: must be text; write days and times, in quotation marks"
    else:
        try:
            _ = settings.office_hours
        except ValueError as error:
            yield f"clinic.office_hours: {error}"
    names = [a.name for a in settings.accounts]
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield f"accounts: the name {name!r} is given twice; webhooks could not be told apart"
    for number, account in enumerate(settings.accounts):
        yield from _practitioners(f"accounts[{number}].practitioners", account, keys)


def _practitioners(where: str, account: AccountSettings, keys: list[str]) -> Iterator[str]:
    for host, key in account.practitioners.items():
        if key in keys:
            continue
        near = get_close_matches(key, keys, n=1)
        cure = f"did you mean {near[0]!r}?" if near else "add a [[clinic.practitioners]] with it"
        yield f"{where}.{host}: {key!r} is no key of [[clinic.practitioners]]; {cure}"
