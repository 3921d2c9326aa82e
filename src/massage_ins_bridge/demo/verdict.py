"""Judging the stories by the platform's journal: what truly happened there, and by whose hand. What
the bridge says of itself is judged beside it, and never in its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .story import End, Kept, Said, Seen, Story, Who, day

_WHO: Mapping[str, Who] = {"api": "bridge", "attendee": "client", "owner": "owner"}
_DONE = {
    ("pending", "client"): "asked for",
    ("accepted", "client"): "accepted by the platform itself",
    ("accepted", "owner"): "accepted by the owner's hand",
    ("accepted", "bridge"): "confirmed by the bridge",
    ("rejected", "bridge"): "declined by the bridge",
    ("cancelled", "bridge"): "cancelled by the bridge",
    ("cancelled", "client"): "moved away by the client",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A story's end; ``faults`` is empty where all was as it should be."""

    story: Story
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What the bridge has on record of a booking. ``rules``: its last decision's outcome;
    ``said``: staff's words that count; ``tasks``: the kinds of those that are open."""

    booking: str
    patient: str
    outcome: str | None
    rules: str | None = None
    accepted_by: str | None = None
    said: tuple[Said, ...] = ()
    visit: int | None = None
    tasks: tuple[str, ...] = ()
    moved_to: str | None = None


class Ledger:
    """What the platform saw, by booking, each change on its day of the demonstration."""

    def __init__(self) -> None:
        self.seen: dict[str, list[Seen]] = {}
        self.read = 0

    def add(self, changes: Iterable[Mapping[str, Any]], on: int, *, pause_over: bool) -> None:
        """Take in further changes of the journal, which happened on that day, before or after what
        was to be refused had waited long enough."""
        for change in changes:
            who = _WHO.get(str(change["by"]), "someone else")
            seen = Seen(on, change["to"], who)
            if seen.refusal and pause_over:
                seen = Seen(on, change["to"], who, paused=True)
            self.seen.setdefault(change["uid"], []).append(seen)
            self.read = max(self.read, int(change["seq"]))

    def now(self, ref: str) -> Seen | None:
        return self.seen.get(ref, [None])[-1]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is judged by. ``refs``: the platform's uid by story title and booking; ``reasons``: what
    clients were told, and ``records``: what the bridge knows, by uid; ``clients``: the bridge's id
    of each story's client by title; ``troubles``: steps that could not be taken, by title."""

    refs: Mapping[tuple[str, str], str]
    ledger: Ledger
    reasons: Mapping[str, str]
    records: Mapping[str, OnRecord]
    clients: Mapping[str, str]
    troubles: Mapping[str, Sequence[str]] = field(default_factory=dict)


def judge(stories: Sequence[Story], evidence: Evidence) -> list[Verdict]:
    """One verdict per story."""
    return [Verdict(story, tuple(_faults(story, evidence))) for story in stories]


def _faults(story: Story, evidence: Evidence) -> Iterator[str]:
    yield from evidence.troubles.get(story.title, ())
    for name, end in story.ends.items():
        ref = evidence.refs.get((story.title, name), "")
        yield from _on_the_platform(
            name, end, evidence.ledger.seen.get(ref, []), evidence.reasons.get(ref, "")
        )
        found = evidence.records.get(ref)
        if found is None:
            yield f"{name}: the bridge knows nothing of it"
            continue
        if found.patient != evidence.clients.get(story.title):
            yield f"{name}: filed under another client than {story.client.name}"
        if end.kept is not None:
            moved_to = evidence.refs.get((story.title, end.kept.moved_to), "")
            replaced = evidence.records.get(moved_to)
            yield from _on_record(name, end.kept, found, replaced.booking if replaced else "")


def _on_the_platform(name: str, end: End, seen: Sequence[Seen], reason: str) -> Iterator[str]:
    if tuple(seen) != end.history:
        yield f"{name}: expected {in_words(end.history)}; seen {in_words(seen)}"
    for text, wanted in ((end.reason_has, True), (end.reason_lacks, False)):
        if text and (text in reason) is not wanted:
            verb = "speak" if wanted else "not speak"
            yield f"{name}: expected the reason to {verb} of {text!r}; seen {reason!r}"


def _on_record(name: str, kept: Kept, found: OnRecord, moved_to: str) -> Iterator[str]:
    """Each fact that is asked for, and is another on record."""
    asked: tuple[tuple[str, Any, Any], ...] = (
        ("outcome", kept.outcome, found.outcome),
        ("rules", kept.rules, found.rules),
        ("acceptor", kept.accepted_by, found.accepted_by),
        ("visit number", kept.visit, found.visit),
    )
    for what, wanted, seen in asked:
        if wanted is not None and wanted != seen:
            yield f"{name}: expected {wanted!r} on record as {what}; seen {seen!r}"
    if kept.said is not None and kept.said not in found.said:
        yield f"{name}: expected {kept.said} on record; seen {list(found.said)}"
    if kept.task and kept.task not in found.tasks:
        yield f"{name}: expected an open task {kept.task!r}; seen {list(found.tasks)}"
    if kept.moved_to and moved_to != found.moved_to:
        yield f"{name}: expected {kept.moved_to!r} on record in its place; seen {found.moved_to!r}"


def in_words(history: Sequence[Seen]) -> str:
    """``asked for on Tue Dec 1, declined by the bridge on Mon Dec 7``."""
    return ", ".join(map(_in_words, history)) or "nothing"


def _in_words(seen: Seen) -> str:
    done = _DONE.get((seen.status, seen.by), f"{seen.status} by {seen.by}")
    without = " without a pause" if seen.refusal and not seen.paused else ""
    return f"{done}{without} on {short(seen.on)}"


def short(number: int) -> str:
    """A day of the demonstration as people write it."""
    found = day(number)
    return f"{found:%a %b} {found.day}"
