"""Runs a module as ``python -m`` does, in a process group that ends with the process that holds the
other end of a pipe: ``python -P child.py DESCRIPTOR MODULE ARGUMENT…``.

It is run by path, and imports nothing of this package: it has no part in what is measured.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading


def main() -> None:
    """Become the module."""
    pipe = int(sys.argv[1])
    threading.Thread(target=_end_with_parent, args=(pipe,), daemon=True).start()
    del sys.argv[:2]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with_parent(pipe: int) -> None:
    """Nobody writes into the pipe. Reading comes back when its last holder is gone, however that
    ended; then nothing of the group may be left."""
    os.read(pipe, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
