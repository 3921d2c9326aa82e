"""``demo``: everything at once, with a simulated booking platform and invented clients."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def demo(
    once: bool = False,
    port: int = 0,
    speed: float | None = None,
    keep: bool = False,
    files: Sequence[Path] = (),
) -> int:
    """Run the demonstration; the exit code (see ``demo.run.run``)."""
    from ..demo.run import run

    return run(once=once, port=port, speed=speed, keep=keep, files=files)
