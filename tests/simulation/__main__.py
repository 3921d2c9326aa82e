"""``python -m tests.simulation``: live many seeds, or one in words."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import structlog
from tests.desk.bridge import make_bridge
from tests.simulation.world import live, told


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many (200)")
    parser.add_argument("--first", type=int, default=0, help="the first of them (0)")
    parser.add_argument("--tell", action="store_true", help="tell each life in words")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    amiss, began = 0, time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        bridge = make_bridge(Path(folder), None)
        for seed in range(given.first, given.first + given.seeds):
            world = live(seed, bridge)
            if world.ledger.faults:
                amiss += 1
                print(seed, world.ledger.faults[:3])
            if given.tell:
                print(told(world))
        bridge.close()
    print(f"{given.seeds} lives, {amiss} amiss, {time.perf_counter() - began:.1f} s")
    return 1 if amiss else 0


sys.exit(main())
