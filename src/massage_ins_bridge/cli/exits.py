"""How every command ends: what the user can mend is one line on standard error, and exit code 2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer


def guarded(command: Callable[..., int | None], **options: Any) -> None:
    """Run a command and exit with its code."""
    from ..hooks.host import HostError
    from ..rulebook.book import RuleDataError
    from ..settings import StartError

    try:
        code = command(**options)
    except (StartError, HostError, RuleDataError) as error:
        for line in str(error).splitlines():
            typer.echo(f"massage-ins-bridge: {line}", err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(code or 0)
