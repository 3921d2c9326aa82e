"""The entry point. Each command is loaded when it is called.

``check`` is asked for often and by scripts, so it is told apart before the command-line library
is loaded; it has its own parser and the same manners.
"""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command named on the command line and exit with its code."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["check"]:
        gc.disable()  # importing makes much and leaves nothing to collect
        from .check import run

        code = run(arguments[1:])
        gc.freeze()  # nor does leaving: the interpreter would look everything over once more
        sys.exit(code)
    from .app import app

    app()


if __name__ == "__main__":
    main()
