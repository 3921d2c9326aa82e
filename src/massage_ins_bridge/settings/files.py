"""Reading and writing the files of the settings."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from .errors import SettingsError


def text_of(path: Path) -> str:
    """What the file says; nothing where there is none."""
    return path.read_text(encoding="utf-8-sig") if path.exists() else ""


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Nobody else saves settings of this folder meanwhile, in whatever process. Raises
    ``SettingsError``."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise SettingsError([f"{folder}: cannot be opened ({error.strerror})"]) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def read_secret(path: Path) -> str | None:
    """What a file of its own says; ``None`` where there is none, and nothing where it cannot be
    read."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        return ""


def write_alone(path: Path, text: str) -> None:
    """Write a file that nobody else reads. Raises ``SettingsError``."""
    try:
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(text if text.endswith("\n") else f"{text}\n")
    except OSError as error:
        raise SettingsError([f"{path}: cannot be written ({error.strerror})"]) from None
