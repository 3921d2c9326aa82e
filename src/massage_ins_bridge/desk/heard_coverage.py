"""What staff files of an insurance that the client has only told of: it takes the place of their
words, for of two coverages of one payer nobody could say which is billed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..store.record import Record
from . import chart
from .installation import Installation

#: What a client's own word says beside the payer, and staff may say otherwise.
_SAID = ("payer", "position", "staff_confirmed")


def add_coverage(
    installation: Installation, record: Record, patient_id: str, data: dict[str, Any]
) -> tuple[chart.Fact, chart.Fact | None]:
    """File a coverage; it, and the client's word that it takes the place of. Raises
    ``NotFoundError`` and ``UnusableInputError``."""
    heard = _heard(installation, record, patient_id, data)
    if heard is None:
        return chart.add_fact(record, patient_id, "coverage", data), None
    where = (patient_id, "coverage", heard.record)
    both = _laid_over(heard.data, data)
    return chart.change_fact(record, where, both, merge=False), heard


def _heard(
    installation: Installation, record: Record, patient_id: str, data: dict[str, Any]
) -> chart.Fact | None:
    """The one coverage of the same payer that nobody has confirmed, and that says nothing else."""
    key_of = installation.host.payers.key_of
    payer, match = key_of(data.get("payer")), installation.host.payers.find(data.get("payer") or "")
    same = [
        fact
        for fact in chart.list_facts(record, patient_id, "coverage")
        if payer is not None and key_of(fact.data.get("payer")) == payer
    ]
    if len(same) != 1 or same[0].data.get("staff_confirmed"):
        return None
    named = installation.host.payers.find(same[0].data.get("payer") or "")
    if named and match and named.plan != match.plan and not data.get("plan"):
        return None  # their word names a plan, which is not to be lost
    told = {name: value for name, value in same[0].data.items() if name not in _SAID}
    return same[0] if _agree(told, data) else None


def _agree(told: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """Whether nothing that was told is another in ``data``."""
    for name, value in told.items():
        other = data.get(name, value)
        if isinstance(value, Mapping) and isinstance(other, Mapping):
            if not _agree(value, other):
                return False
        elif other != value:
            return False
    return True


def _laid_over(told: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    both = {**told, **data}
    for name, value in told.items():
        if isinstance(value, Mapping) and isinstance(data.get(name), Mapping):
            both[name] = _laid_over(value, data[name])
    return both
