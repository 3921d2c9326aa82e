"""Switching and forgetting plugins, as acts that are told and can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..domain.reading import read
from ..settings.edit import SettingsFile
from ..store.record import Record
from .acts import Done
from .installation import Installation
from .plugin_choice import forget, switch
from .roles import Person
from .staff_words import must_say


@dataclass(frozen=True, slots=True)
class SwitchSent:
    """Who has it done."""

    name: str


def who_sent(record: Record, data: Any) -> Person:
    """On whose word a program does it. Raises ``UnusableInputError``."""
    said = read(SwitchSent, data)
    must_say("name", said.name)
    return Person(record.clinic, said.name, "owner")


def switched(
    installation: Installation, record: Record, file: SettingsFile, name: str, *, off: bool
) -> Done | None:
    """Switch a plugin off, or on again; ``None`` where it was so already. Raises as ``switch``."""
    said = switch(installation, record, file, name, off=off)
    needs = {"plugin": name, "off": not off, "file": str(file.path)}
    return Done("plugin-switched", said, undo="plugin", needs=needs) if said else None


def forgotten(installation: Installation, record: Record, name: str) -> Done:
    """Forget what is remembered of a plugin. Raises as ``forget``."""
    needs = {"plugin": name, "said": forget(installation, record, name)}
    said = f"{name} is forgotten. What was recorded in its words stays, by their bare names."
    return Done("plugin-forgotten", said, undo="plugin-forgotten", needs=needs)
