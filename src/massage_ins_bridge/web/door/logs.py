"""Logs: one line of JSON per event, ids only, never a name or a health fact."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from ...domain.describe import describe


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
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.setLogRecordFactory(_discreet)


def _discreet(*arguments: Any, **more: Any) -> logging.LogRecord:
    """A library's record without the traceback of an error, whose text may hold a client's facts:
    the error's type (and place, where it is known) stands in its stead."""
    record = logging.LogRecord(*arguments, **more)
    if isinstance(record.msg, str) and record.msg.startswith("Traceback (most recent call last)"):
        kind = record.msg.strip().rpartition("\n")[2].partition(":")[0]
        record.msg, record.args = f"it failed ({kind})", ()
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg = f"{record.getMessage().strip().removesuffix(':')} ({describe(error)})"
        record.args, record.exc_info, record.exc_text = (), None, None
    return record
