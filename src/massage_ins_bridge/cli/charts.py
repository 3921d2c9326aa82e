"""``charts``: clients with their insurance and prescriptions from a file, one client a line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .links import opened
from .serve import Config

if TYPE_CHECKING:
    from ..desk.charts_taken import FileView

app = typer.Typer(help="Charts from a file (CSV), one client a line.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="the file; - is standard input", allow_dash=True)]
Settle = Annotated[
    list[str] | None,
    typer.Option("--settle", help="LINE=new, or LINE=ID of the client that it is; may be repeated"),
]


@app.command("template")
def template() -> None:
    """Print an empty file: its first line names the columns."""
    from ..desk.chart_columns import template as empty

    typer.echo(empty().rstrip())


@app.command("check")
def check(file: File, settle: Settle = None, config: Config = None) -> None:
    """Say what a file would write, line by line, and write nothing; exit 1 where a line is left."""
    from ..desk.charts_taken import check_file

    content = _read(file)
    with opened(config) as installation, installation.read() as record:
        found = check_file(installation, record, content, settle or ())
    _tell(found)
    typer.echo(f"{found.ready} lines to take in, {found.known} known already, {found.left} left.")
    raise typer.Exit(1 if found.left else 0)


@app.command("take")
def take_in(
    file: File,
    settle: Settle = None,
    ready_only: Annotated[
        bool, typer.Option("--ready-only", help="leave out the lines that are not ready")
    ] = False,
    config: Config = None,
) -> None:
    """Take in a file: all of it, or nothing where a line is wrong or in doubt. What is on file
    stays; a file only adds to it. Doing it again changes nothing."""
    from ..desk.charts_taken import take_in_file

    content = _read(file)
    with opened(config) as installation, installation.write() as record:
        found = take_in_file(installation, record, content, settle or (), ready_only=ready_only)
    if ready_only:
        _tell(found)
    left = f", {found.left} left out" if found.left else ""
    typer.echo(f"{found.ready} lines taken in, {found.known} known already{left}.")


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        typer.echo(f"massage-ins-bridge: {file}: cannot be read ({error.strerror})", err=True)
        raise typer.Exit(2) from None


def _tell(found: FileView) -> None:
    for line in found.lines:
        for problem in line.problems:
            place = f", {problem.path}" if problem.path else ""
            typer.echo(f"line {line.line}{place}: {problem.message}", err=True)
        if line.state == "doubt":
            may = " or ".join(line.like)
            again = f"--settle {line.line}=new, or --settle {line.line}=ID"
            typer.echo(f"line {line.line}: may be the client {may}; say so with {again}", err=True)
        if line.differs:
            said = ", ".join(line.differs)
            typer.echo(f"line {line.line}: the chart says otherwise, and stays: {said}", err=True)
