"""The journal: what happened, in order, one JSON object a line, on the disk before anyone hears
of it. It holds ids and states, no people."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any


class Clock:
    """Now in milliseconds, as Cal.com writes it, and never the same moment twice."""

    def __init__(self) -> None:
        self._last = datetime.min.replace(tzinfo=UTC)
        self._ahead = timedelta(0)

    def set(self, moment: datetime) -> None:
        """It is this time now, be it earlier or later, and goes on from there."""
        self._ahead = moment - datetime.now(UTC)
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        moment = datetime.now(UTC) + self._ahead
        moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        self._last = max(moment, self._last + timedelta(milliseconds=1))
        return self._last


def iso(moment: datetime) -> str:
    """A moment as JavaScript writes it: 2026-12-08T18:00:00.000Z."""
    return (
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
    )


class Journal:
    """Kept in memory and, with a path, appended to a file that survives a kill."""

    def __init__(self, path: Path | None = None) -> None:
        self.entries: list[dict[str, Any]] = []
        self._file = path.open("ab") if path is not None else None

    def write(self, kind: str, **fields: Any) -> int:
        """Append an entry (``call``, ``change`` or ``webhook``); its number."""
        entry = {"seq": len(self.entries) + 1, "at": iso(datetime.now(UTC)), "kind": kind, **fields}
        self.entries.append(entry)
        if self._file is not None:
            self._file.write(json.dumps(entry).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        return len(self.entries)

    def select(self, since: int = 0, **wanted: str) -> list[dict[str, Any]]:
        """Entries after number ``since`` whose fields have the wanted values."""
        found = self.entries[since:]
        return [e for e in found if all(e.get(k) == v for k, v in wanted.items())]

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
