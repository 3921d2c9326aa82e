"""What the conformance suite asks of a plugin, as data, and what it found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked: ``what`` completes "The plugin …", ``cure`` says how to mend it
    where it does not."""

    what: str
    cure: str


#: What every plugin is asked, by name.
OF_ALL: dict[str, Asked] = {
    "loads": Asked(
        "loads, and the host can rely on it",
        "Mend what the line names; `massage-ins-bridge plugins` says the same.",
    ),
    "imports": Asked(
        "imports of the host what is for its kind, and nothing that reaches outside",
        "Import massage_ins_bridge.api (a connector also api.connectors), and leave the rest out.",
    ),
    "prints": Asked("prints nothing", "Take it out, or put it into the answer's message."),
}
#: What a payer's plugin is asked beside.
OF_PAYERS: dict[str, Asked] = {
    "raises": Asked(
        "answers every request",
        "A fact that is missing is None; ask for it before you use it, and answer `unknown`.",
    ),
    "answers": Asked(
        "answers in words that the host knows",
        "docs/plugins.md lists the words; its own begin with its name and a dot.",
    ),
    "in-time": Asked(
        "answers within the host's time limit",
        "Look up once what takes long, when the module is imported.",
    ),
    "clock": Asked("reads no clock", "Now is case.as_of, and the clinic's day case.today."),
    "chance": Asked("leaves nothing to chance", "The same case must give the same answer."),
    "reaches-out": Asked(
        "opens no file, no connection and no process while it answers",
        "Read what you need when the module is imported; rules.toml is the place for data.",
    ),
    "changes": Asked("changes nothing that it is handed", "Make a value of your own."),
    "same-again": Asked(
        "gives the same case the same answer, in any order and any process",
        "Keep nothing between two answers, and sort what comes out of a set.",
    ),
    "unknown-frees": Asked(
        "frees no booking because a fact is missing",
        "Answer `unknown` while the fact is None.",
    ),
    "later-loosens": Asked(
        "asks no less of a booking because time has passed",
        "What was late stays late: compare with case.today one way round.",
    ),
    "unconfirmed-blocks": Asked(
        "blocks on confirmed facts alone",
        "Where case.confirmed is false, hold.",
    ),
    "rule-data": Asked("has rule data that can be read", "Mend the field that the line names."),
    "sources": Asked(
        "says of each rule where it was read, and when",
        "Give the source its address, or the rule its place, its words (`quote`) or a `note`.",
    ),
    "gaps": Asked(
        "has a version of each rule for every day, or says why not",
        "Let the versions follow each other day by day, or give the rule a `note` about the gap.",
    ),
    "unasked": Asked(
        "goes by every rule of its data",
        "Ask for it by its id, take it out, or say in its note why nobody goes by it: "
        "`For the reader: …`.",
    ),
    "no-such-rule": Asked(
        "has in its data every rule that it asks for",
        "Write it down in rules.toml, or correct the id.",
    ),
    "texts": Asked(
        "speaks so that staff and clients understand",
        "Short sentences, plain words, no codes, a full stop.",
    ),
    "paying": Asked(
        "tells nobody to pay who may not be billed",
        "Leave paying out of your texts: the host offers it where it may be offered.",
    ),
}
#: What a plugin that brings connectors is asked beside.
OF_CONNECTORS: dict[str, Asked] = {
    "connector-class": Asked(
        "brings connectors of the shape that the host takes",
        "docs/connectors/write-one.md shows one whole.",
    ),
    "connector-tried": Asked(
        "has tests that try each connector with ConnectorSuite",
        "Subclass massage_ins_bridge.testing.connectors.ConnectorSuite in its tests, "
        "and name the folder: check-plugin PATH.",
    ),
}
ASKED: dict[str, Asked] = OF_ALL | OF_PAYERS | OF_CONNECTORS


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One thing that is not as it is asked: ``asked`` is a name in ``ASKED``; ``cure`` takes the
    place of what is said there."""

    file: Path
    line: int
    asked: str
    said: str
    cure: str = ""

    def __str__(self) -> str:
        here = Path.cwd()
        file = self.file.relative_to(here) if self.file.is_relative_to(here) else self.file
        cure = self.cure or ASKED[self.asked].cure
        return f"{file}:{self.line}: {self.asked}: {self.said} Cure: {cure}"


@dataclass(slots=True)
class Findings:
    """All that was found, and what could be judged at all: ``judged`` are names in ``ASKED``,
    ``why_not`` says why the others were not."""

    judged: set[str] = field(default_factory=set)
    violations: list[Violation] = field(default_factory=list)
    why_not: str = ""

    def add(self, violations: Iterable[Violation]) -> None:
        """More of them, each once."""
        for violation in violations:
            if violation not in self.violations:
                self.violations.append(violation)

    def of(self, asked: str) -> Iterator[str]:
        """What is wrong under one name, in lines; where it was not judged that is wrong."""
        if asked not in self.judged:
            yield f"{asked}: not judged: {self.why_not or 'nothing reached it'}"
        yield from (str(v) for v in sorted(self.violations) if v.asked == asked)
