"""Logs: one line of JSON per event, ids only, never a name or a health fact."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

import structlog

from ...domain.describe import describe

_TRACEBACK = "Traceback (most recent call last)"
#: A library that cannot get on says so many times a second: of each place in it so much is logged.
MOST, WITHIN_SECONDS = 5, 60.0


def configure_logs(level: int = logging.INFO) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.setLogRecordFactory(_discreet)
    handler = _StandardError()
    handler.setFormatter(_OneLine())
    handler.addFilter(NotTooOften())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    engine = logging.getLogger("dbos")  # makes itself a handler where it has none
    engine.handlers, engine.propagate = [handler], False


def _discreet(*arguments: Any, **more: Any) -> logging.LogRecord:
    """A library's record in one line, without the traceback of an error, whose text may hold a
    client's facts: the error's type (and place, where it is known) stands in its stead."""
    record = logging.LogRecord(*arguments, **more)
    text = record.msg
    if isinstance(text, str) and _TRACEBACK in text:
        said, _, traceback = text.partition(_TRACEBACK)
        kind = traceback.strip().rpartition("\n")[2].partition(":")[0]
        record.msg = f"{said.strip().removesuffix(':') or 'it failed'} ({kind})"
        record.args = ()
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg = f"{record.getMessage().strip().removesuffix(':')} ({describe(error)})"
        record.args, record.exc_info, record.exc_text = (), None, None
    return record


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what is the standard error now: libraries keep a handler for as long as they live,
    and the stream may be another one by then."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


class _OneLine(logging.Formatter):
    """A library's record as our own events look. Of several lines the first says what happened."""

    def format(self, record: logging.LogRecord) -> str:
        event = (record.getMessage().strip().splitlines() or [""])[0]
        held = getattr(record, "held_back", 0)
        at = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        found = {"logger": record.name, "level": record.levelname.lower(), "timestamp": at}
        return json.dumps({"event": event, **({"held_back": held} if held else {}), **found})


class NotTooOften(logging.Filter):
    """Lets ``MOST`` records of one place in the code through within ``WITHIN_SECONDS``; the next
    one then says how many were held back."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[str, str, int], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        place = (record.name, record.pathname, record.lineno)
        begun, number = self._seen.get(place, (record.created, 0))
        if not 0 <= record.created - begun < WITHIN_SECONDS:
            record.held_back = max(0, number - MOST)
            begun, number = record.created, 0
        self._seen[place] = (begun, number + 1)
        return number < MOST
