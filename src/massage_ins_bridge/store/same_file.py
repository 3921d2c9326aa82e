"""Whether a file is still the one that was opened.

Who has it open goes on writing into a file that was removed, and nobody finds that again; who opens
it afterwards makes an empty one. Both look well from within.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


class SameFile:
    """One file, as it is now. That it was another is known for good: connections to either may be
    at work by then, so that putting it back mends nothing before a new start."""

    def __init__(self, path: Path | None) -> None:
        """``path``: none for a database that is no file."""
        self.path = path
        self._was = _which(path)
        self._gone = False

    @property
    def gone(self) -> bool:
        """Whether it was removed, or another put in its place."""
        if self._was is not None and not self._gone:
            with suppress(OSError):  # that nobody can tell now is no news
                self._gone = _which(self.path) != self._was
        return self._gone


def _which(path: Path | None) -> tuple[int, int] | None:
    """Which file stands there; ``None`` for none. Raises ``OSError`` where it cannot be told."""
    if path is None:
        return None
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
