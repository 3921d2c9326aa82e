"""Judging the stories by the platform's journal alone: what the bridge says of itself does not
count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .story import End, Seen, Story, Who, day

_WHO: Mapping[str, Who] = {"api": "bridge", "attendee": "client"}
_DONE = {
    ("pending", "client"): "asked for",
    ("accepted", "client"): "accepted by the platform itself",
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


class Ledger:
    """What the platform saw, by booking, each change on its day of the demonstration."""

    def __init__(self) -> None:
        self.seen: dict[str, list[Seen]] = {}
        self.read = 0

    def add(self, changes: Iterable[Mapping[str, Any]], on: int) -> None:
        """Take in further changes of the journal, which happened on that day."""
        for change in changes:
            who = _WHO.get(str(change["by"]), "someone else")
            self.seen.setdefault(change["uid"], []).append(Seen(on, change["to"], who))
            self.read = max(self.read, int(change["seq"]))

    def now(self, ref: str) -> Seen | None:
        return self.seen.get(ref, [None])[-1]


def judge(
    stories: Sequence[Story],
    refs: Mapping[tuple[str, str], str],
    ledger: Ledger,
    reasons: Mapping[str, str],
) -> list[Verdict]:
    """One verdict per story; ``refs`` has the platform's uid by story title and booking."""
    verdicts = []
    for story in stories:
        faults: list[str] = []
        for name, end in story.ends.items():
            ref = refs.get((story.title, name), "")
            faults += _faults(name, end, ledger.seen.get(ref, []), reasons.get(ref, ""))
        verdicts.append(Verdict(story, tuple(faults)))
    return verdicts


def _faults(name: str, end: End, seen: Sequence[Seen], reason: str) -> Iterable[str]:
    if tuple(seen) != end.history:
        yield f"{name}: expected {in_words(end.history)}; seen {in_words(seen)}"
    for text, wanted in ((end.reason_has, True), (end.reason_lacks, False)):
        if text and (text in reason) is not wanted:
            verb = "speak" if wanted else "not speak"
            yield f"{name}: expected the reason to {verb} of {text!r}; seen {reason!r}"


def in_words(history: Sequence[Seen]) -> str:
    """``asked for on Tue Dec 1, declined by the bridge on Sat Dec 5``."""
    return (
        ", ".join(
            f"{_DONE.get((s.status, s.by), f'{s.status} by {s.by}')} on {short(s.on)}"
            for s in history
        )
        or "nothing"
    )


def short(number: int) -> str:
    """A day of the demonstration as people write it."""
    found = day(number)
    return f"{found:%a %b} {found.day}"
