"""``check``: what would be decided on a booking, without storing anything."""

from __future__ import annotations

import gc
import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, redirect_stdout
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from ..domain.answers import PluginFailure
from ..domain.clinic import Clinic
from ..domain.facts import Chart
from ..domain.json_object import RepeatedKeyError, json_object
from ..domain.reading import UnusableInputError
from ..domain.request import read_request
from ..gate.case import Case
from ..hooks.host import Host
from .check_options import Options, options_of
from .decision_text import in_words

EXIT = {"allow": 0, "hold": 3, "block": 4}
UNUSABLE = 2
#: Longest request that is read, in characters.
MAX_REQUEST = 1_000_000


class _RefusedError(Exception):
    """A request that cannot be read; one line each."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


def run(arguments: Sequence[str]) -> int:
    """Run ``check`` and return its exit code; never shows a traceback for bad input."""
    options = options_of(arguments)
    try:
        with _opened(options.file) as source:
            with _aside():
                host, clinic = _host(options.config)
            if options.lines:
                return _lines(source, options.file, host, clinic)
            text = _text(source, options.file)
            return _one(text, host, clinic, options)
    except _RefusedError as refused:
        return _refuse(refused)
    except BrokenPipeError:
        _forget(sys.stdout)
        return 0
    except KeyboardInterrupt:
        return 130


def _aside() -> AbstractContextManager[object]:
    """What a plugin prints meanwhile goes to standard error, and not among the answers."""
    return redirect_stdout(sys.stderr or io.StringIO())


def _refuse(refused: _RefusedError) -> int:
    if sys.stderr is not None:
        try:
            for line in refused.lines:
                print(f"massage-ins-bridge: {line}", file=sys.stderr)
        except OSError:
            _forget(sys.stderr)  # nobody is left to tell; the exit code still does
    return UNUSABLE


def _opened(name: str) -> TextIO:
    """The request's source. Some editors begin a UTF-8 file with a mark, which is passed over."""
    try:
        if name != "-":
            return Path(name).open(encoding="utf-8-sig")
        if sys.stdin is None:
            raise _RefusedError("standard input: is closed; give a request, or name a file")
        return open(sys.stdin.fileno(), encoding="utf-8-sig", errors="strict", closefd=False)
    except OSError as error:
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: OSError) -> _RefusedError:
    what = "standard input" if name == "-" else name or "FILE"
    return _RefusedError(f"{what}: cannot be read ({error.strerror or error})")


def _print(text: str) -> None:
    """One answer as UTF-8, whatever the locale, and at once, so that a fault shows here."""
    output = sys.stdout
    if output is None:
        raise _RefusedError("standard output: is closed, so the answer cannot be written")
    try:
        output.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
        output.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _forget(output)
        why = error.strerror or error
        raise _RefusedError(f"standard output: cannot be written ({why})") from None


def _forget(stream: TextIO) -> None:
    """What could not be written would be tried again, and complained of, when leaving."""
    import os

    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


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


def _text(source: TextIO, name: str) -> str:
    try:
        return source.read(MAX_REQUEST + 1)
    except UnicodeDecodeError:
        raise _RefusedError("request: is not UTF-8 text") from None
    except OSError as error:
        raise _unreadable(name, error) from None


def _one(text: str, host: Host, clinic: Clinic | None, options: Options) -> int:
    chart = _chart(text, host, clinic)
    case = host.case(chart)
    if options.visit_complete or options.upload:
        return _other_hook(host, case, options)
    with _aside():
        decision, failures = host.decide_and_tell(case)
    if options.traceback:
        _show_tracebacks(failures)
    if options.json:
        data = decision.to_dict()
        if options.explain:
            from .explain import explained
            from .rests_on import rests_on

            with _aside():
                data["explained"] = explained(decision, case, rests_on(host, chart, decision))
        _print(json.dumps(data, ensure_ascii=False, indent=2))
        return EXIT[decision.outcome]
    words = in_words(decision)
    if options.explain:
        from .explain import explained_in_words
        from .rests_on import rests_on

        with _aside():
            why = explained_in_words(decision, case, rests_on(host, chart, decision))
        words = f"{words}\n\n{why}"
    _print(words)
    return EXIT[decision.outcome]


def _other_hook(host: Host, case: Case, options: Options) -> int:
    from .other_hooks import NoPrescriptionError, upload, visit_complete

    try:
        with _aside():
            if options.upload:
                said = upload(host, case, options.prescription)
            else:
                said = visit_complete(host, case)
    except NoPrescriptionError as error:
        raise _RefusedError(str(error)) from None
    if options.traceback:
        _show_tracebacks(said.failures)
    if options.json:
        _print(json.dumps(said.data, ensure_ascii=False, indent=2))
    else:
        _print(said.words)
    return EXIT["hold"] if said.failures else 0


def _show_tracebacks(failures: Sequence[PluginFailure]) -> None:
    """For a plugin's author, whose own request this is."""
    import traceback

    if sys.stderr is None:
        return
    for failure in failures:
        print(f"massage-ins-bridge: plugin {failure.plugin}: {failure.reason}", file=sys.stderr)
        if failure.cause is not None:
            print("".join(traceback.format_exception(failure.cause)), file=sys.stderr)


def _lines(source: TextIO, name: str, host: Host, clinic: Clinic | None) -> int:
    code = 0
    gc.enable()
    for line in _each(source, name):
        try:
            if line is None:
                raise _RefusedError("request: is not UTF-8 text")
            with _aside():
                answer: dict[str, Any] = host.decide(_chart(line, host, clinic)).to_dict()
        except _RefusedError as refused:
            answer = {"error": "; ".join(refused.lines)}
            code = UNUSABLE
        _print(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))
    return code


def _each(source: TextIO, name: str) -> Iterator[str | None]:
    """The lines; ``None`` for one that is no text. Reads bytes, so that one bad line stays one."""
    encoding = "utf-8-sig"
    try:
        for raw in source.buffer:
            try:
                yield raw.decode(encoding).rstrip("\r\n")
            except UnicodeDecodeError:
                yield None
            encoding = "utf-8"
    except OSError as error:
        raise _unreadable(name, error) from None


def _chart(text: str, host: Host, clinic: Clinic | None) -> Chart:
    if len(text) > MAX_REQUEST:
        raise _RefusedError(f"request: is longer than {MAX_REQUEST:,} characters")
    if not text.strip():
        raise _RefusedError("request: is empty; a request is a JSON object")
    try:
        data = json.loads(text, object_pairs_hook=json_object)
    except RepeatedKeyError as error:
        raise _RefusedError(f"request: {error}; write it once") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _RefusedError(f"request: is not valid JSON ({error.msg} at {where})") from None
    except (RecursionError, ValueError):
        raise _RefusedError("request: is nested too deeply or holds a number too long") from None
    try:
        return read_request(data, datetime.now().astimezone(), clinic, host.words)
    except UnusableInputError as error:
        raise _RefusedError(*(str(problem) for problem in error.problems)) from None
