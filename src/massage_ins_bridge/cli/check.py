"""``check``: what would be decided on a booking, without storing anything."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from ..domain.answers import Decision
from ..domain.facts import Clinic
from ..domain.reading import UnusableInputError
from ..domain.request import read_request
from ..hooks.host import Host
from .words import in_words

if TYPE_CHECKING:
    import argparse

EXIT = {"allow": 0, "hold": 3, "block": 4}
UNUSABLE = 2
#: Longest request that is read, in characters.
MAX_REQUEST = 1_000_000


class _RefusedError(Exception):
    """A request that cannot be read; one line each."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class _Options(NamedTuple):
    file: str
    json: bool = False
    lines: bool = False
    config: Path | None = None


def _options(arguments: Sequence[str]) -> _Options:
    """A file alone, the usual call, needs no parser: loading one takes a while."""
    if len(arguments) == 1 and (arguments[0] == "-" or not arguments[0].startswith("-")):
        return _Options(arguments[0])
    return _Options(**vars(parser().parse_args(arguments)))


def parser() -> argparse.ArgumentParser:
    """The arguments of ``check``, shown by ``check --help``."""
    import argparse

    made = argparse.ArgumentParser(
        prog="massage-ins-bridge check",
        description="What-if: decide a booking from a request file, without storing anything.",
        epilog="Exit code: 0 allow, 3 hold, 4 block, 2 unusable input. With --lines: 0, or 2 where "
        "a line was unusable.",
    )
    made.add_argument("file", metavar="FILE", help="the request as JSON; - reads standard input")
    form = made.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the decision as JSON")
    form.add_argument(
        "--lines",
        action="store_true",
        help="one request per line in, one compact JSON decision per line out",
    )
    made.add_argument("--config", type=Path, help="settings file (massage-ins-bridge.toml)")
    return made


def run(arguments: Sequence[str]) -> int:
    """Run ``check`` and return its exit code; never shows a traceback for bad input."""
    options = _options(arguments)
    try:
        with _opened(options.file) as source:
            host, clinic = _host(options.config)
            if options.lines:
                return _lines(source, host, clinic)
            return _one(source, host, clinic, as_json=options.json)
    except _RefusedError as refused:
        for line in refused.lines:
            print(f"massage-ins-bridge: {line}", file=sys.stderr)
        return UNUSABLE
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130


def _opened(name: str) -> TextIO:
    if name == "-":
        return open(sys.stdin.fileno(), encoding="utf-8", errors="strict", closefd=False)
    try:
        return Path(name).open(encoding="utf-8")
    except OSError as error:
        raise _RefusedError(f"{name or 'FILE'}: cannot be read ({error.strerror})") from None


def _host(config: Path | None) -> tuple[Host, Clinic | None]:
    from ..hooks.host import HostError
    from ..rulebook.book import RuleDataError
    from .host import host_and_clinic

    try:
        return host_and_clinic(config)
    except (HostError, RuleDataError) as error:
        raise _RefusedError(str(error)) from None
    except Exception as error:
        from ..settings import StartError

        if isinstance(error, StartError):
            raise _RefusedError(*str(error).splitlines()) from None
        raise


def _one(source: TextIO, host: Host, clinic: Clinic | None, *, as_json: bool) -> int:
    try:
        text = source.read(MAX_REQUEST + 1)
    except UnicodeDecodeError:
        raise _RefusedError("request: is not UTF-8 text") from None
    decision = _decide(text, host, clinic)
    if as_json:
        print(json.dumps(decision.to_dict(), ensure_ascii=False, indent=2))
    else:
        print(in_words(decision))
    return EXIT[decision.outcome]


def _lines(source: TextIO, host: Host, clinic: Clinic | None) -> int:
    code = 0
    gc.enable()
    for line in _each(source):
        try:
            if line is None:
                raise _RefusedError("request: is not UTF-8 text")
            answer: dict[str, Any] = _decide(line, host, clinic).to_dict()
        except _RefusedError as refused:
            answer = {"error": "; ".join(refused.lines)}
            code = UNUSABLE
        print(json.dumps(answer, ensure_ascii=False, separators=(",", ":")), flush=True)
    return code


def _each(source: TextIO) -> Iterator[str | None]:
    """The lines; ``None`` for one that is no text. Reads bytes, so that one bad line stays one."""
    for raw in source.buffer:
        try:
            yield raw.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            yield None


def _decide(text: str, host: Host, clinic: Clinic | None) -> Decision:
    if len(text) > MAX_REQUEST:
        raise _RefusedError(f"request: is longer than {MAX_REQUEST:,} characters")
    if not text.strip():
        raise _RefusedError("request: is empty; a request is a JSON object")
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _RefusedError(f"request: is not valid JSON ({error.msg} at {where})") from None
    except (RecursionError, ValueError):
        raise _RefusedError("request: is nested too deeply or holds a number too long") from None
    try:
        chart = read_request(data, datetime.now().astimezone(), clinic)
    except UnusableInputError as error:
        raise _RefusedError(*(str(problem) for problem in error.problems)) from None
    return host.decide(chart)
