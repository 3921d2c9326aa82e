"""What a new plugin is called, everywhere that it is called something."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from ...domain.days import add_days
from ...settings import StartError

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
LONGEST = 40
#: Within how many days somebody reads a rule again.
REVIEW_DAYS = 90


@dataclass(frozen=True)
class Named:
    """A plugin of a kind: its name, what people call the payer or platform, and a line about it.
    ``here``: it is one of this repository."""

    name: str
    kind: str
    title: str
    about: str
    today: date
    here: bool = False

    @property
    def project(self) -> str:
        """The distribution's name."""
        return f"massage-ins-bridge-{self.kind}-{self.name}"

    @property
    def folder(self) -> str:
        """The project's folder."""
        return f"{self.kind}-{self.name}" if self.here else self.project

    @property
    def module(self) -> str:
        """The name as Python writes it."""
        return self.name.replace("-", "_")

    @property
    def package(self) -> str:
        """What is imported."""
        return f"massage_ins_bridge_{self.module}"

    @property
    def words(self) -> str:
        """The name in the words of a class."""
        return "".join(part.capitalize() for part in self.name.split("-"))

    @property
    def prefix(self) -> str:
        """What the ids of its rules begin with."""
        letters = re.sub(r"[^A-Z]", "", self.name.upper())
        return (letters[:1] + re.sub(r"[AEIOU]", "", letters[1:]))[:3].ljust(2, "X")

    @property
    def review_by(self) -> date:
        """By when what is read today is to be read again."""
        return add_days(self.today, timedelta(days=REVIEW_DAYS).days)


def titled(name: str) -> str:
    """What people might call it: "Far Hills" of ``far-hills``. Raises ``StartError`` for a name
    that no plugin can have."""
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        raise StartError(
            f"{name!r} is no name for a plugin; use small letters, digits and single hyphens, "
            f"{LONGEST} at most, such as far-hills"
        )
    return " ".join(part.capitalize() for part in name.split("-"))
