"""One process serves from a database file, by whatever path it was reached."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from ..settings import StartError

LOCK_FILE = "serving.lock"


class DataFileLock:
    """Says, for as long as it is held, that a process works on an SQLite file. The system lets
    go of it whatever the process dies of.

    What is locked is the folder in which the file really lies, since the durable runs lie there
    too, and the one through which it was reached where that is another.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._held: list[int] = []

    def take(self) -> None:
        """Raises ``StartError`` where another process works on the file, or could do so unseen."""
        real = self._file.resolve()
        if real.exists() and real.stat().st_nlink > 1:
            raise StartError(
                f"{real}: has a second name (a hard link), by which another process could serve "
                "from it unseen; remove that name, or put a copy in its place"
            )
        try:
            for folder in sorted({self._file.parent.resolve(), real.parent}):
                self._held.append(_locked(folder / LOCK_FILE))
        except StartError:
            self.give_back()
            raise

    def give_back(self) -> None:
        while self._held:
            os.close(self._held.pop())


def is_served(file: Path) -> bool:
    """Whether a process works on an SQLite file at this moment."""
    try:
        descriptor = os.open(file.resolve().with_name(LOCK_FILE), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _locked(path: Path) -> int:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StartError(
            f"data_dir: {path} cannot be written ({error.strerror}); mend its rights, or remove it"
        ) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise StartError(
            f"data_dir: another process serves from {path.parent}; stop it, or name another folder"
        ) from None
    return descriptor
