"""The demonstration from its start to its end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from ..testing.installation import Installation
from .board import Board
from .clients import Desk, Platform
from .driver import Driver
from .processes import Addresses, Interrupts, missing_plugins, running
from .stories import STORIES
from .story import Story
from .story_file import read_story

#: Seconds between two steps at speed 1, where one looks on.
PAUSE = 1.2
STOPPED = 130


def run(
    *,
    once: bool = False,
    port: int = 0,
    speed: float | None = None,
    keep: bool = False,
    stories: Sequence[Story] = STORIES,
    files: Sequence[Path] = (),
    console: Console | None = None,
) -> int:
    """Play the stories, or those of the files alone; the exit code. Without ``once`` the bridge
    then serves until Ctrl-C.

    0: every story ended as it should. 1: one did not. 130: interrupted before the end of
    ``once``. Raises ``StartError``.
    """
    network: dict[str, Any] = {}
    if files:
        found_in = [read_story(path) for path in files]
        stories = [story for story, _ in found_in]
        network = {payer: spans for _, told in found_in for payer, spans in told.items()}
    missing = missing_plugins(own=bool(files))
    if missing is not None:
        raise missing
    console = console or Console()
    interrupts = Interrupts()
    code = STOPPED if once else 0
    pause = PAUSE / speed if speed else 0.0 if once else PAUSE
    try:
        with (
            interrupts.caught(),
            running(port, interrupts, keep=keep, network=network) as (children, found, folder),
        ):
            if keep:
                _say(console, f"Kept for you: {folder}")
            code = _play(children, found, console, stories, pause)
            if not once:
                _serve_on(console, children, found)
    except KeyboardInterrupt:
        _say(console, "Stopped.")
    return code


def _play(
    children: Installation,
    found: Addresses,
    console: Console,
    stories: Sequence[Story],
    pause: float,
) -> int:
    desk, platform = Desk(found), Platform(found)
    try:
        board = Board(console, f"{found.bridge}/")
        with board:
            verdicts = Driver(stories, desk, platform, board, children.check, pause=pause).play()
        board.verdicts(verdicts)
    finally:
        desk.close()
        platform.close()
    return int(any(v.faults for v in verdicts))


def _serve_on(console: Console, children: Installation, found: Addresses) -> None:
    """Until Ctrl-C, so that one can look at the page."""
    _say(console, f"The bridge goes on: look at {found.bridge}/ and press Ctrl-C to end.")
    while True:
        children.check()
        time.sleep(0.5)


def _say(console: Console, text: str) -> None:
    console.print(text, soft_wrap=True, highlight=False)
