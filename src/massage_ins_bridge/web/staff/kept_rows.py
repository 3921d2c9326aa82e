"""Bookings' rows as they were written for the last page: most are the same the next time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from jinja2 import Template
from markupsafe import Markup, escape

from ...desk.day_rows import Row
from ...desk.opened import Opened
from .person import Signed

#: What stands in a kept row for what is another one on each page. Nothing that people write can be
#: mistaken for it: their "<" is written as "&lt;".
_CSRF, _ONCE = Markup("<csrf>"), Markup("<once>")

Write = Callable[..., Markup]


def row_writer(
    macros: Template, opened: Opened, who: Signed, here: str, year: int, tools: Mapping[str, Any]
) -> Write:
    """Writes a row of a page at the address ``here``. ``macros``: the template that has the row;
    ``year``: which one is not said; ``tools``: what templates write with."""
    anybody = replace(who, csrf=_CSRF)
    day, clock, local, once = (tools[name] for name in ("day", "clock", "local", "once"))

    def write(row: Row, *, with_day: bool = False, heading: str = "h3") -> Markup:
        def made() -> str:
            module: Any = macros.module
            return str(
                module.row(row, anybody, here, lambda: _ONCE, day, clock, local, with_day, heading)
            )

        key = ("row", row, here, year, who.person.covered, with_day, heading)
        kept = opened.once(key, made)
        filled = kept.replace(_CSRF, escape(who.csrf)).replace(_ONCE, once())
        return Markup(filled)  # noqa: S704 - the template has escaped what it was given

    return write
