"""Payers as people write them."""

from __future__ import annotations

from difflib import get_close_matches

from ..domain.payer import PayerIndex

#: How alike two names must be, of 1: two letters of ten may be others.
_ALIKE = 0.8


def payer_like(payers: PayerIndex, typed: str) -> str | None:
    """The payer that may be meant by a name which is nobody's; ``None`` where it is one's, or like
    none."""
    if not typed or payers.find(typed) is not None:
        return None
    names = {
        name.casefold(): one.name for one in payers.payers for name in (one.name, *one.aliases)
    }
    found = get_close_matches(typed.casefold(), names, 1, _ALIKE)
    return names[found[0]] if found else None
