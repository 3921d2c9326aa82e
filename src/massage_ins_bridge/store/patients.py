"""Clients: finding the one that a platform speaks of, and keeping what the clinic knows of her."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ..domain.facts import Patient
from ..domain.reading import read
from .models import IdentityRow, PatientRow
from .types import new_id
from .vault import Vault, normal_email, normal_id, normal_phone


@dataclass(frozen=True, slots=True)
class Contact:
    """How a client is reached. The platform's own id stands among her identities alone."""

    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A client as a platform gives her; ``ref`` is the platform's id, prefixed by its account."""

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


class Patients:
    """The clients of one clinic, within one transaction."""

    def __init__(self, session: Session, vault: Vault, clinic: str) -> None:
        self._session = session
        self._vault = vault
        self._clinic = clinic

    def create(self, facts: dict[str, Any], contact: Contact, now: datetime) -> PatientRow:
        """A new client; ``facts`` is the contract's ``patient``, already read once."""
        row = PatientRow(
            id=new_id("pat"),
            clinic=self._clinic,
            facts_sealed=self._seal("facts", facts),
            contact_sealed=self._seal("contact", _set(asdict(contact))),
            created_at=now,
            updated_at=now,
        )
        self._session.add(row)
        self._session.flush()
        self._index(row.id, "email", [normal_email(contact.email)])
        self._index(row.id, "phone", [normal_phone(contact.phone)])
        return row

    def get(self, patient_id: str, *, lock: bool = False) -> PatientRow | None:
        """``lock`` keeps every other decision on this client waiting until the commit."""
        query = select(PatientRow).where(
            PatientRow.id == patient_id, PatientRow.clinic == self._clinic
        )
        return self._session.scalar(query.with_for_update() if lock else query)

    def list(self, after: str = "", limit: int = 100) -> list[PatientRow]:
        query = select(PatientRow).where(PatientRow.clinic == self._clinic, PatientRow.id > after)
        return list(self._session.scalars(query.order_by(PatientRow.id).limit(limit)))

    def facts(self, row: PatientRow) -> dict[str, Any]:
        data: dict[str, Any] = self._vault.open_json(row.facts_sealed, self._place("facts"))
        return data

    def contact(self, row: PatientRow) -> Contact:
        return Contact(**self._vault.open_json(row.contact_sealed, self._place("contact")))

    def update(
        self, row: PatientRow, facts: dict[str, Any], contact: Contact, now: datetime
    ) -> None:
        row.facts_sealed = self._seal("facts", facts)
        row.contact_sealed = self._seal("contact", _set(asdict(contact)))
        row.updated_at = now
        self._reindex(row.id, "email", normal_email(contact.email))
        self._reindex(row.id, "phone", normal_phone(contact.phone))

    def index_members(self, patient_id: str, member_ids: Iterable[str | None]) -> None:
        self._index(patient_id, "member", [normal_id(m) for m in member_ids])

    def find(self, kind: str, value: str | None) -> set[str]:
        """The clients known by ``email``, ``phone``, ``member`` or ``person``."""
        normal = {"email": normal_email, "phone": normal_phone, "member": normal_id}
        text = normal[kind](value) if kind in normal else value
        if not text:
            return set()
        query = select(IdentityRow.patient_id).where(
            IdentityRow.clinic == self._clinic,
            IdentityRow.kind == kind,
            IdentityRow.value_hash == self._hash(kind, text),
        )
        return set(self._session.scalars(query))

    def match(self, person: Person, now: datetime) -> Match:
        """The client that ``person`` is: by the platform's id, else by e-mail or phone, never by
        name alone. Where two come into question, or the name contradicts, nobody is merged: a
        new client is made and ``doubt`` says why."""
        by_ref = self.find("person", person.ref)
        if len(by_ref) == 1:
            return Match(by_ref.pop(), False)
        candidates = self._candidates(person)
        doubt = ""
        if len(candidates) == 1:
            known = candidates.pop()
            relation = self._names(known, person.name)
            if relation != "contradict":
                self._index(known, "person", [person.ref])
                doubt = _OTHER_NAME if relation == "differ" else ""
                return Match(known, False, doubt)
            doubt = _STRANGER
        elif candidates:
            doubt = _TWO
        facts = {"name": person.name[:4000]} if person.name else {}
        row = self.create(facts, Contact(person.email, person.phone), now)
        self._index(row.id, "person", [person.ref])
        return Match(row.id, True, doubt)

    def _candidates(self, person: Person) -> set[str]:
        """Who has the e-mail and the phone; else who has either; of a family that shares one
        address, the member of that very name."""
        by_email = self.find("email", person.email)
        by_phone = self.find("phone", person.phone)
        if by_email and by_phone and not by_email & by_phone:
            return by_email | by_phone
        found = (by_email & by_phone) or by_email or by_phone
        if len(found) > 1:
            named = {p for p in found if person.name and self._names(p, person.name) == "agree"}
            return named if len(named) == 1 else found
        return found

    def _names(self, patient_id: str, name: str | None) -> str:
        row = self._session.get_one(PatientRow, patient_id)
        known, given = _words(read(Patient, self.facts(row)).name), _words(name)
        if not known or not given or known == given:
            return "agree"
        return "differ" if known & given else "contradict"

    def _index(self, patient_id: str, kind: str, values: Iterable[str | None]) -> None:
        for value in {v for v in values if v}:
            hashed = self._hash(kind, value)
            known = select(IdentityRow.id).where(
                IdentityRow.patient_id == patient_id,
                IdentityRow.kind == kind,
                IdentityRow.value_hash == hashed,
            )
            if self._session.scalar(known) is None:
                self._session.add(
                    IdentityRow(
                        clinic=self._clinic, kind=kind, value_hash=hashed, patient_id=patient_id
                    )
                )
        self._session.flush()

    def _reindex(self, patient_id: str, kind: str, value: str | None) -> None:
        self._session.execute(
            delete(IdentityRow).where(
                IdentityRow.patient_id == patient_id, IdentityRow.kind == kind
            )
        )
        self._index(patient_id, kind, [value])

    def _hash(self, kind: str, value: str) -> str:
        return self._vault.fingerprint(value, f"{self._clinic}:{kind}")

    def _seal(self, column: str, value: Any) -> bytes:
        return self._vault.seal_json(value, self._place(column))

    def _place(self, column: str) -> str:
        return f"patients.{column}:{self._clinic}"


_TWO = (
    "The e-mail address belongs to one client and the phone number to another. The booking was "
    "filed under a new client; decide whose it is."
)
_STRANGER = (
    "Another client uses the same e-mail address or phone number under a different name. The "
    "booking was filed under a new client; decide whether they are one person."
)
_OTHER_NAME = (
    "The booking was made under a somewhat different name than the one on file; look whether it "
    "is the same person."
)


def _words(name: str | None) -> frozenset[str]:
    return frozenset((name or "").casefold().replace(",", " ").replace(".", " ").split())


def _set(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if v is not None}
