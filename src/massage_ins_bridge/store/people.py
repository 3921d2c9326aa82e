"""Whose booking it is, by all who are on file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..identity.addresses import normal_email, normal_phones
from ..identity.keys import birth_keys, name_keys, person_key, phone_keys
from ..identity.matching import Compared, OnFile, Person, Whose, compared, likeliest, whose
from .bookings import Details
from .clients import Alias, Clients
from .models import PatientRow
from .vault import normal_id


@dataclass(frozen=True, slots=True)
class Given:
    """Somebody as a booking gives them, in their own words. ``ref`` is the platform's id of them,
    prefixed by its account."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    ref: str | None = None
    birth_date: date | None = None
    member_id: str | None = None

    @classmethod
    def of(cls, details: Details) -> Given:
        """Who made a booking; the day of birth and the member id where its form asked for them."""
        said, answers = details.person, details.answers
        try:
            born = date.fromisoformat(answers.get("birth_date", ""))
        except ValueError:
            born = None
        words = (said.get("name"), said.get("email"), said.get("phone"), said.get("ref"))
        return cls(*words, birth_date=born, member_id=answers.get("member_id"))

    @property
    def person(self) -> Person:
        """The same in the form in which people are compared."""
        email, phones = normal_email(self.email), normal_phones(self.phone)
        return Person(self.name, email, phones, self.ref, self.birth_date, self.member_id)

    def alias(self, booking: str | None, *, settled: bool = False) -> Alias:
        """What a client is known by from now on."""
        return Alias(self.name, self.email, self.phone, booking, settled)


class People:
    """Everybody on file at one clinic, within one transaction."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def whose(self, given: Given, *, but: str | None = None) -> Whose:
        """Whose booking it is; ``but``: a client who is not asked about."""
        person = given.person
        return whose(person, [client for client in self._on_file(person) if client.id != but])

    def alike(self, given: Given) -> list[Compared]:
        """Everybody on file who may be that person, the likeliest first."""
        person = given.person
        found = (compared(person, client) for client in self._on_file(person))
        return sorted((one for one in found if one.possible), key=likeliest)

    def compared(self, given: Given, row: PatientRow) -> Compared:
        """What speaks for and against its being this client."""
        return compared(given.person, self._read(given.person, row, {}))

    def said_anything(self, row: PatientRow) -> bool:
        """Whether a client has a name, or can be reached."""
        known = self._clients.known(row)
        return bool(known.names or known.emails or known.phones)

    def _on_file(self, person: Person) -> list[OnFile]:
        member, born = normal_id(person.member_id), person.birth_date
        exact = person_key(person.name, person.email, person.phones)
        found = self._clients.identities.find(
            {
                "person": [person.ref] if person.ref else (),
                "member": [member] if member else (),
                "email": [person.email] if person.email else (),
                "phone": frozenset[str]().union(*map(phone_keys, person.phones)),
                "name": name_keys(person.name),
                "birth": birth_keys(person.name, born),
                "exact": [exact] if person.email or person.phones else (),
            }
        )
        rows = self._clients.several(set().union(*found.values()))
        return [self._read(person, row, found) for row in rows]

    def _read(self, person: Person, row: PatientRow, found: dict[str, set[str]]) -> OnFile:
        known = self._clients.known(row)
        exact = person_key(person.name, person.email, person.phones)
        return OnFile(
            id=row.id,
            names=known.names,
            emails=known.emails,
            phones=known.phones,
            birth_date=known.patient.birth_date,
            linked=row.id in found.get("person", ()),
            member=row.id in found.get("member", ()),
            settled=exact in known.exact,
            open=row.doubtful,
        )
