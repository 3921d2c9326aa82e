"""``python -m tests.simulation``: live many seeds, or one in words; or many mixed days."""

import argparse
import sys
import time
from collections.abc import Iterator

import structlog
from tests.simulation.life import clinic, live, told
from tests.simulation.mixed_days import amiss, lived

#: After so many lives, or days, it is said how far it is.
LIVES, DAYS = 500, 20


def lives(numbers: range, *, tell: bool) -> Iterator[list[str]]:
    """Of each life, what was amiss with it."""
    with clinic() as bridge:
        for seed in numbers:
            world = live(seed, bridge)
            if tell:
                print(told(world))
            yield world.ledger.faults[:3]


def days(numbers: range, *, tell: bool) -> Iterator[list[str]]:
    """Of each number, what was amiss with its two days."""
    for number in numbers:
        found = amiss(number)
        if tell and not found:
            print(*lived(number, troubled=True).said, sep="\n")
        yield found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    many = parser.add_mutually_exclusive_group()
    many.add_argument("--seeds", type=int, default=200, help="how many lives (200)")
    many.add_argument("--days", type=int, help="how many mixed days, in their place")
    parser.add_argument("--first", type=int, default=0, help="the first of them (0)")
    parser.add_argument("--tell", action="store_true", help="tell each in words")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    called, act, every = ("days", days, DAYS) if given.days else ("lives", lives, LIVES)
    numbers = range(given.first, given.first + (given.days or given.seeds))
    bad, began = 0, time.perf_counter()
    for done, (number, found) in enumerate(
        zip(numbers, act(numbers, tell=given.tell), strict=True), 1
    ):
        if found:
            bad += 1
            print(number, *found, sep="\n  ")
        if done % every == 0:
            print(f"… {done} of {len(numbers)}, {bad} amiss", file=sys.stderr)
    print(f"{len(numbers)} {called}, {bad} amiss, {time.perf_counter() - began:.1f} s")
    return 1 if bad else 0


sys.exit(main())
