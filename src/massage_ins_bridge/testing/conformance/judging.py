"""What becomes of bookings with a payer's plugin: unknown never frees, later never loosens,
unconfirmed never blocks, and what is said is fit to be read."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from ...domain.answers import Decision, Requirement
from ...domain.reading import UnusableInputError
from ..requests import Json, chart_of
from .answering import Asking
from .found import Violation
from .texts import Text, faults

RANK = {"none": 0, "warn": 1, "hold": 2, "block": 3}
OUTCOMES = {"allow": 0, "hold": 1, "block": 2}
LATER = (timedelta(days=1), timedelta(days=5), timedelta(days=40))
#: How many bookings are looked at from every side, for each plugin.
MOST = 10
#: What a missing field means by the contract's own words, so that to take it away may free; and the
#: papers, for which the shared rules hold by themselves.
MEANS = re.compile(
    r"""as_of|booking\.(start|end|payer|self_pay|prescription|injury|place|service|episode)
    |clinic(\.(timezone|adult_age|prior_approval|late_authorization|prescription_lead_days))?
    |clinic\.(fees|practitioners)(\..*)?|clinic\.network(\..*)?\.(from|to)
    |patient\.(identity|birth_date)|coverages\.(from|to|position)
    |prescriptions(\.staff_confirmed)?
    |(visits|upcoming)\.payer|coverages\.claim\.(benefit(\..*)?|closed_on)
    |authorizations\.(from|to|requested_on|number|codes|diagnoses|used|used_on|decided_on)
    """,
    re.VERBOSE,
)
Steps = tuple[str | int, ...]
BAD_NEWS = ("denied", "void")


@dataclass
class Judge:
    """Judges decisions of the host over one plugin."""

    asking: Asking
    most: int = MOST

    def decide(self, made: Json) -> Decision | None:
        """The decision; nothing where the request cannot be."""
        host = self.asking.host
        try:
            return host.decide(chart_of(made, host))
        except UnusableInputError:
            return None

    def violations(self, requests: list[tuple[str, Json]]) -> Iterator[Violation]:
        """All of them."""
        said: set[str] = set()
        yield from self._of_answers(requests, said)
        costly: list[tuple[str, Json, Decision]] = []
        for words, made in requests:
            decision = self.decide(made)
            if decision is None or self._failed(decision):
                continue
            yield from self._texts(decision, made, said)
            if self._alone(decision):
                costly.append((words, made, decision))
        found: dict[tuple[str, str], Violation] = {}
        for words, made, decision in _spread(costly, self.most):
            yields = (self._freed(words, made, decision), self._loosened(words, made, decision))
            for violation in chain(*yields, self._blocks(words, made, decision)):
                found.setdefault(
                    (violation.asked, violation.said.partition(" Seen:")[0]), violation
                )
        yield from found.values()

    def _failed(self, decision: Decision) -> bool:
        return any(item.key == "plugin.failed" for item in decision.requirements)

    def _own(self, decision: Decision) -> list[Requirement]:
        return [item for item in decision.requirements if item.plugin == self.asking.name]

    def _lets(self, decision: Decision) -> bool:
        """Whether the plugin asks nothing more of the booking."""
        return all(RANK[item.effect] < RANK["hold"] for item in self._own(decision))

    def _alone(self, decision: Decision) -> bool:
        """Whether it is this plugin alone that holds or blocks."""
        costly = [item for item in decision.requirements if RANK[item.effect] > 1]
        return bool(costly) and all(item.plugin == self.asking.name for item in costly)

    def _freed(self, words: str, made: Json, first: Decision) -> Iterator[Violation]:
        bad = any(item.get("status") in BAD_NEWS for item in made.get("authorizations") or ())
        for path in _paths(made):
            plain = ".".join(part for part in path if isinstance(part, str))
            if MEANS.fullmatch(plain) or (bad and plain.startswith("authorizations")):
                continue
            without = _without(made, path)
            decision = self.decide(without)
            if decision is not None and decision.payer == first.payer and self._lets(decision):
                yield self._about(first, "unknown-frees", f"{plain} is missing", words)

    def _loosened(self, words: str, made: Json, first: Decision) -> Iterator[Violation]:
        for by in LATER:
            later = self.decide(_later(made, by))
            if later is None or OUTCOMES[later.outcome] >= OUTCOMES[first.outcome]:
                continue
            said = f"{by.days} days later {first.outcome} has become {later.outcome}"
            yield self._about(first, "later-loosens", said, words)

    def _blocks(self, words: str, made: Json, first: Decision) -> Iterator[Violation]:
        if first.outcome != "block":
            return
        unsure = copy.deepcopy(made)
        for item in (*(unsure.get("coverages") or ()), *(unsure.get("prescriptions") or ())):
            item["staff_confirmed"] = None
        decision = self.decide(unsure)
        if decision is not None and any(item.effect == "block" for item in self._own(decision)):
            yield self._about(decision, "unconfirmed-blocks", "it blocks on a client's word", words)

    def _about(self, decision: Decision, asked: str, said: str, words: str) -> Violation:
        """The violation, where the plugin's costliest requirement is asked for."""
        own = sorted(self._own(decision), key=lambda item: -RANK[item.effect])
        rule, key = (own[0].rule, own[0].key) if own else ("", "")
        file, line = self.asking.code.line_of(rule)
        about = f"{key}: " if key else ""
        return Violation(file, line, asked, f"{about}{said}. Seen: {words}.")

    def _texts(self, decision: Decision, made: Json, known: set[str]) -> Iterator[Violation]:
        """Each text once."""
        for text, rule in self._of_decision(decision, _day(made)):
            yield from self._read(text, rule, known)

    def _of_answers(self, requests: list[tuple[str, Json]], known: set[str]) -> Iterator[Violation]:
        """The texts of work that is owed, and of what was found on papers."""
        for (_, number), answer in self.asking.said.items():
            today = _day(requests[number][1])
            work = answer if isinstance(answer, (tuple, list)) else getattr(answer, "actions", ())
            for item in work:
                yield from self._read(Text(item.message, "staff, work", today), item.rule, known)
            for found in getattr(answer, "findings", ()):
                texts = (found.message, "staff, why"), (found.remedy, "staff, cure")
                for said, whom in texts:
                    yield from self._read(Text(said, whom, today), found.rule, known)

    def _read(self, text: Text, rule: str, known: set[str]) -> Iterator[Violation]:
        if text.text in known:
            return
        known.add(text.text)
        file, line = self.asking.code.line_saying(text.text, rule)
        for fault in faults(text):
            asked = "paying" if "pay" in fault else "texts"
            yield Violation(file, line, asked, f"{fault}: {text.whom}: {text.text!r}.")

    def _of_decision(self, decision: Decision, today: date) -> Iterator[tuple[Text, str]]:
        for item in self._own(decision):
            stands = (item.effect, item.source.sure, decision.outcome, decision.self_pay_terms)
            texts = (item.message, "staff, why"), (item.remedy, "staff, cure")
            for said, whom in (*texts, (item.patient_message, "client")):
                yield Text(said, whom, today, *stands, item.due), item.rule
        for waiver in decision.waivers:
            if waiver.plugin == self.asking.name:
                effect = "none" if waiver.strength == "firm" else "hold"
                text = Text(waiver.reason, "staff, why", today, effect, waiver.source.sure)
                yield text, waiver.rule


