"""Saying where something went wrong without saying what it was working on."""

from __future__ import annotations

from pathlib import PurePath
from types import TracebackType


def describe(error: BaseException, package: str = "") -> str:
    """The error's type, file and line, such as ``ValueError in claim.py, line 30``.

    The error's own text is left out: it may carry a client's facts. The place is the last frame
    inside ``package`` (its import name) where the error passed through it, else the last frame.
    The type stands alone for an error that was never raised.
    """
    last: TracebackType | None = None
    inside: TracebackType | None = None
    step = error.__traceback__
    while step is not None:
        last = step
        if package and _is_inside(step, package):
            inside = step
        step = step.tb_next
    place = inside or last
    if place is None:
        return type(error).__name__
    name = PurePath(place.tb_frame.f_code.co_filename).name
    return f"{type(error).__name__} in {name}, line {place.tb_lineno}"


def _is_inside(step: TracebackType, package: str) -> bool:
    module = str(step.tb_frame.f_globals.get("__name__", ""))
    return module == package or module.startswith(f"{package}.")
