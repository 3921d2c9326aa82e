"""``clinic profile``: ready policies to start from, shown and applied to the settings file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, NoReturn

import typer

app = typer.Typer(help="The clinic's own policy.", no_args_is_help=True)
profile = typer.Typer(help="Ready profiles: list, show, apply.", no_args_is_help=True)
app.add_typer(profile, name="profile")
DEFAULT_FILE = Path("massage-ins-bridge.toml")


@profile.command("list")
def list_() -> None:
    """The profiles, each with its first line."""
    from ..settings.policies import policies, title_of

    for name, text in policies().items():
        typer.echo(f"{name}: {title_of(text)}")


@profile.command()
def show(name: Annotated[str, typer.Argument(help="a profile's name")]) -> None:
    """One profile, as it would stand in the settings file."""
    typer.echo(_profile(name).rstrip())


@profile.command()
def apply(
    name: Annotated[str, typer.Argument(help="a profile's name")],
    config: Annotated[Path, typer.Option("--config", help="settings file")] = DEFAULT_FILE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would change")] = False,
) -> None:
    """Write a profile's policy into the settings file; the old file is kept beside it."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    from ..settings.policies import choose

    _profile(name)
    try:
        old = config.read_text(encoding="utf-8-sig") if config.exists() else ""
        document = tomlkit.parse(old)
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        _refuse(f"{config}: cannot be read as settings: {error}")
    clinic = document.setdefault("clinic", tomlkit.table())
    changes = list(choose(clinic, name))
    if not changes:
        typer.echo(f"{config} has this policy already; nothing to change.")
        return
    for line in changes:
        typer.echo(line)
    if dry_run:
        typer.echo("Nothing was written.")
        return
    kept = config.with_name(config.name + ".before")
    try:
        if old:
            shutil.copy2(config, kept)
        config.write_text(tomlkit.dumps(document), encoding="utf-8")
    except OSError as error:
        _refuse(f"{config}: cannot be written ({error.strerror}); nothing was changed")
    undo = f" The file as it was: {kept} (copy it back to undo)." if old else ""
    typer.echo(f"Written to {config}.{undo}")


def _profile(name: str) -> str:
    from ..settings.policies import policies

    known = policies()
    if name not in known:
        _refuse(f"there is no profile {name!r}; known are {', '.join(known)}")
    return known[name]


def _refuse(text: str) -> NoReturn:
    typer.echo(f"massage-ins-bridge: {text}", err=True)
    raise typer.Exit(2)
