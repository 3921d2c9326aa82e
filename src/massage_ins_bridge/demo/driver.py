"""Playing the stories, day by day, on the simulated platform and through the bridge's API."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from textwrap import shorten
from typing import Any

from .board import Board, Row
from .story import Book, Complete, Correct, Learn, Move, Step, Story, moment
from .talk import Desk, Platform
from .verdict import Ledger, Verdict, judge

#: How long to wait for a booking that does not reach the state that it should, in seconds.
PATIENCE = 15.0
#: How long to watch on a day on which nothing should happen, in seconds.
QUIET = 0.3
#: Longer reasons are cut; the staff page has them whole.
MOST_WORDS = 120
DEADLINE = "nothing came; the deadline has passed"
_ROUTES = {
    "claim": "All requirements are met; the clinic sends the claim.",
    "superbill": "All requirements are met; the client pays at the visit and gets a superbill.",
    "self-pay": "The client pays for the visit.",
}


class Driver:
    """``pause`` seconds lie between two steps; 0 plays a whole day at once."""

    def __init__(
        self,
        stories: Sequence[Story],
        desk: Desk,
        platform: Platform,
        board: Board,
        check: Callable[[], None],
        *,
        pause: float = 0.0,
    ) -> None:
        self._stories = stories
        self._desk, self._platform, self._board = desk, platform, board
        self._check, self._pause = check, pause
        self._patients: dict[str, str] = {}
        self._refs: dict[tuple[str, str], str] = {}
        self._rows: dict[str, Row] = {}
        self._ledger = Ledger()
        self._today = 0
        self._looked = 0.0
        self._lost: set[str] = set()

    def play(self) -> list[Verdict]:
        """Play all the days; how each story ended."""
        days = {s.on for story in self._stories for s in story.steps}
        days |= {s.on for st in self._stories for e in st.ends.values() for s in e.history}
        for number in range(max(days) + 1):
            self._begin(number)
            for story in self._stories:
                for step in story.steps:
                    if step.on == number:
                        self._take(story, step)
            self._settle()
        self._watch(QUIET)
        return judge(self._stories, self._refs, self._ledger, self._platform.reasons())

    def _begin(self, number: int) -> None:
        """The next morning; whatever the deadlines bring happens before anyone does anything."""
        self._watch(0.0)
        self._today = number
        self._desk.set_clock(moment(number).isoformat())
        self._board.new_day(number, self._rows)
        if number:
            self._watch(QUIET)
            if self._pause:
                self._settle(morning=True)
                self._watch(self._pause)

    def _take(self, story: Story, step: Step) -> None:
        match step:
            case Book():
                self._book(story, step)
            case Move():
                ref = self._refs[story.title, step.booking]
                self._say(step, ref)
                start = moment(step.visit, step.hour).isoformat()
                self._open(story, step.to, self._platform.move(ref, start), step)
            case Learn():
                self._say(step, *self._all(story))
                self._desk.learn(self._patient(story), step.segment, step.fact)
            case Correct():
                self._say(step, *self._all(story))
                self._desk.correct(self._patient(story), step.segment, step.change)
            case Complete():
                ref = self._refs[story.title, step.booking]
                self._say(step, ref)
                self._desk.complete(ref)
        if self._pause:
            self._settle(only=story)
            self._watch(self._pause)

    def _say(self, step: Step, *refs: str) -> None:
        for ref in refs:
            self._rows[ref].step, self._rows[ref].since = step.words, step.on

    def _all(self, story: Story) -> list[str]:
        return [ref for (title, _), ref in self._refs.items() if title == story.title]

    def _book(self, story: Story, step: Book) -> None:
        client = story.client
        self._patient(story)
        body = {
            "event_type": step.service,
            "start": moment(step.visit, step.hour).isoformat(),
            "name": client.name,
            "email": client.email,
            "phone": client.phone,
            "answers": dict(step.answers),
        }
        self._open(story, step.booking, self._platform.book(body), step)

    def _open(self, story: Story, name: str, ref: str, step: Book | Move) -> None:
        self._refs[story.title, name] = ref
        self._rows[ref] = Row(story.client.name, step.visit, step.words, step.on)

    def _patient(self, story: Story) -> str:
        """The client's id; they are filed, with all their facts, when they first appear."""
        client = story.client
        if story.title not in self._patients:
            patient = self._desk.file(client.name, client.email, client.phone)
            self._patients[story.title] = patient
            for segment, facts in client.facts.items():
                for fact in facts:
                    self._desk.learn(patient, segment, fact)
        return self._patients[story.title]

    def _settle(self, *, only: Story | None = None, morning: bool = False) -> None:
        """Wait until the platform has every booking as it should stand today. One that does not
        come to stand so is not waited for again; the verdict will tell of it."""
        deadline = time.monotonic() + PATIENCE
        while waiting := self._waiting(only, morning=morning):
            if time.monotonic() > deadline:
                self._lost |= waiting
                break
            self._look()
            time.sleep(0.04)
        self._looked = 0.0
        self._look()
        self._board.settled(self._rows)

    def _waiting(self, only: Story | None, *, morning: bool) -> set[str]:
        waiting = set()
        for story in self._stories:
            acts_later = morning and any(s.on == self._today for s in story.steps)
            if acts_later or (only is not None and story is not only):
                continue
            for name, end in story.ends.items():
                ref = self._refs.get((story.title, name))
                if ref is None or ref in self._lost:
                    continue
                wanted, found = end.on(self._today), self._ledger.now(ref)
                same = found and wanted and found.status == wanted.status
                if not same or not self._rows[ref].outcome:
                    waiting.add(ref)
        return waiting

    def _watch(self, seconds: float) -> None:
        """Go on looking for some time."""
        deadline = time.monotonic() + seconds
        while True:
            self._look()
            if time.monotonic() >= deadline and not self._platform.on_the_way():
                return
            time.sleep(0.05)

    def _look(self) -> None:
        """What the platform has seen since; now and then also what the bridge says of it."""
        self._check()
        self._ledger.add(self._platform.changes(self._ledger.read), self._today)
        for ref, row in self._rows.items():
            found = self._ledger.now(ref)
            row.platform = found.status if found else ""
        if time.monotonic() - self._looked > 0.25:
            self._looked = time.monotonic()
            ids, page = self._desk.bookings(), self._desk.staff_page()
            for ref, row in self._rows.items():
                before = row.outcome
                _fill(row, page.get(ids.get(ref, ""), {}))
                if row.outcome != before and row.since < self._today:
                    row.step, row.since = DEADLINE, self._today
        self._board.update(self._rows)


def _fill(row: Row, shown: Mapping[str, Any]) -> None:
    """The bridge's view of a booking; it explains, and proves nothing."""
    if not shown or shown["outcome"] == "none":
        return
    row.payer, row.outcome = shown["payer"], shown["outcome"]
    if row.platform == "cancelled" and row.outcome == "allow":
        row.why = "It stands no longer: another took its place."
    elif shown["reasons"]:
        row.why = shorten(shown["reasons"][0]["message"], MOST_WORDS, placeholder=" …")
    else:
        row.why = _ROUTES.get(shown["route"], "All requirements are met.")
