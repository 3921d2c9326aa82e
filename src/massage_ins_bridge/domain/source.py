"""Where a rule was read, and how far it can be relied on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from .told import Told

#: ``read``: in the words of the source itself. ``secondary``: in a page that tells of it.
#: ``unsure``: from memory, to be confirmed. ``ours``: the project's own rule or reading.
Sure = Literal["read", "secondary", "unsure", "ours"]


@dataclass(frozen=True, slots=True)
class Source(metaclass=Told):
    """Where a rule was read: its ``title``, its address (``href``) where it has one, the day on
    which somebody last read it, and how ``sure`` the rule is: ``read`` there, told by a
    ``secondary`` page, from memory (``unsure``), or a rule or reading of the project's (``ours``).
    """

    title: str
    href: str | None = None
    read_on: date | None = None
    sure: Sure = "unsure"

    def to_dict(self) -> dict[str, Any]:
        """The source as plain JSON values."""
        return {
            "title": self.title,
            "href": self.href,
            "read_on": self.read_on.isoformat() if self.read_on else None,
            "sure": self.sure,
        }

    def __lt__(self, other: Source) -> bool:
        """An order that never depends on which came first; it means nothing else."""
        return self._order() < other._order()

    def _order(self) -> tuple[str, str, str, str]:
        day = self.read_on.isoformat() if self.read_on else ""
        return self.title, self.href or "", day, self.sure

    def __str__(self) -> str:
        """The source in one line: title, day and link."""
        day = f", read on {self.read_on}" if self.read_on else ""
        link = f": {self.href}" if self.href else ""
        return f"{self.title}{day}{link}"


def project_rule(reason: str) -> Source:
    """The source of what the host asks by itself: why it does."""
    return Source(f"Project rule: {reason}", sure="ours")


def as_source(said: Any) -> Mapping[str, Any]:
    """A decision's source as it is written now. Decisions of earlier releases cite it as text."""
    if isinstance(said, Mapping):
        return said
    return Source(str(said)).to_dict()
