"""What staff say of a paper that came in: as an act, with its way back."""

from __future__ import annotations

from typing import Any

from ..store.acts import About
from ..store.documents import DocumentKind
from ..store.record import Record
from .acts import Done
from .installation import Installation
from .paper_states import as_it_is, change_document
from .papers import State, document_row, owner_of

#: What is told of a paper's new state.
_SAID: dict[State, str] = {
    "filed": "The paper is filed.",
    "unusable": "The paper cannot be read. The client's page asks for it again.",
    "new": "The paper is to be looked at.",
}
_KINDS: dict[DocumentKind, str] = {
    "prescription": "a prescription",
    "card": "an insurance card",
    "intake": "an intake form",
    "consent": "a guardian's consent",
    "other": "something else",
}


def put_away(
    installation: Installation, record: Record, document_id: str, data: dict[str, Any]
) -> Done | None:
    """Say what became of a paper, or what it is; ``None`` where it says that already. Raises what
    ``change_document`` does."""
    row = document_row(record, document_id)
    before = as_it_is(row)
    change_document(installation, record, document_id, data)
    after = as_it_is(row)
    if after == before:
        return None
    said = _SAID[after["state"]]
    if after["kind"] != before["kind"]:
        said = f"The paper is {_KINDS[after['kind']]}."
    needs = {"document": document_id, "before": before, "after": after}
    return Done(f"paper-{after['state']}", said, About(owner_of(record, row)), "paper", needs)
