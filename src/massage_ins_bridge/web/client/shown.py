"""The client's page in words: what the template fills in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from ...desk.installation import Installation
from ...desk.own_page import OwnPage
from ...desk.page_acts import consent_text, cost_words, offer_of, seen_of
from ...desk.papers import MEGABYTE, MOST_BYTES, MOST_FILES
from ...domain.days import local_day
from ...messages.days import Language, day_in_words, time_in_words
from ...messages.page_words import heading, say
from ...messages.sentences import Said, in_language
from ...messages.terms import dollars, terms
from .cards import FORMS, CardShown, card_shown
from .telephone import dialled, questions, unbroken

#: What the page says of a visit in a state, in words that are filled in with nothing.
_LEADS: Mapping[str, str] = {
    "confirmed": "nothing_missing",
    "booked": "booked_text",
    "chosen": "chosen_text",
    "call": "call_text",
    "today": "today_text",
    "cancelled": "cancelled_text",
    "no_visit": "no_visit_text",
}
_WITH_CALENDAR = (
    "hold",
    "hold_standing",
    "waiting",
    "confirmed",
    "booked",
    "chosen",
    "call",
    "today",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What was wrong with a form: which, in what words, and what was typed."""

    act: str
    text: str
    typed: Mapping[str, str] = field(default_factory=dict)


