"""The keyed hashes by which clients are found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Select, bindparam, delete, insert, select

from .models import IdentityRow
from .scope import Scope
from .vault import normal_id

#: By kind, the values by which somebody is found, as they are compared.
Keys = Mapping[str, Iterable[str]]
#: The kinds that are worked out from a client's sealed facts; the others are entered one by one.
FROM_FACTS = ("email", "phone", "name", "birth", "exact")
_HANDED_OVER = ("person", "member", "claim")
_KNOWN_BY = select(IdentityRow.kind, IdentityRow.patient_id).where(
    IdentityRow.clinic == bindparam("clinic"),
    IdentityRow.kind.in_(bindparam("kinds", expanding=True)),
    IdentityRow.value_hash.in_(bindparam("hashes", expanding=True)),
)
_ENTER = insert(IdentityRow.__table__)  # type: ignore[arg-type]


class Identities:
    """The index of one clinic's clients, within one transaction. It holds no value in the clear."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def find(self, keys: Keys) -> dict[str, set[str]]:
        """By kind, the clients who are known by any of the values of that kind."""
        hashes = [self._hash(kind, value) for kind, values in keys.items() for value in values]
        found: dict[str, set[str]] = {kind: set() for kind in keys}
        if hashes:
            wanted = {"clinic": self._scope.clinic, "kinds": list(keys), "hashes": hashes}
            for kind, patient_id in self._session.execute(_KNOWN_BY, wanted):
                found[kind].add(patient_id)
        return found

    def put(self, patient_id: str, keys: Keys, *, new: bool = False) -> None:
        """Have the client found by exactly these values, of the kinds that are named. ``new``: by
        none until now."""
        wanted = {(kind, self._hash(kind, v)) for kind, values in keys.items() for v in values}
        if new:
            self._enter(patient_id, wanted)
            return
        there: set[tuple[str, str]] = set()
        for row in self._session.scalars(self._of(patient_id, keys)):
            place = (row.kind, row.value_hash)
            if place in wanted:
                there.add(place)
            else:
                self._session.delete(row)
        self._enter(patient_id, wanted - there)

    def add(self, patient_id: str, kind: str, value: str) -> None:
        """Have the client found by this value, too."""
        place = (kind, self._hash(kind, value))
        rows = self._session.scalars(self._of(patient_id, [kind]))
        if place not in {(row.kind, row.value_hash) for row in rows}:
            self._enter(patient_id, [place])

    def forget(self, patient_id: str, kind: str, value: str) -> None:
        """Have the client found by this value no longer."""
        where = (IdentityRow.patient_id == patient_id, IdentityRow.kind == kind)
        hashed = IdentityRow.value_hash == self._hash(kind, value)
        self._session.execute(delete(IdentityRow).where(*where, hashed))

    def put_members(self, patient_id: str, member_ids: Iterable[str | None]) -> None:
        """Have the client found by these member ids, and by no others."""
        self.put(patient_id, {"member": {m for m in map(normal_id, member_ids) if m}})

    def put_claims(self, patient_id: str, numbers: Iterable[str | None]) -> None:
        """Have the client found by the numbers of these claims, and by no others."""
        self.put(patient_id, {"claim": {n for n in map(normal_id, numbers) if n}})

    def hand_over(self, giver: str, taker: str) -> list[int]:
        """Give one client's platform and member ids, and the numbers of their claims, to another;
        the ids of the rows."""
        held = {
            (row.kind, row.value_hash)
            for row in self._session.scalars(self._of(taker, _HANDED_OVER))
        }
        given = []
        for row in self._session.scalars(self._of(giver, _HANDED_OVER)):
            if (row.kind, row.value_hash) not in held:
                row.patient_id = taker
                given.append(row.id)
        self._session.flush()
        return given

    def give_back(self, ids: Iterable[int], owner: str) -> None:
        for row in self._session.scalars(select(IdentityRow).where(IdentityRow.id.in_(list(ids)))):
            row.patient_id = owner
        self._session.flush()

    def _enter(self, patient_id: str, places: Iterable[tuple[str, str]]) -> None:
        """All in one statement: a client has some five of them."""
        said = {"clinic": self._scope.clinic, "patient_id": patient_id}
        rows = [{**said, "kind": kind, "value_hash": hashed} for kind, hashed in sorted(places)]
        if rows:
            self._session.flush()
            self._session.execute(_ENTER, rows)

    def _of(self, patient_id: str, kinds: Iterable[str]) -> Select[IdentityRow]:
        return select(IdentityRow).where(
            IdentityRow.patient_id == patient_id, IdentityRow.kind.in_(list(kinds))
        )

    def _hash(self, kind: str, value: str) -> str:
        return self._scope.vault.fingerprint(value, f"{self._scope.clinic}:{kind}")
