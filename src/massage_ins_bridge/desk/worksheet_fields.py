"""Which fields a payer's worksheet has, in which order: data with the day on which it was read. A
clinic that knows its portal better says so in a file of its own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from ..settings import Settings

#: The clinic's own file, in ``data_dir``, in the form of ours (``worksheet.toml``).
OWN = "own-worksheet.toml"
_LIKE = "see worksheet.toml of this package for the form"


@dataclass(frozen=True, slots=True)
class SheetFields:
    """``sections``: titles, each with the names of its fields; ``labels``: of the fields by name;
    ``note``: what is told beneath."""

    read_on: date
    note: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    labels: Mapping[str, str]


def sheet_fields(settings: Settings) -> SheetFields:
    """The clinic's own, where it has a file; ours, with a note, where that cannot be used."""
    path = settings.data_dir / OWN
    if not path.is_file():
        return _ours()
    try:
        return _read(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError) as error:
        ours = _ours()
        note = f"{OWN} cannot be used: {error}. {ours.note}"
        return SheetFields(ours.read_on, note, ours.sections, ours.labels)


@cache
def _ours() -> SheetFields:
    text = files("massage_ins_bridge.desk").joinpath("worksheet.toml").read_text("utf-8")
    return _read(tomllib.loads(text))


def _read(data: Mapping[str, Any]) -> SheetFields:
    """Raises ``ValueError``."""
    labels, read_on = data.get("labels"), data.get("read_on")
    if type(read_on) is not date:
        raise ValueError("read_on is no day, such as 2026-11-26")
    if not isinstance(labels, dict) or not all(isinstance(v, str) for v in labels.values()):
        raise ValueError(f"[labels] has no text for each field; {_LIKE}")
    sections = tuple(_section(part, labels) for part in data.get("sections") or ())
    names = [name for _, listed in sections for name in listed]
    twice = sorted({name for name in names if names.count(name) > 1})
    if not names or twice:
        raise ValueError(f"{twice[0]} stands in it twice" if twice else f"no field; {_LIKE}")
    return SheetFields(read_on, str(data.get("note") or ""), sections, labels)


def _section(part: Any, labels: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    title = part.get("title") if isinstance(part, dict) else None
    listed = part.get("fields") if isinstance(part, dict) else None
    if not (isinstance(title, str) and isinstance(listed, list)):
        raise ValueError(f"a section lacks its title or fields; {_LIKE}")  # noqa: TRY004 - a file's
    bare = next((name for name in map(str, listed) if name not in labels), None)
    if bare is not None:
        raise ValueError(f"{bare} has no label")
    return title, tuple(listed)