class Shown:
    """All that the template asks for; texts are in ``language``."""

    def __init__(
        self,
        installation: Installation,
        page: OwnPage,
        language: Language,
        today: date,
        zone: str,
        problem: Problem | None = None,
    ) -> None:
        self.page, self.language, self.problem = page, language, problem
        self._settings, self._today, self._zone = installation.settings, today, zone
        self.t = partial(say, language)
        self.clinic = self._settings.clinic_facts.name or ""
        self.once = secrets.token_urlsafe(16)
        self.seen = seen_of(page)

    def day(self, day: date) -> str:
        return day_in_words(day, self.language, self._today)

    @property
    def other_language(self) -> Language:
        return "en" if self.language == "es" else "es"

    @property
    def heading(self) -> str:
        time = self.time
        return heading(self.language, self.page.state, self.page.first, time=time)

    @property
    def title(self) -> str:
        visit = self.page.visit
        said = self.t("title", day=self.day(visit.day)) if visit else self.t("your_visit")
        return self.t("problem", heading=said) if self.problem else said

    @property
    def time(self) -> str:
        visit = self.page.visit
        return time_in_words(visit.start, self.language, self._zone) if visit else ""

    @property
    def when(self) -> str:
        """ "Wednesday, December 16, 2:00 PM"."""
        visit = self.page.visit
        said = f"{self.day(visit.day)}, {self.time}" if visit else ""
        return said[:1].upper() + said[1:]

    @property
    def where(self) -> str:
        """How long, with whom, and where, as far as it is known."""
        visit, address = self.page.visit, self._settings.client_page.address
        if visit is None:
            return ""
        if visit.minutes and visit.therapist:
            said = self.t("minutes_with", minutes=visit.minutes, therapist=visit.therapist)
        elif visit.minutes:
            said = self.t("minutes", minutes=visit.minutes)
        else:
            said = self.t("with", therapist=visit.therapist) if visit.therapist else ""
        return ", ".join(part for part in (said, address) if part)

    @property
    def leads(self) -> list[str]:
        """What the page says of the visit under its time; the first stands out."""
        page = self.page
        state = page.state
        found = []
        if state in ("hold", "waiting") and page.keep_until:
            found.append(self.t("keep_until", day=self.day(page.keep_until)))
        if state == "hold":
            found.append(self.t("give_away" if page.keep_until else "before_visit"))
        elif state == "hold_standing":
            found.append(self.t("before_visit"))
        elif state == "waiting":
            found.append(self.t("waiting_plan" if page.needs.plan else "waiting_us"))
        elif state == "refused":
            found += [self.t("refused_soon")] if page.soon else []
            found.append(self.t("refused_text" if page.for_a_paper else "refused_other"))
            found += [self.t("refused_pay")] if page.may_pay else []
        elif state == "leaving" and page.gave_back_on:
            found.append(self.t("give_back_asked", day=self.day(page.gave_back_on)))
        elif state == "booked" and page.visit and page.visit.pending:
            found.append(self.t("requested_text"))
        elif state in _LEADS:
            found.append(self.t(_LEADS[state]))
        return found

    @property
    def calendar(self) -> str:
        """The words of the link to the calendar's entry; empty where there is none."""
        page = self.page
        if page.state not in _WITH_CALENDAR or page.visit is None:
            return ""
        return self.t("calendar" if page.state == "confirmed" else "calendar_hold")

    @property
    def why(self) -> list[Said]:
        return [said for text in self.page.why for said in in_language(text, self.language)]

    @property
    def doing(self) -> list[Said]:
        texts = dict.fromkeys(self.page.needs.doing)
        return [said for text in texts for said in in_language(text, self.language)]

    @property
    def cards(self) -> list[CardShown]:
        needs = self.page.needs.cards
        first = self.problem.act if self.problem else None
        wrong = (need for need in needs if FORMS.get(need.card) == first)
        opened = next(wrong, needs[0] if needs else None)
        words = (self.language, self._today, self._zone)
        return [card_shown(need, *words, is_open=need is opened) for need in needs]

    @property
    def cards_heading(self) -> str:
        """What the cards have in common."""
        if self.page.needs.missing:
            return "still_need"
        looked = any(need.state == "looking" for need in self.page.needs.cards)
        return "we_have" if looked else "to_read"

    @property
    def card_photo(self) -> str:
        """On which day a photo of the insurance card came; empty where none did."""
        days = [row.created_at for row in self.page.papers if row.kind == "card"]
        return self.t("paper_filed", day=self._on(max(days))) if days else ""

    @property
    def terms(self) -> list[str]:
        """What is agreed to without insurance; empty where nobody can agree to it here."""
        offer = offer_of(self.page)
        return terms(offer, self.language, self._today) if offer else []

    @property
    def price(self) -> str:
        offer = offer_of(self.page)
        return dollars(offer.price) if offer else ""

    @property
    def cost(self) -> tuple[str, str]:
        return cost_words(self.page, self.language)

    @property
    def consent(self) -> str:
        visit = self.page.visit
        if visit is None:
            return ""
        return consent_text(self.clinic, visit.day, self.language, self._today)

    @property
    def give_back(self) -> list[str]:
        """What giving the time back means; empty where it cannot be."""
        visit = self.page.visit
        if not self.page.may_give_back or visit is None:
            return []
        said = [self.t("give_back_text", day=self.day(visit.day), time=self.time)]
        if self.page.late:
            hours = self._settings.tasks.late_cancel_hours
            said.append(self.t("give_back_late", hours=hours))
        return said

    @property
    def others(self) -> list[tuple[str, str]]:
        """The client's other visits: id and time."""
        return [
            (booking_id, f"{self._on(start)}, {time_in_words(start, self.language, self._zone)}")
            for booking_id, start in self.page.others
        ]

    @property
    def no_paper_yet(self) -> str:
        fax = unbroken(self._settings.client_page.fax)
        return self.t("no_paper_yet", fax=fax) if fax else self.t("no_paper_yet_no_fax")

    @property
    def file_help(self) -> str:
        return self.t("file_help", most=MOST_FILES, size=MOST_BYTES // MEGABYTE)

    @property
    def phone(self) -> str:
        return unbroken(self._settings.client_page.phone)

    @property
    def dialled(self) -> str:
        """The telephone number as a telephone dials it."""
        return dialled(self.phone)

    @property
    def questions(self) -> tuple[str, str]:
        """Where to ask, before the number and after it."""
        said = questions(self._settings, self.language)
        before, _, after = said.partition(self.phone) if self.phone else (said, "", "")
        return before, after

    @property
    def only_for_you(self) -> str:
        return self.t("only_for_you", until=self.day(self.page.works_until))

    def typed(self, act: str, name: str) -> str:
        """What stood in a field of a form that could not be taken."""
        return self.problem.typed.get(name, "") if self.problem and self.problem.act == act else ""

    def _on(self, moment: Any) -> str:
        return self.day(local_day(moment, self._zone))
