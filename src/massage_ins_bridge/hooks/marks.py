"""By what a plugin is known to be the same as before: its version, and what its files hold."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: What a plugin goes by: its code, and its rules.
_READ = (".py", ".toml")


def mark_of(point: Any) -> str:
    """The version of an entry point's distribution and a hash of its files, which tells where one
    is edited in place; ``-`` and none where there is no version, and no file. It is not loaded."""
    return f"{point.dist.version if point.dist else '-'} {_hash(_files(point))}".strip()


def _files(point: Any) -> list[Path]:
    """The package's files; those of a single module are its own and the rules beside it."""
    main = getattr(point, "file", None) or _found(point.value)
    if main is None:
        return []
    if main.name == "__init__.py":
        return sorted(path for path in main.parent.rglob("*") if path.suffix in _READ)
    return [path for path in (main, main.with_suffix(".toml")) if path.is_file()]


def _found(value: str) -> Path | None:
    """Where the outermost package of what an entry point names is; to find it loads nothing. The
    host's own has no mark but its version."""
    outermost = value.partition(":")[0].partition(".")[0]
    if outermost == __name__.partition(".")[0]:
        return None
    try:
        spec = find_spec(outermost)
    except (ImportError, ValueError):
        return None
    return Path(spec.origin) if spec and spec.has_location and spec.origin else None


def _hash(files: list[Path]) -> str:
    found = hashlib.sha256()
    for path in files:
        try:
            found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        except OSError:  # it went meanwhile
            continue
    return found.hexdigest()[:12] if files else ""
