"""One booking as the demonstration shows it, in the words of the overview."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from textwrap import shorten
from typing import Any

from .story import ZONE

#: Longer reasons are cut, sooner beside what staff said; the desk's pages have them whole.
MOST_WORDS, FEWER_WORDS = 120, 60
_ROUTES = {
    "claim": "All requirements are met; the clinic sends the claim.",
    "superbill": "All requirements are met; the client pays at the visit and gets a superbill.",
    "self-pay": "The client pays for the visit.",
}
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")


@dataclass(slots=True)
class Row:
    """One booking as it stands. ``moved`` orders the rows by their last change; ``since`` is the
    day of the last step; ``refused_at``: when a refusal that waits is carried out."""

    client: str
    visit: int
    step: str
    since: int
    payer: str = ""
    outcome: str = ""
    platform: str = ""
    why: str = ""
    refused_at: str = ""
    moved: int = 0

    def shown(self) -> tuple[str, ...]:
        return (self.payer, self.outcome, self.platform, self.because, self.step)

    @property
    def because(self) -> str:
        """Why it stands so; of a refusal that waits, until when it can be stopped."""
        waits = f"To be refused on {self.refused_at} unless stopped. " if self.refused_at else ""
        return waits + self.why

    def fill(self, shown: Mapping[str, Any], refused_at: datetime | None) -> None:
        """Take over what the bridge says of it (``/v1/overview``); it explains, and proves
        nothing."""
        if not shown or shown["outcome"] == "none":
            return
        self.payer, self.outcome = shown["payer"], shown["outcome"]
        self.refused_at = _time(refused_at) if refused_at is not None else ""
        self.why = self._why(shown)

    def _why(self, shown: Mapping[str, Any]) -> str:
        if self.platform == "cancelled" and self.outcome == "allow":
            return "It stands no longer: another took its place."
        rules = _DATE.sub(_day, shown["reasons"][0]["message"]) if shown["reasons"] else ""
        if shown["staff"]:
            few = shorten(rules, FEWER_WORDS, placeholder=" …")
            return f"{shown['staff'].rstrip('.')}. The rules alone say: {few}"
        if rules:
            return shorten(rules, MOST_WORDS, placeholder=" …")
        return _ROUTES.get(shown["route"], "All requirements are met.")


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%a at %I:%M %p}".replace(" 0", " ")


def _day(found: re.Match[str]) -> str:
    """A date as people write it."""
    day = date.fromisoformat(found[0])
    return f"{day:%a %b} {day.day}"
