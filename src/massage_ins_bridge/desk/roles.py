"""Who at the desk may do what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from .errors import ConflictError, DeskError

Role = Literal["owner", "front-desk", "therapist", "read-only"]
#: What there is to be allowed: change bookings, clients and tasks (``work``); refuse, let stand,
#: stop (``word``); see documents and notes (``papers``); see reports (``reports``); go live
#: (``live``), change rules (``rules``), users (``people``) and settings (``settings``), delete a
#: client (``delete``) or save their whole chart (``export``), see what everybody did (``audit``).
May = Literal[
    "work",
    "word",
    "papers",
    "reports",
    "live",
    "rules",
    "people",
    "settings",
    "delete",
    "export",
    "audit",
]
ROLES: tuple[Role, ...] = get_args(Role)
ROLE_NAMES: dict[Role, str] = {
    "owner": "owner",
    "front-desk": "front desk",
    "therapist": "therapist",
    "read-only": "read only",
}
_MAY: dict[Role, frozenset[str]] = {
    "owner": frozenset(get_args(May)),
    "front-desk": frozenset(("work", "word", "papers", "reports")),
    "therapist": frozenset(("work", "word", "papers")),
    "read-only": frozenset(("reports",)),
}


def role_may(role: str, what: May) -> bool:
    """Whether whoever has that role may."""
    return any(what in allowed for name, allowed in _MAY.items() if name == role)


class ForbiddenError(DeskError):
    """Somebody's role does not allow it."""


class CoveredError(ConflictError):
    """A page shows what is covered on somebody's screen."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the desk. ``user_id`` is empty where nobody has to sign in yet, or in the
    demonstration. ``practitioner``: which of the clinic's they are; a therapist sees the clients
    of their own bookings only. ``covered``: names are covered on their screen."""

    clinic: str
    name: str
    role: Role
    user_id: str | None = None
    practitioner: str | None = None
    covered: bool = False

    def may(self, what: May) -> bool:
        return role_may(self.role, what)

    @property
    def own_only(self) -> bool:
        """Whether they see no more than their own bookings' clients."""
        return self.role == "therapist"


def must_not_be_covered(person: Person) -> None:
    """Raises ``CoveredError`` for a page that is about nothing but what is covered."""
    if person.covered:
        words = "Names are covered on this screen. Go back, press \u201cShow names\u201d"
        raise CoveredError(f"{words}, and open this again.")


def must_be_allowed(person: Person, what: May) -> None:
    """Raises ``ForbiddenError``."""
    if person.may(what):
        return
    if what in _MAY["owner"] - _MAY["front-desk"]:
        raise ForbiddenError("Only the owner can do this.")
    if person.role == "read-only":
        raise ForbiddenError("Your sign-in is for reading only. Ask the owner for more.")
    raise ForbiddenError("Your sign-in does not reach this. Ask the owner for more.")
