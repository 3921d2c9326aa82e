"""Playing the stories, day by day, on the simulated platform and through the bridge's API."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from .board import Board
from .clients import Desk, Platform, RefusedError, speak
from .row import Row
from .story import (
    AcceptByHand,
    Book,
    Complete,
    Correct,
    End,
    Learn,
    LetStand,
    Move,
    Note,
    SayWho,
    Step,
    StopRefusal,
    Story,
    Word,
    moment,
)
from .verdict import Evidence, Ledger, Verdict, judge

#: How long to wait for a booking that does not reach the state that it should, in seconds.
PATIENCE = 15.0
#: How long to watch on a day on which nothing should happen, in seconds.
QUIET = 0.3
#: When a day begins, when whatever was to be refused that morning has waited long enough, and when
#: the demonstration ends.
MORNING, LATER, LAST = (9, 0), (9, 45), (11, 0)
#: So many seconds of a morning nothing can be refused in: the pause.
PAUSE_SECONDS = 900.0
DEADLINE = "nothing came; the deadline has passed"


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
        self._today = self._last_day = 0
        self._looked = 0.0
        self._lost: set[str] = set()
        self._ids: dict[str, str] = {}
        self._waits: dict[str, datetime] = {}
        self._troubles: dict[str, list[str]] = {}
        self._morning_since: float | None = None

    def play(self) -> list[Verdict]:
        """Play all the days; how each story ended."""
        days = {s.on for story in self._stories for s in story.steps}
        days |= {s.on for st in self._stories for e in st.ends.values() for s in e.history}
        self._last_day = max(days)
        for number in range(self._last_day + 1):
            self._begin(number)
            for story, step in self._due(number):
                self._take(story, step)
            self._settle(pausing=True)
            self._end_pause(number)
            self._settle()
        # Whatever the last step gave rise to has its pause behind it, too.
        self._desk.set_clock(moment(self._today, *LAST).isoformat())
        self._watch(2 * QUIET)
        return self._judged()

    def _due(self, number: int) -> list[tuple[Story, Step]]:
        """The day's steps, by story. Where nobody looks on, what people say of refusals comes last:
        the bridge decides of all bookings meanwhile."""
        found = [(story, s) for story in self._stories for s in story.steps if s.on == number]
        return found if self._pause else sorted(found, key=lambda item: isinstance(item[1], Word))

    def _judged(self) -> list[Verdict]:
        """What the bridge has on record may still be on its way there."""
        deadline = time.monotonic() + PATIENCE
        while True:
            found = judge(self._stories, self._evidence())
            if time.monotonic() > deadline or self._lost or not any(v.faults for v in found):
                return found
            self._watch(QUIET)

    def _evidence(self) -> Evidence:
        return Evidence(
            refs=self._refs,
            ledger=self._ledger,
            reasons=self._platform.reasons(),
            records=self._desk.records(self._refs.values()),
            clients=self._patients,
            troubles=self._troubles,
        )

    def _begin(self, number: int) -> None:
        """The next morning; whatever the deadlines bring happens before anyone does anything."""
        self._watch(0.0)
        self._today = number
        self._desk.set_clock(moment(number, *MORNING).isoformat())
        self._morning_since = time.monotonic()
        self._board.new_day(number, self._rows)
        if number:
            self._watch(QUIET)
            if self._pause:
                self._settle(pausing=True, morning=True)
                self._watch(self._pause)

    def _end_pause(self, number: int) -> None:
        """Later in the morning: what was to be refused, and nobody stopped, is refused."""
        if self._pause and self._waits:
            self._watch(self._pause)
        self._look()
        self._morning_since = None
        self._desk.set_clock(moment(number, *LATER).isoformat())

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
            case Complete() | Note():
                ref = self._refs[story.title, step.booking]
                self._say(step, ref)
                if isinstance(step, Note):
                    self._desk.note(ref, step.change)
                else:
                    self._desk.complete(ref)
            case AcceptByHand() | LetStand() | StopRefusal():
                wanted = {"block"} if isinstance(step, StopRefusal) else {"block", "hold"}
                self._await(self._refs[story.title, step.booking], wanted)
                self._speak(story, step)
            case SayWho():
                self._speak(story, step)
        if self._pause:
            self._settle(pausing=True, only=story)
            self._watch(self._pause)

    def _await(self, ref: str, wanted: set[str]) -> None:
        """Until the bridge refuses a booking, or holds it, and somebody may have seen so."""
        deadline = time.monotonic() + PATIENCE
        while self._rows[ref].outcome not in wanted and time.monotonic() < deadline:
            self._look()
            time.sleep(0.04)
        if self._pause:
            self._watch(self._pause)

    def _speak(self, story: Story, step: Word | SayWho) -> None:
        """What a person says or does about a booking. Where they are refused, the story has
        failed."""
        ref = self._refs[story.title, step.booking]
        self._say(step, ref)
        try:
            speak(step, ref, self._desk, self._platform)
        except RefusedError as error:
            self._troubles.setdefault(story.title, []).append(f"{step.words}: {error}")

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
            "name": step.goes_by or client.name,
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

    def _settle(
        self, *, pausing: bool = False, only: Story | None = None, morning: bool = False
    ) -> None:
        """Wait until the platform has every booking as it should stand today, or while refusals
        still wait (``pausing``). One that does not come to stand so is not waited for again; the
        verdict will tell of it."""
        deadline = time.monotonic() + PATIENCE
        while waiting := self._waiting(only, pausing=pausing, morning=morning):
            if time.monotonic() > deadline:
                self._lost |= waiting
                break
            self._look()
            time.sleep(0.04)
        self._looked = 0.0
        self._look()
        self._board.settled(self._rows)

    def _waiting(self, only: Story | None, *, pausing: bool, morning: bool) -> set[str]:
        waiting = set()
        for story in self._stories:
            acts_later = morning and any(s.on == self._today for s in story.steps)
            if acts_later or (only is not None and story is not only):
                continue
            for name, end in story.ends.items():
                ref = self._refs.get((story.title, name))
                if ref is None or ref in self._lost:
                    continue
                if not self._as_it_should(ref, end, pausing=pausing):
                    waiting.add(ref)
        return waiting

    def _as_it_should(self, ref: str, end: End, *, pausing: bool) -> bool:
        """Whether a booking stands as it should by now; what is to be refused today waits first."""
        wanted, found = end.on(self._today, pausing=pausing), self._ledger.now(ref)
        same = found is not None and wanted is not None and found.status == wanted.status
        outcome = self._rows[ref].outcome
        if pausing:
            waits = same and end.refused_on(self._today)
            return bool(outcome) and (ref in self._waits if waits else same)
        if end.kept is not None and self._today == self._last_day:
            return same and outcome == end.kept.outcome
        return same and bool(outcome)

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
        self._ledger.add(
            self._platform.changes(self._ledger.read), self._today, pause_over=self._pause_is_over()
        )
        for ref, row in self._rows.items():
            found = self._ledger.now(ref)
            row.platform = found.status if found else ""
        if time.monotonic() - self._looked > 0.25:
            self._looked = time.monotonic()
            if not self._rows.keys() <= self._ids.keys():
                self._ids = self._desk.bookings()
            ids, page, due = self._ids, self._desk.overview(), self._desk.refusals()
            self._waits = {ref: due[ids[ref]] for ref in self._rows if ids.get(ref) in due}
            for ref, row in self._rows.items():
                before = row.outcome
                row.fill(page.get(ids.get(ref, ""), {}), self._waits.get(ref))
                if row.outcome != before and row.since < self._today:
                    row.step, row.since = DEADLINE, self._today
        self._board.update(self._rows)

    def _pause_is_over(self) -> bool:
        """Whether what was refused this morning may have been refused by now."""
        since = self._morning_since
        return since is None or time.monotonic() - since > PAUSE_SECONDS
