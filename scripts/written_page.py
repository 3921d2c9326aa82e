"""What scripts share that write pages of the documentation from the code."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The lines of a table, and an empty one after it."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def keep(
    about: str | None,
    script: str,
    made: Callable[[], Mapping[Path, str]],
    have: Iterable[Path] = (),
) -> int:
    """Write the pages, or with ``--check`` on the command line compare them. Those that are there
    already (``have``) and are made no more go. The exit code: 1 where a page is out of date."""
    options = argparse.ArgumentParser(description=about)
    options.add_argument("--check", action="store_true", help="write nothing, only compare")
    check, pages = options.parse_args().check, made()
    stale = [path for path in sorted({*have, *pages}) if _text(path) != pages.get(path)]
    if check:
        for path in stale:
            print(f"{'/'.join(path.parts[-2:])} is out of date; run scripts/{script}")
        return int(bool(stale))
    for path in stale:
        path.unlink(missing_ok=True)
        if path in pages:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages[path], encoding="utf-8")
    print(f"{len(pages)} pages, {len(stale)} written")
    return 0


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
