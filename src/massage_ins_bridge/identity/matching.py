"""Whose booking it is: surely one client's, surely nobody's on file, or in doubt.

Names alone make nobody sure, and nothing makes sure against the name: families share addresses and
telephones, and namesakes share names. What is in doubt is asked of staff once; what they say is
learned, and is sure from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .addresses import same_phone
from .person_names import Likeness, compare, says_who


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a platform gives them. ``ref`` is the platform's own id of them, prefixed by its
    account; ``email`` and ``phones`` are in their compared form."""

    name: str | None = None
    email: str | None = None
    phones: tuple[str, ...] = ()
    ref: str | None = None
    birth_date: date | None = None
    member_id: str | None = None


@dataclass(frozen=True, slots=True)
class OnFile:
    """A client who may be that person. ``names``: all that they are known by. ``linked``: the
    platform's id is theirs; ``member``: the member id is. ``settled``: staff said that exactly this
    person is them. ``open``: it is in doubt whether they are somebody else on file."""

    id: str
    names: tuple[str, ...] = ()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    birth_date: date | None = None
    linked: bool = False
    member: bool = False
    settled: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True)
class Surely:
    """It is this client."""

    id: str


@dataclass(frozen=True, slots=True)
class NobodyOnFile:
    """It is somebody new."""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """It may be one of these, the likeliest first. None of them: nobody can say who it is."""

    ids: tuple[str, ...] = ()


Whose = Surely | NobodyOnFile | InDoubt


@dataclass(frozen=True, slots=True)
class Compared:
    """What speaks for and against one client."""

    client: OnFile
    likeness: Likeness
    email: bool | None
    phone: bool | None
    born: bool | None

    @property
    def shares(self) -> bool:
        """Whether both are reached in the same way."""
        return bool(self.client.linked or self.email or self.phone)

    @property
    def agreeing(self) -> int:
        """How many things agree."""
        said = (self.email, self.phone, self.born, self.client.linked, self.client.member)
        return sum(map(bool, said))

    @property
    def differs(self) -> bool:
        return self.email is False or self.phone is False

    @property
    def fits(self) -> bool:
        """Whether it can only be this client, were there no other."""
        if self.born is False or not self.shares:
            return False
        if self.differs and not (self.client.linked or self.born):
            return False
        fuller = self.likeness is Likeness.FULLER and (self.client.linked or self.email)
        return bool(self.likeness is Likeness.SAME or fuller)

    @property
    def possible(self) -> bool:
        """Whether it may be this client. A full name alone suffices for that, and so does any way
        of reaching them: one person may go by two names, and be booked for by another."""
        if self.likeness >= Likeness.CLOSE:
            return self.shares or self.born is not False
        return self.shares or (self.likeness is Likeness.PART and bool(self.born))


def whose(person: Person, on_file: Sequence[OnFile]) -> Whose:
    """Whose booking it is. ``on_file``: everybody who shares anything with the person."""
    found = [compared(person, client) for client in on_file]
    settled = {c.client.id for c in found if c.client.settled}
    if len(settled) == 1:
        return Surely(settled.pop())
    fitting = [c for c in found if c.fits]
    asked_already = [c for c in fitting if c.client.open]
    known = [c for c in fitting if not c.client.open]
    best = max((c.agreeing for c in asked_already), default=-1)
    if asked_already and all(c.agreeing <= best for c in known):
        return Surely(min(c.client.id for c in asked_already if c.agreeing == best))
    if len(known) == 1 and not settled and not _rivals(known[0], found):
        return Surely(known[0].client.id)
    possible = sorted((c for c in found if c.possible), key=likeliest)
    if possible or not says_who(person.name):
        return InDoubt(tuple(c.client.id for c in possible))
    return NobodyOnFile()


def compared(person: Person, client: OnFile) -> Compared:
    """What speaks for and against its being this client."""
    likeness = max((compare(name, person.name) for name in client.names), default=Likeness.PART)
    email = person.email in client.emails if person.email and client.emails else None
    phone = (
        any(same_phone(one, other) for one in person.phones for other in client.phones)
        if person.phones and client.phones
        else None
    )
    born = person.birth_date == client.birth_date
    known = person.birth_date is not None and client.birth_date is not None
    return Compared(client, likeness, email, phone, born if known else None)


def _rivals(one: Compared, found: Sequence[Compared]) -> bool:
    """Whether another client who is reached in the same way has a name like that, too: mother and
    daughter, Jr. and Sr."""
    return any(
        c.shares and c.likeness >= Likeness.CLOSE and not c.client.open
        for c in found
        if c.client.id != one.client.id
    )


def likeliest(item: Compared) -> tuple[int, int, int, str]:
    """By what those who may be a person are put in order."""
    return (-int(item.client.settled), -int(item.likeness), -item.agreeing, item.client.id)
