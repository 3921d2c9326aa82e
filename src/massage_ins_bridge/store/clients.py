"""Clients: finding the one that a platform speaks of, and keeping what the clinic knows of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import bindparam, delete, select

from ..domain.facts import Patient
from ..domain.reading import read
from .models import IdentityRow, PatientRow
from .person_names import compare
from .scope import Scope
from .types import new_id
from .vault import normal_email, normal_id, normal_phone


@dataclass(frozen=True, slots=True)
class Contact:
    """How a client is reached. The platform's own id stands among their identities alone."""

    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A client as a platform gives them; ``ref`` is the platform's id, prefixed by its account."""

    ref: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a person was taken for. ``doubt`` tells staff what to look at, where there is any."""

    patient_id: str
    created: bool
    doubt: str = ""


class Clients:
    """The clients of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session
        self._vault = scope.vault
        self._clinic = scope.clinic
        self._locked: set[str] = set()

    def create(self, facts: dict[str, Any], contact: Contact) -> PatientRow:
        """A new client; ``facts`` is the contract's ``patient``, already read once."""
        row = PatientRow(
            id=new_id("pat"),
            clinic=self._clinic,
            facts_sealed=self._seal("facts", facts),
            contact_sealed=self._seal("contact", _set(asdict(contact))),
            created_at=self._scope.now,
            updated_at=self._scope.now,
        )
        self._session.add(row)
        self._session.flush()
        self._locked.add(row.id)  # nobody else can know it yet
        self._enter(row.id, "email", normal_email(contact.email))
        self._enter(row.id, "phone", normal_phone(contact.phone))
        return row

    def get(self, patient_id: str, *, lock: bool = False) -> PatientRow | None:
        """``lock`` keeps every other decision on this client waiting until the commit."""
        lock = lock and not self._scope.alone and patient_id not in self._locked
        row = self._session.get(PatientRow, patient_id, with_for_update=lock or None)
        if lock:
            self._locked.add(patient_id)
        return row if row is not None and row.clinic == self._clinic else None

    def list(self, after: str = "", limit: int = 100) -> list[PatientRow]:
        query = select(PatientRow).where(PatientRow.clinic == self._clinic, PatientRow.id > after)
        return list(self._session.scalars(query.order_by(PatientRow.id).limit(limit)))

    def facts(self, row: PatientRow) -> dict[str, Any]:
        return self.opened(row.facts_sealed)

    def opened(self, sealed: bytes) -> dict[str, Any]:
        """A client's facts as they are sealed."""
        data: dict[str, Any] = self._vault.open_json(sealed, self._place("facts"))
        return data

    def contact(self, row: PatientRow) -> Contact:
        return Contact(**self._vault.open_json(row.contact_sealed, self._place("contact")))

    def update(self, row: PatientRow, facts: dict[str, Any], contact: Contact) -> None:
        row.facts_sealed = self._seal("facts", facts)
        row.contact_sealed = self._seal("contact", _set(asdict(contact)))
        row.updated_at = self._scope.now
        self._reindex(row.id, "email", normal_email(contact.email))
        self._reindex(row.id, "phone", normal_phone(contact.phone))

    def index_members(self, patient_id: str, member_ids: Iterable[str | None]) -> None:
        """Have the client found by these member ids, too."""
        self._index(patient_id, "member", [normal_id(m) for m in member_ids])

    def reindex_members(self, patient_id: str, member_ids: Iterable[str | None]) -> None:
        """Have the client found by these member ids, and by no others."""
        self._forget(patient_id, "member")
        self.index_members(patient_id, member_ids)

    def find(self, kind: str, value: str | None) -> set[str]:
        """The clients known by ``email``, ``phone``, ``member`` or ``person``."""
        normal = {"email": normal_email, "phone": normal_phone, "member": normal_id}
        text = normal[kind](value) if kind in normal else value
        if not text:
            return set()
        wanted = {"clinic": self._clinic, "kind": kind, "value_hash": self._hash(kind, text)}
        return set(self._session.scalars(_KNOWN_BY, wanted))

    def match(self, person: Person) -> Match:
        """The client that ``person`` is: by the platform's id, else by e-mail or phone, never by
        name alone, and never against the name: families share all of these. Where it is not
        clear who it is, nobody is merged: a new client is made and ``doubt`` says why."""
        linked = self.find("person", person.ref)
        by_email = self.find("email", person.email)
        by_phone = self.find("phone", person.phone)
        patient_id, doubt = self._known(person, linked, by_email, by_phone)
        created = patient_id is None
        if patient_id is None:
            facts = {"name": person.name[:4000]} if person.name else {}
            patient_id = self.create(facts, Contact(person.email, person.phone)).id
        if patient_id not in linked:
            self._enter(patient_id, "person", person.ref)
        return Match(patient_id, created, doubt)

    def _known(
        self, person: Person, linked: set[str], by_email: set[str], by_phone: set[str]
    ) -> tuple[str | None, str]:
        found, doubt = self._pick(person, linked, trusted=True)
        if found or doubt == _SEVERAL:
            return found, doubt
        if by_email and by_phone and not by_email & by_phone:
            return None, _TWO
        for tier in (by_email & by_phone, by_email | by_phone):
            found, doubt = self._pick(person, tier)
            if found or doubt:
                return found, doubt
        shared = {"account on the platform": linked, "e-mail address": by_email}
        same = [what for what, who in {**shared, "phone number": by_phone}.items() if who]
        return None, _STRANGER.format(" and the same ".join(same)) if same else ""

    def _pick(
        self, person: Person, found: set[str], *, trusted: bool = False
    ) -> tuple[str | None, str]:
        """The one of ``found`` whose name fits, with what staff is to look at. ``trusted``: the
        platform itself says that it is one of them."""
        known = {p: read(Patient, self.facts(self._row(p))) for p in found}
        likeness = {p: compare(patient.name, person.name) for p, patient in known.items()}
        same = [p for p in found if likeness[p] == "same"]
        if (
            len({known[p].birth_date for p in same} - {None}) > 1
        ):  # namesakes, such as son and father
            same = [p for p in same if known[p].birth_date is None]
            return (self._oldest(same), _NAMESAKES) if same else (None, _SEVERAL)
        if same:
            return self._oldest(same), _TWINS if len(same) > 1 else ""
        close = [
            p
            for p in found
            if likeness[p] == "similar"
            or (likeness[p] == "changed" and (trusted or self._reached_alike(p, person)))
        ]
        if len(close) > 1:
            return None, _SEVERAL
        if not close:
            return None, ""
        named = bool(person.name and known[close[0]].name)
        return close[0], _OTHER_NAME if named else "" if trusted else _NO_NAME

    def _reached_alike(self, patient_id: str, person: Person) -> bool:
        """The same e-mail and no other phone: a phone alone is a household's."""
        contact = self.contact(self._row(patient_id))
        phones = {normal_phone(contact.phone), normal_phone(person.phone)} - {None}
        email = normal_email(person.email)
        return email is not None and email == normal_email(contact.email) and len(phones) < 2

    def _oldest(self, patient_ids: Iterable[str]) -> str:
        return min(patient_ids, key=lambda p: (self._row(p).created_at, p))

    def _row(self, patient_id: str) -> PatientRow:
        return self._session.get_one(PatientRow, patient_id)

    def _index(self, patient_id: str, kind: str, values: Iterable[str | None]) -> None:
        for value in {v for v in values if v}:
            if patient_id not in self.find(kind, value):
                self._enter(patient_id, kind, value)

    def _enter(self, patient_id: str, kind: str, value: str | None) -> None:
        """Have the client found by what they are not known by yet; ``value`` as it is compared."""
        if value:
            self._session.add(
                IdentityRow(
                    clinic=self._clinic,
                    kind=kind,
                    value_hash=self._hash(kind, value),
                    patient_id=patient_id,
                )
            )

    def _reindex(self, patient_id: str, kind: str, value: str | None) -> None:
        self._forget(patient_id, kind)
        self._index(patient_id, kind, [value])

    def _forget(self, patient_id: str, kind: str) -> None:
        self._session.execute(
            delete(IdentityRow).where(
                IdentityRow.patient_id == patient_id, IdentityRow.kind == kind
            )
        )

    def _hash(self, kind: str, value: str) -> str:
        return self._vault.fingerprint(value, f"{self._clinic}:{kind}")

    def _seal(self, column: str, value: Any) -> bytes:
        return self._vault.seal_json(value, self._place(column))

    def _place(self, column: str) -> str:
        return f"patients.{column}:{self._clinic}"


_KNOWN_BY = select(IdentityRow.patient_id).where(
    IdentityRow.clinic == bindparam("clinic"),
    IdentityRow.kind == bindparam("kind"),
    IdentityRow.value_hash == bindparam("value_hash"),
)
_TWO = (
    "The e-mail address belongs to one client and the phone number to another. The booking was "
    "filed under a new client; decide whose it is."
)
_STRANGER = (
    "Two clients share the same {}, and their names do not show that they are one person. The "
    "booking was filed under a new client; decide whether they are one."
)
_SEVERAL = (
    "Several clients on file could have made this booking. It was filed under a new client; "
    "decide whose it is."
)
_TWINS = (
    "Two clients on file look like the same person. The booking was filed under the older one; "
    "decide which to keep, and take e-mail and phone out of the other."
)
_NAMESAKES = (
    "Several clients on file have this name and different birth dates. The booking was filed "
    "under the one without a birth date; decide whose it is."
)
_OTHER_NAME = (
    "The booking was made under a somewhat different name than the one on file; look whether it "
    "is the same person."
)
_NO_NAME = (
    "The booking or the client on file has no name, so they were matched by the e-mail address "
    "alone; look whether it is the same person, and add the name."
)


def _set(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if v is not None}
