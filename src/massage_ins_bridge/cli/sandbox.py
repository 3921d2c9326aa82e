"""``serve --sandbox``: a bridge to try a platform's side on."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import typer

PORT = 8766


def run_sandbox(
    *, config: Path | None, host: str | None, port: int | None, workers: int, send_to: str | None
) -> None:
    """Serve until a signal asks to stop. Raises ``StartError`` before listening."""
    from ..demo.sandbox import catching, missing_plugins, prepare, refuse_what_is_real, words
    from .serve import listen, run

    refuse_what_is_real(os.environ, config=config, host=host, workers=workers)
    missing = missing_plugins()
    if missing is not None:
        raise missing
    signal.signal(signal.SIGTERM, _end)  # as the server leaves it: nothing stays behind
    port = PORT if port is None else port
    with contextlib.ExitStack() as until:
        folder = until.enter_context(tempfile.TemporaryDirectory(prefix="mib-sandbox-"))
        listening = until.enter_context(listen("127.0.0.1", port))
        sink = None
        if send_to is None:
            after = port + 1 if port else 0
            sink = until.enter_context(catching(after, _say))
        made = prepare(Path(folder), send_to or str(sink), listening.getsockname()[1])
        for line in words(made, send_to or str(sink), sink):
            _say(line)
        run(made.settings, at_end=until.close, listening=listening)


def _end(_number: int, _frame: Any) -> None:
    raise SystemExit(0)


def _say(line: str) -> None:
    typer.echo(line)
    sys.stdout.flush()
