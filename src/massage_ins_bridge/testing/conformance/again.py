"""A process that asks a plugin the same requests the other way round, with another hash seed and in
another zone: ``python -m massage_ins_bridge.testing.conformance.again PLUGIN``. It answers with a
digest of each answer."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from typing import Any

from .answering import Asking
from .code import Code
from .subject import find_subject
from .watching import Watch

#: Another seed than Python draws, and the zone that is farthest away.
ELSEWHERE = {"PYTHONHASHSEED": "20261201", "TZ": "Pacific/Kiritimati"}


def digests(said: dict[tuple[str, int], Any]) -> dict[str, str]:
    """By hook and number, a digest of each answer."""
    return {
        f"{hook} {number}": hashlib.sha256(repr(answer).encode()).hexdigest()[:16]
        for (hook, number), answer in said.items()
    }


def asked_elsewhere(given: str, every: int) -> dict[str, str]:
    """What such a process answers to one request in so many. Raises ``RuntimeError`` with its last
    words where it fails."""
    done = subprocess.run(  # noqa: S603 - this module again
        [sys.executable, "-m", __name__, given, str(every)],
        env={**os.environ, **ELSEWHERE},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["it says nothing"])[-1])
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Ask, and print."""
    subject = find_subject(sys.argv[1])
    asking = Asking(subject.host(), subject.name, Code(subject))
    requests = asking.requests(int(sys.argv[2]))
    count = len(requests)
    with Watch(frozenset(map(str, subject.files))).taken_away():
        asking.ask_all(requests[::-1])
    said = {(hook, count - 1 - number): answer for (hook, number), answer in asking.said.items()}
    print(json.dumps(digests(said)))  # noqa: T201 - it is a command


if __name__ == "__main__":
    main()
