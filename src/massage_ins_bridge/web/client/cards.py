"""The cards of a client's page: what is still needed, and what is there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ...desk.page_needs import Card, Need
from ...domain.days import local_day
from ...messages.days import Language, day_in_words
from ...messages.page_words import say
from ...messages.sentences import Said, in_language

#: By card, its form.
FORMS: Mapping[Card, str] = {
    "prescription": "prescription",
    "insurance": "insurer",
    "claim": "insurer",
    "intake": "intake",
    "consent": "consent",
    "referral": "other",
    "cost": "cost",
}

#: What is said of something that is there, while the day on which it is looked at is to come, and
#: after it.
_THERE: Mapping[str, tuple[str, str]] = {
    "paper": ("paper_there", "paper_waits"),
    "consent": ("consent_there", "consent_waits"),
    "intake": ("intake_there", "intake_waits"),
}


@dataclass(frozen=True, slots=True)
class CardShown:
    """One card. ``form``: which form it has; ``here``: the paper is on file, and does not do yet;
    ``open``: whether it is open at first."""

    id: str
    title: str
    tag: str
    ok: bool
    here: bool
    texts: tuple[Said, ...]
    form: str
    note: str
    open: bool


def card_shown(
    need: Need, language: Language, today: date, zone: str, *, is_open: bool
) -> CardShown:
    """A card in words."""
    looking = need.state == "looking"
    return CardShown(
        id=need.card.replace("_", "-"),
        title=say(language, need.card),
        tag=say(language, need.state),
        ok=looking,
        here=need.state == "partly",
        texts=() if looking or need.card == "cost" else _once(need.texts, language),
        form=FORMS.get(need.card, ""),
        note=_note(need, language, today, zone),
        open=is_open,
    )


def _once(texts: Sequence[str], language: Language) -> tuple[Said, ...]:
    """What the rules say, each sentence once; what is asked for comes last."""
    said = dict.fromkeys(one for text in texts for one in in_language(text, "en"))
    told = [one.text for one in said if not one.text.startswith("Please ")]
    asked = [one.text for one in said if one.text.startswith("Please ")]
    return tuple(one for text in (*told, *asked) for one in in_language(text, language))


def _note(need: Need, language: Language, today: date, zone: str) -> str:
    """What is said of something that is there, and since when."""
    if need.state == "partly":
        return say(language, "paper_almost") if need.almost else ""
    if need.since is None or need.by is None:
        return ""
    words = {
        "day": day_in_words(local_day(need.since, zone), language, today),
        "by": day_in_words(need.by, language, today),
        "name": need.said.get("name", ""),
    }
    if need.state == "again":
        return say(language, "paper_again", **words)
    on_time, late = _THERE["paper"]
    if (need.card == "consent" and need.said.get("name")) or (
        need.card == "intake" and "language" in need.said
    ):
        on_time, late = _THERE[need.card]
    return say(language, on_time if need.by >= today else late, **words)
