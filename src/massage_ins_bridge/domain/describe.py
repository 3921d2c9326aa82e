"""Saying where something went wrong without saying what it was working on."""

from __future__ import annotations

from pathlib import PurePath
from types import TracebackType

from .rule import NoRuleError


def describe(error: BaseException, package: str = "") -> str:
    """The error's type, file and line, such as ``ValueError in claim.py, line 30``.

    The error's own text is left out: it may carry a client's facts. That of a rule which is not
    there carries none, and is told. The place is the last frame inside ``package`` (its import
    name) where the error passed through it, else the last frame; for a file that Python cannot
    read it is the line in that file. The type stands alone for an error that was never raised.
    """
    place = _written(error) or _passed(error, package)
    name = type(error).__name__
    at = f"{name} in {place[0]}, line {place[1]}" if place else name
    return f"{at}: {error}" if isinstance(error, NoRuleError) else at


def sentence(text: str) -> str:
    """The text with a full stop, unless it ends as a question or a sentence does."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _written(error: BaseException) -> tuple[str, int] | None:
    """The line of a file of Python that cannot be read as such."""
    if not isinstance(error, SyntaxError) or not error.filename or not error.lineno:
        return None
    file = PurePath(error.filename)
    return (file.name, error.lineno) if file.suffix == ".py" else None


def _passed(error: BaseException, package: str) -> tuple[str, int] | None:
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
        return None
    return PurePath(place.tb_frame.f_code.co_filename).name, place.tb_lineno


def _is_inside(step: TracebackType, package: str) -> bool:
    module = str(step.tb_frame.f_globals.get("__name__", ""))
    return module == package or module.startswith(f"{package}.")
