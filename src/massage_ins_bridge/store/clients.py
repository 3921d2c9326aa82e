"""Clients: what the clinic knows of them, and how they are reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Select, select

from ..domain.facts import Patient
from ..domain.reading import read
from ..identity.addresses import normal_email, normal_phones
from ..identity.keys import birth_keys, name_keys, person_key, phone_keys
from .identities import FROM_FACTS, Identities
from .models import PatientRow
from .scope import Scope
from .types import new_id
from .vault import normal_id

#: The form of the keys by which clients are found. Count it up where keys become others:
#: ``fill_in`` then makes those of all clients anew.
FORM = 2
#: More names and addresses of one client than that are no one person's.
MOST_ALIASES = 50


@dataclass(frozen=True, slots=True)
class Contact:
    """How a client is reached. The platform's own id stands among their identities alone."""

    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """How a client gave themselves in a booking. ``settled``: staff said that it is them."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    booking: str | None = None
    settled: bool = False

    @property
    def key(self) -> str | None:
        """Exactly this person; ``None`` where a name alone would be all that there is."""
        email, phones = normal_email(self.email), normal_phones(self.phone)
        return person_key(self.name, email, phones) if email or phones else None


@dataclass(frozen=True, slots=True)
class Known:
    """All by which a client is known."""

    names: tuple[str, ...]
    emails: frozenset[str]
    phones: frozenset[str]
    patient: Patient
    exact: frozenset[str]


class Clients:
    """The clients of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session
        self._vault = scope.vault
        self._locked: set[str] = set()

    @cached_property
    def identities(self) -> Identities:
        """By what they are found."""
        return Identities(self._scope)

    def create(self, facts: dict[str, Any], contact: Contact) -> PatientRow:
        """A new client; ``facts`` is the contract's ``patient``, already read once."""
        row = PatientRow(
            id=new_id("pat"),
            clinic=self._scope.clinic,
            facts_sealed=self._seal("facts", facts),
            contact_sealed=self._seal("contact", _set(asdict(contact))),
            found_by=FORM,
            doubtful=False,
            created_at=self._scope.now,
            updated_at=self._scope.now,
        )
        self._session.add(row)
        self._session.flush()
        self._locked.add(row.id)  # nobody else can know it yet
        self.index(row, new=True)
        return row

    def get(self, patient_id: str, *, lock: bool = False) -> PatientRow | None:
        """``lock`` keeps every other decision on this client waiting until the commit."""
        lock = lock and not self._scope.alone and patient_id not in self._locked
        row = self._session.get(PatientRow, patient_id, with_for_update=lock or None)
        if lock:
            self._locked.add(patient_id)
        return row if row is not None and row.clinic == self._scope.clinic else None

    def on_file(self, patient_ids: Iterable[str]) -> list[PatientRow]:
        """Those of these clients who are on file."""
        return list(self._session.scalars(self._several(patient_ids)))

    def several(self, patient_ids: Iterable[str]) -> list[PatientRow]:
        """Those of these clients who stand for themselves."""
        wanted = sorted(patient_ids)
        if not wanted:
            return []
        query = self._several(wanted).where(PatientRow.merged_into.is_(None))
        return list(self._session.scalars(query))

    def _several(self, patient_ids: Iterable[str]) -> Select[PatientRow]:
        query = select(PatientRow).where(PatientRow.id.in_(list(patient_ids)))
        return query.where(PatientRow.clinic == self._scope.clinic).order_by(PatientRow.id)

    def one_person(self, patient_id: str) -> list[str]:
        """The client with all who were merged into them, who are the same person."""
        found, news = [patient_id], [patient_id]
        while news:
            query = select(PatientRow.id).where(
                PatientRow.clinic == self._scope.clinic, PatientRow.merged_into.in_(news)
            )
            news = [one for one in self._session.scalars(query) if one not in found]
            found += news
        return found

    def who_is(self, patient_id: str) -> PatientRow | None:
        """The client on file who that is, whoever they were merged into."""
        row = self.get(patient_id)
        while row is not None and row.merged_into is not None:
            row = self.get(row.merged_into)
        return row

    def find(self, kind: str, value: str | None) -> set[str]:
        """The clients known by an ``email``, a ``phone``, a ``member`` id or the number of a
        ``claim``, however written."""
        return self.identities.find({kind: _values(value)[kind]})[kind]

    def find_any(self, value: str) -> set[str]:
        """The clients known by any of these."""
        return set[str]().union(*self.identities.find(_values(value)).values())

    def facts(self, row: PatientRow) -> dict[str, Any]:
        return self.opened(row.facts_sealed)

    def opened(self, sealed: bytes) -> dict[str, Any]:
        """A client's facts as they are sealed."""
        data: dict[str, Any] = self._vault.open_json(sealed, self._place("facts"))
        return data

    def contact(self, row: PatientRow) -> Contact:
        return Contact(**self._vault.open_json(row.contact_sealed, self._place("contact")))

    def aliases(self, row: PatientRow) -> tuple[Alias, ...]:
        """How they gave themselves otherwise than on file, oldest first."""
        if row.known_as_sealed is None:
            return ()
        found = self._vault.open_json(row.known_as_sealed, self._place("known_as"))
        return tuple(Alias(**item) for item in found)

    def update(self, row: PatientRow, facts: dict[str, Any], contact: Contact) -> None:
        row.facts_sealed = self._seal("facts", facts)
        row.contact_sealed = self._seal("contact", _set(asdict(contact)))
        row.updated_at = self._scope.now
        self.index(row)

    def learn(self, row: PatientRow, *aliases: Alias) -> None:
        """Have the client known by these, too. What says nothing new is left out."""
        kept = list(self.aliases(row))
        for alias in aliases:
            if alias.settled or self._is_news(row, kept, alias):
                kept = [known for known in kept if replace(known, settled=alias.settled) != alias]
                kept.append(alias)
        self.put_aliases(row, kept[-MOST_ALIASES:])

    def put_aliases(self, row: PatientRow, aliases: Iterable[Alias]) -> None:
        """Have the client known by these beside what is on file, and by no others."""
        wanted = tuple(aliases)
        if wanted != self.aliases(row):
            row.known_as_sealed = self._seal("known_as", [_set(asdict(a)) for a in wanted])
            row.updated_at = self._scope.now
            self.index(row)

    def known(self, row: PatientRow) -> Known:
        """All by which the client is known, the name on file first."""
        patient, contact = read(Patient, self.facts(row)), self.contact(row)
        aliases = self.aliases(row)
        names = (patient.name, *(alias.name for alias in aliases))
        emails = (contact.email, *(alias.email for alias in aliases))
        phones = (contact.phone, *(alias.phone for alias in aliases))
        return Known(
            tuple(dict.fromkeys(name for name in names if name)),
            frozenset(found for text in emails if (found := normal_email(text))),
            frozenset(number for text in phones for number in normal_phones(text)),
            patient,
            frozenset(alias.key for alias in aliases if alias.settled and alias.key),
        )

    def index(self, row: PatientRow, *, new: bool = False) -> None:
        """Have the client found by all that they are known by; one who was merged into another is
        found no more. ``new``: they were just entered."""
        row.found_by = FORM
        if row.merged_into is not None:
            self.identities.put(row.id, dict.fromkeys(FROM_FACTS, ()))
            return
        known = self.known(row)
        born = known.patient.birth_date
        keys = {
            "email": known.emails,
            "phone": frozenset[str]().union(*map(phone_keys, known.phones)),
            "name": frozenset[str]().union(*map(name_keys, known.names)),
            "birth": frozenset[str]().union(*(birth_keys(name, born) for name in known.names)),
            "exact": known.exact,
        }
        self.identities.put(row.id, keys, new=new)

    def _is_news(self, row: PatientRow, kept: list[Alias], alias: Alias) -> bool:
        contact = self.contact(row)
        names = {self.facts(row).get("name"), *(known.name for known in kept)}
        emails = {normal_email(text) for text in (contact.email, *(known.email for known in kept))}
        texts = (contact.phone, *(known.phone for known in kept))
        phones = {number for text in texts for number in normal_phones(text)}
        return (
            (bool(alias.name) and alias.name not in names)
            or normal_email(alias.email) not in {None, *emails}
            or not phones.issuperset(normal_phones(alias.phone))
        )

    def _seal(self, column: str, value: Any) -> bytes:
        return self._vault.seal_json(value, self._place(column))

    def _place(self, column: str) -> str:
        return self._scope.place(f"patients.{column}")


def _values(value: str | None) -> dict[str, Iterable[str]]:
    """By kind, what somebody would be known by who is known by that value."""
    email, number = normal_email(value), normal_id(value)
    numbers = [number] if number else []
    reached = {"email": [email] if email else [], "phone": normal_phones(value)}
    return {**reached, "member": numbers, "claim": numbers}


def _set(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if v is not None}
