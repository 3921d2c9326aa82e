"""A report's pictures: where their bars lie, in the pictures' own units. A table says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from .answers import PayerAnswers
from .visits import Counted, Stretch

#: The picture of bars over weeks: its width, the line on which bars stand, and where they begin.
WIDTH, GROUND, TOP, LEFT, RIGHT = 560, 190, 28, 62, 552
#: A stretch takes no more room than this, however few there are.
WIDEST = 60
#: The picture of holds: the longest bar, and the height of a line.
LONGEST, LINE = 320, 40
#: So many payers are in a picture; the table has all.
MOST_PAYERS = 12
#: The picture of days to an answer: from 8 to 292.
FIRST, SPREAD = 8, 284


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch: ``cured`` from the ground up, ``lost`` on it. ``y`` and ``height`` of each."""

    x: int
    width: int
    cured_y: int
    cured: int
    lost_y: int
    lost: int
    one: Stretch


@dataclass(frozen=True, slots=True)
class Bars:
    """``lines``: heights with what they stand for. ``dollars``: whether bars are amounts; without
    any fee they are visits. ``every``: of so many stretches one is named on a narrow screen."""

    bars: tuple[Bar, ...]
    lines: tuple[tuple[int, str], ...]
    dollars: bool
    every: int


@dataclass(frozen=True, slots=True)
class Length:
    """A line of the picture of holds."""

    y: int
    width: int
    one: Counted


@dataclass(frozen=True, slots=True)
class Days:
    """Where half of a payer's answers had come, and the slowest."""

    half: int
    slowest: int


def bars(stretches: Sequence[Stretch]) -> Bars:
    """Bars by week or month; of dollars where any fee is known."""
    dollars = any(one.cured_dollars or one.not_cured_dollars for one in stretches)

    def amount(one: Stretch) -> tuple[Decimal, Decimal]:
        if dollars:
            return one.cured_dollars, one.not_cured_dollars
        return Decimal(one.cured), Decimal(one.not_cured)

    most = max((sum(amount(one), Decimal(0)) for one in stretches), default=Decimal(0))
    step = _step(most)
    top = max(1, ceil(most / step)) * step
    scale = Decimal(GROUND - TOP) / top
    room = min(WIDEST, (RIGHT - LEFT) // max(1, len(stretches)))

    def bar(number: int, one: Stretch) -> Bar:
        cured, lost = (round(part * scale) for part in amount(one))
        x = LEFT + number * room + room // 6
        return Bar(x, room * 2 // 3, GROUND - cured, cured, GROUND - cured - lost, lost, one)

    marks = range(top // step + 1)
    return Bars(
        bars=tuple(bar(number, one) for number, one in enumerate(stretches)),
        lines=tuple(
            (round(GROUND - n * step * scale), f"${n * step:,}" if dollars and n else str(n * step))
            for n in marks
        ),
        dollars=dollars,
        every=max(1, -(-len(stretches) // 6)),
    )


def lengths(soon: Sequence[Counted]) -> tuple[Length, ...]:
    """One bar for each line."""
    most = max((one.number for one in soon), default=0) or 1
    return tuple(
        Length(18 + LINE * n, round(LONGEST * one.number / most), one) for n, one in enumerate(soon)
    )


@dataclass(frozen=True, slots=True)
class Answered:
    """A payer's line in the picture of answers: where each part begins, and how long it is."""

    y: int
    approved: int
    denied: int
    waiting: int
    one: PayerAnswers


def answered(payers: Sequence[PayerAnswers]) -> tuple[Answered, ...]:
    """One line for each payer: approved, denied and waiting behind each other, on one scale."""
    most = max((one.asked for one in payers), default=0) or 1

    def length(number: int) -> int:
        return round(LONGEST * number / most)

    return tuple(
        Answered(18 + LINE * n, length(one.approved), length(one.denied), length(one.waiting), one)
        for n, one in enumerate(payers[:MOST_PAYERS])
    )


def days(one: PayerAnswers, payers: Sequence[PayerAnswers]) -> Days | None:
    """On one scale for all payers; ``None`` where nobody answered yet."""
    if one.half_within is None or one.slowest is None:
        return None
    most = max((other.slowest or 0 for other in payers), default=0) or 1
    return Days(
        FIRST + round(SPREAD * one.half_within / most), FIRST + round(SPREAD * one.slowest / most)
    )


def _step(most: Decimal) -> int:
    """A round number of which five at most reach the top."""
    step = 1
    while most > 5 * step:
        step = step * 2 if str(step)[0] in "15" else step * 5 // 2
    return step
