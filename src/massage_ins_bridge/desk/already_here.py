"""Who is on file already and may be the client whom somebody is about to add by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..identity.matching import Compared
from ..identity.person_names import Likeness
from ..store.people import Given
from ..store.record import Record
from .errors import NotFoundError
from .own import own_client
from .roles import Person
from .say import NO_NAME

#: More are not worth a look: then a name says little.
_MOST = 5


@dataclass(frozen=True, slots=True)
class Alike:
    """A client on file; ``same``: what they have in common with the one who is typed."""

    id: str
    name: str
    same: str


def already_here(record: Record, person: Person, data: Mapping[str, Any]) -> tuple[Alike, ...]:
    """Those on file who may be the client of ``data``, the likeliest first; of a therapist's own
    clients alone."""
    born = data.get("birth_date")
    given = Given(
        data.get("name"),
        data.get("email"),
        data.get("phone"),
        birth_date=date.fromisoformat(born) if born else None,
    )
    found = (_alike(record, person, one) for one in record.people.alike(given))
    return tuple(one for one in found if one is not None)[:_MOST]


def _alike(record: Record, person: Person, one: Compared) -> Alike | None:
    try:
        row = own_client(record, person, one.client.id)
    except NotFoundError:
        return None
    name = str(record.clients.facts(row).get("name") or NO_NAME)
    points = {
        "the same name": one.likeness >= Likeness.FULLER,
        "a name like it": Likeness.CLOSE <= one.likeness < Likeness.FULLER,
        "the same phone": one.phone,
        "the same email": one.email,
        "the same birthday": one.born,
    }
    return Alike(row.id, name, " and ".join(words for words, so in points.items() if so))
