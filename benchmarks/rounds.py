"""Rounds: the contenders in turn, so that what else the machine does hits them alike."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, NamedTuple, TypeVar

Act = Callable[[], object]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of several rounds, and where half of them and all of them lie."""

    median: float
    low: float
    quarter: float
    three_quarters: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of at least one value."""
        ranked = sorted(values)
        last = len(ranked) - 1
        return cls(
            median(ranked),
            ranked[0],
            ranked[last // 4],
            ranked[last - last // 4],
            ranked[-1],
        )

    def text(self, unit: str = "") -> str:
        """One line: the middle, then half of the rounds, then all."""
        return (
            f"{_short(self.median)}{unit}  half {_short(self.quarter)}"
            f"-{_short(self.three_quarters)}  all {_short(self.low)}-{_short(self.high)}"
        )


@dataclass(slots=True)
class Report:
    """What one benchmark found. ``ratios`` are what counts; ``times`` only lead there."""

    name: str
    what: str
    goal: str
    ratios: dict[str, Spread] = field(default_factory=dict)
    times: dict[str, tuple[Spread, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def text(self) -> str:
        """For people."""
        lines = [f"{self.name}: {self.what}", f"  goal: {self.goal}"]
        wide = max((len(k) for k in (*self.ratios, *self.times)), default=0)
        lines += [f"  ratio  {k:<{wide}}  {v.text()}" for k, v in self.ratios.items()]
        lines += [f"  figure {k:<{wide}}  {v.text(' ' + u)}" for k, (v, u) in self.times.items()]
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])

    def to_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "name": self.name,
            "what": self.what,
            "goal": self.goal,
            "ratios": {k: asdict(v) for k, v in self.ratios.items()},
            "figures": {k: {**asdict(v), "unit": u} for k, (v, u) in self.times.items()},
            "notes": self.notes,
        }


def progress(text: str) -> None:
    """Say on standard error what is going on."""
    print(f"… {text}", file=sys.stderr, flush=True)


def wait_for(found: Callable[[], T | None], seconds: float, every: float = 0.1) -> T:
    """What ``found`` returns once it is true. Raises ``TimeoutError``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := found():
            return result
        time.sleep(every)
    raise TimeoutError(f"it has not come about within {seconds:g} s")


class Sample(NamedTuple):
    """Seconds for one call: by the clock, and of processor time, waited-for children included."""

    clock: float
    processor: float


def timed(act: Act, times: int) -> Sample:
    """The time of one call, measured over ``times`` of them."""
    used, began = _processor(), time.perf_counter()
    for _ in range(times):
        act()
    took = time.perf_counter() - began
    return Sample(took / times, (_processor() - used) / times)


def _processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


Found = dict[str, list[Sample]]


def in_turn(
    contenders: Mapping[str, Act], rounds: int, times: Mapping[str, int] | int, label: str = ""
) -> Found:
    """A sample a round of each contender; each round in another order."""
    found: Found = {name: [] for name in contenders}
    names = list(contenders)
    for number in range(rounds):
        if label and number % max(1, rounds // 5) == 0:
            progress(f"{label}: round {number + 1} of {rounds}")
        for name in names[number % len(names) :] + names[: number % len(names)]:
            count = times if isinstance(times, int) else times[name]
            found[name].append(timed(contenders[name], count))
    return found


def compare(report: Report, name: str, found: Found, ours: str, theirs: str) -> None:
    """Ours over theirs, round by round: by the clock, and in processor time, which a busy machine
    blurs less."""
    pairs = list(zip(found[ours], found[theirs], strict=True))
    report.ratios[name] = Spread.of([a.clock / b.clock for a, b in pairs])
    processor = [a.processor / b.processor for a, b in pairs if b.processor]
    report.ratios[f"{name}, processor time"] = Spread.of(processor or [0.0])


def clocked(report: Report, found: Found, unit: str, scale: float, prefix: str = "") -> None:
    """Each contender's time by the clock."""
    for name, samples in found.items():
        spread = Spread.of([sample.clock * scale for sample in samples])
        report.times[prefix + name] = (spread, unit)


def _short(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"
