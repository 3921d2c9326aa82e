"""``python -m tests.simulation``: live many seeds, or one in words."""

import argparse
import sys
import time

import structlog
from tests.simulation.life import clinic, live, told

#: After so many lives it is said how far it is.
EVERY = 500


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many (200)")
    parser.add_argument("--first", type=int, default=0, help="the first of them (0)")
    parser.add_argument("--tell", action="store_true", help="tell each life in words")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    amiss, began = 0, time.perf_counter()
    with clinic() as bridge:
        for number, seed in enumerate(range(given.first, given.first + given.seeds), 1):
            world = live(seed, bridge)
            if world.ledger.faults:
                amiss += 1
                print(seed, world.ledger.faults[:3])
            if number % EVERY == 0:
                print(f"… {number} of {given.seeds}, {amiss} amiss", file=sys.stderr)
            if given.tell:
                print(told(world))
    print(f"{given.seeds} lives, {amiss} amiss, {time.perf_counter() - began:.1f} s")
    return 1 if amiss else 0


sys.exit(main())
