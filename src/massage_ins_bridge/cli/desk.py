"""The record for a command that works beside the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from ..desk.installation import Installation
    from ..store.record import Record


@contextmanager
def desk(config: Any) -> Iterator[tuple[Installation, Record]]:
    """The record, as the service has it; what is to be done after the commit the service does
    within a minute. What is wrong ends the command with a line for each fault."""
    from sqlalchemy.exc import SQLAlchemyError

    from ..desk.clock import SystemClock
    from ..desk.errors import DeskError
    from ..desk.installation import desk_beside
    from ..domain.reading import UnusableInputError
    from ..settings import StartError, load_settings
    from ..store.database import database_trouble

    _log_faults_alone()
    try:
        settings = load_settings(config)
        with desk_beside(settings, SystemClock()) as made, made.write() as record:
            yield made, record
    except UnusableInputError as error:
        refuse(*map(str, error.problems))
    except (StartError, DeskError) as error:
        refuse(*str(error).splitlines())
    except SQLAlchemyError as error:
        refuse(str(database_trouble(error, "database", sqlite=settings.database_url is None)))


def _log_faults_alone() -> None:
    """What the command found out is its answer; what went wrong goes to standard error."""
    import logging
    import sys

    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def refuse(*lines: str) -> NoReturn:
    """End the command with these lines."""
    for line in lines:
        typer.echo(f"massage-ins-bridge: {line}", err=True)
    raise typer.Exit(2) from None
