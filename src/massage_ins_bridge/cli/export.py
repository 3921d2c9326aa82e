"""``export``: everything that is kept of one client, as a file."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Annotated

import typer

from .desk import desk, refuse
from .serve import Config


def export(
    client: Annotated[str, typer.Argument(help="The id of a client.")],
    to: Annotated[Path | None, typer.Option(help="the file to write", show_default=False)] = None,
    config: Config = None,
) -> None:
    """Save the whole chart of a client: a ZIP with a page to read, the same as data, and the
    papers. It is not sealed: keep it safe. Who saved it stands in the audit."""
    from ..desk.whole_chart import note_saved, whole_chart

    path = to or Path(f"chart-{client}.zip")
    with desk(config) as (installation, record):
        content = whole_chart(installation, record, client)
        note_saved(record, client, f"{getpass.getuser()}, by the command line")
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except FileExistsError:
        refuse(f"{path} is there already; name another with --to.")
    except OSError as error:
        refuse(f"{path} cannot be written: {error.strerror}.")
    typer.echo(f"{path}: {len(content):,} bytes, which anybody who has them can read.")
