"""The arguments of ``check``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import argparse


class Options(NamedTuple):
    """What is asked of ``check``."""

    file: str
    json: bool = False
    lines: bool = False
    explain: bool = False
    visit_complete: bool = False
    upload: bool = False
    prescription: str | None = None
    traceback: bool = False
    config: Path | None = None


def options_of(arguments: Sequence[str]) -> Options:
    """A file alone, the usual call, needs no parser: loading one takes a while."""
    if len(arguments) == 1 and (arguments[0] == "-" or not arguments[0].startswith("-")):
        return Options(arguments[0])
    made = parser()
    options = Options(**vars(made.parse_args(arguments)))
    alone = options.explain or options.visit_complete or options.upload or options.traceback
    if options.lines and alone:
        made.error("--lines goes with --config alone")
    if options.prescription is not None and not options.upload:
        made.error("--prescription goes with --upload")
    return options


def parser() -> argparse.ArgumentParser:
    """The arguments of ``check``, shown by ``check --help``."""
    import argparse

    made = argparse.ArgumentParser(
        prog="massage-ins-bridge check",
        description="What-if: decide a booking from a request file, without storing anything.",
        epilog="Exit code: 0 allow, 3 hold, 4 block, 2 unusable input. With --lines: 0, or 2 where "
        "a line was unusable. With --visit-complete or --upload: 0, or 3 where a plugin failed.",
    )
    made.add_argument("file", metavar="FILE", help="the request as JSON; - reads standard input")
    form = made.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the decision as JSON")
    form.add_argument(
        "--lines",
        action="store_true",
        help="one request per line in, one compact JSON decision per line out",
    )
    asked = made.add_mutually_exclusive_group()
    asked.add_argument(
        "--explain",
        action="store_true",
        help="show each requirement, met ones too, with its rule's text, values and source",
    )
    asked.add_argument(
        "--visit-complete",
        action="store_true",
        help="show what would be owed once the visit is done, instead of the decision",
    )
    asked.add_argument(
        "--upload",
        action="store_true",
        help="show what would be found on the request's first prescription as it comes in, and "
        "what it may cure, instead of the decision",
    )
    made.add_argument("--prescription", metavar="ID", help="with --upload: the one of this id")
    made.add_argument(
        "--traceback",
        action="store_true",
        help="show on standard error where a plugin failed; it may hold what the request holds",
    )
    made.add_argument("--config", type=Path, help="settings file (massage-ins-bridge.toml)")
    return made
