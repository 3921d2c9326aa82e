"""Watching what a plugin does while it answers: what it takes from outside, and at which line.

Python tells of files, sockets and processes through audit events, which may be refused, and of
calls of its own functions (the clock's, chance's, ``print``) through a profile.
"""

from __future__ import annotations

import builtins
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

from ...api import PROJECT
from .found import Violation

CLOCKS = frozenset(
    getattr(time, name)
    for name in (
        *("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"),
        *("localtime", "gmtime", "ctime", "process_time", "strftime"),
    )
)
TODAY = frozenset({"now", "utcnow", "today"})
OUTSIDE = ("open", "os.", "shutil.", "tempfile.", "glob.", "socket.", "subprocess.", "sqlite3.")


class TakenAwayError(RuntimeError):
    """What a plugin reached for is not there while it answers."""


@dataclass
class Watch:
    """Watches the files of a plugin. ``found`` is what they did."""

    files: frozenset[str]
    found: set[Violation] = field(default_factory=set)

    @contextmanager
    def taken_away(self) -> Iterator[None]:
        """While it lasts the plugin reaches no file, socket or process, in whichever thread."""
        global _watching  # noqa: PLW0603 - an audit hook cannot be taken out again
        _listen()
        before, _watching = _watching, self
        try:
            yield
        finally:
            _watching = before

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While it lasts what the plugin calls in this thread is noted."""
        profile = sys.getprofile()
        sys.setprofile(self._profile)
        try:
            yield
        finally:
            sys.setprofile(profile)

    @contextmanager
    def loading(self) -> Iterator[None]:
        """While it lasts, in every thread that begins; a module may read files when it loads."""
        before = threading.getprofile()
        threading.setprofile(self._profile)
        try:
            yield
        finally:
            threading.setprofile(before)

    def note(self, asked: str, said: str, frame: FrameType | None) -> bool:
        """Note what the plugin does there, if it is the plugin and not the host, or an import."""
        while frame is not None:
            name = frame.f_code.co_filename
            if name in self.files:
                self.found.add(Violation(Path(name), frame.f_lineno, asked, said))
                return True
            module = str(frame.f_globals.get("__name__", ""))
            if module.startswith(("importlib", "_frozen_importlib")) or _is_hosts(module):
                return False
            frame = frame.f_back
        return False

    def _profile(self, frame: FrameType, event: str, function: Any) -> None:
        if event != "c_call":
            return
        name = getattr(function, "__name__", "")
        owner = getattr(function, "__self__", None)
        if function is builtins.print or (name == "write" and owner in (sys.stdout, sys.stderr)):
            self.note("prints", "it prints.", frame)
        elif _is_clock(function, name, owner):
            self.note("clock", f"it reads the clock with {name}().", frame)
        elif function is os.urandom or isinstance(owner, random.Random):
            self.note("chance", f"it draws by chance with {name}().", frame)


def _is_clock(function: Any, name: str, owner: Any) -> bool:
    if name in TODAY and isinstance(owner, type):
        return issubclass(owner, date)
    return owner is time and function in CLOCKS


def _is_hosts(module: str) -> bool:
    return module == PROJECT or module.startswith(f"{PROJECT}.")


_watching: Watch | None = None
_listens = False


def _listen() -> None:
    global _listens  # noqa: PLW0603 - once for the process
    if not _listens:
        _listens = True
        sys.addaudithook(_audited)


def _audited(event: str, arguments: tuple[Any, ...]) -> None:
    watch = _watching
    if watch is None or not event.startswith(OUTSIDE):
        return
    what = arguments[0] if event == "open" and isinstance(arguments[0], str) else ""
    said = f"it opens {Path(what).name!r}." if what else f"it reaches outside ({event})."
    if watch.note("reaches-out", said, sys._getframe(1)):  # noqa: SLF001 - who did it
        raise TakenAwayError(f"{event} is not there while a plugin answers")
