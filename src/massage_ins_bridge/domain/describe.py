"""Saying where something went wrong without saying what it was working on."""

from __future__ import annotations

from pathlib import PurePath


def describe(error: BaseException) -> str:
    """The error's type and place alone: its text may carry a client's facts."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    if frame is None:
        return type(error).__name__
    name = PurePath(frame.tb_frame.f_code.co_filename).name
    return f"{type(error).__name__} in {name}, line {frame.tb_lineno}"
