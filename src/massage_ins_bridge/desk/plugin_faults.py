"""What went wrong with a plugin last, out of the decisions that it held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..store.record import Record

#: How many of the newest decisions on hold are looked through.
LOOKED_THROUGH = 500
MOST = 5
_KEY = "plugin.failed"


@dataclass(frozen=True, slots=True)
class Fault:
    """What a plugin did wrong, ``times`` among the decisions looked through, ``at`` last. The text
    names a type, a file and a line, and no client."""

    at: datetime
    said: str
    times: int


def last_faults(record: Record) -> Mapping[str, tuple[Fault, ...]]:
    """By plugin, its newest faults, each text once, newest first."""
    found: dict[str, dict[str, Fault]] = {}
    for row in record.decisions.newest(LOOKED_THROUGH, outcome="hold"):
        for item in record.decisions.data(row)["requirements"]:
            if item["key"] == _KEY:
                said, faults = _reason(item["message"]), found.setdefault(item["plugin"], {})
                known = faults.get(said)
                at = known.at if known is not None else row.decided_at
                faults[said] = Fault(at, said, known.times + 1 if known is not None else 1)
    return {plugin: tuple(faults.values())[:MOST] for plugin, faults in found.items()}


def _reason(message: str) -> str:
    """Why, without the sentence around it."""
    return message.partition("could not answer: ")[2].removesuffix(".") or message