def _day(made: Json) -> date:
    return datetime.fromisoformat(made["as_of"]).date()


def _spread(found: list[Any], most: int) -> list[Any]:
    """As many as there is time for, of the whole list."""
    step = max(1, len(found) // most)
    return found[::step][:most]


def _later(made: Json, by: timedelta) -> Json:
    """The same, seen later; what was said without a day was said on the first."""
    later = copy.deepcopy(made)
    day = made["as_of"][:10]
    for item in later.get("coverages") or ():
        if item.get("visits_used") is not None:
            item.setdefault("visits_used_on", day)
    moment = datetime.fromisoformat(made["as_of"]) + by
    return {**later, "as_of": moment.isoformat()}


def _paths(value: Any, here: Steps = ()) -> Iterator[Steps]:
    """The paths of all fields; of a list its first and its last item stand for all."""
    if isinstance(value, dict):
        items = list(value.items())
    else:
        items = [(n, item) for n, item in enumerate(value) if n in (0, len(value) - 1)]
    for key, item in items:
        if isinstance(key, str):
            yield (*here, key)
        if isinstance(item, (dict, list)):
            yield from _paths(item, (*here, key))


def _without(made: Json, path: Steps) -> Json:
    """A copy that says nothing at the path."""
    copied = copy.deepcopy(made)
    target: Any = copied
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = None
    return copied
