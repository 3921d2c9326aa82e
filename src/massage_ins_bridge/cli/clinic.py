"""``clinic profile``: ready policies to start from, shown and applied to the settings file."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

app = typer.Typer(help="The clinic's own policy.", no_args_is_help=True)
profile = typer.Typer(help="Ready profiles: list, show, apply.", no_args_is_help=True)
app.add_typer(profile, name="profile")
DEFAULT_FILE = Path("massage-ins-bridge.toml")


def profiles() -> Mapping[str, str]:
    """The profiles' TOML text by name."""
    folder = resources.files(__package__) / "profiles"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return {f.name.removesuffix(".toml"): f.read_text(encoding="utf-8") for f in files}


@profile.command("list")
def list_() -> None:
    """The profiles, each with its first line."""
    for name, text in profiles().items():
        typer.echo(f"{name}: {text.splitlines()[0].removeprefix('# ')}")


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

    policy = tomlkit.parse(_profile(name))["clinic"]
    try:
        old = config.read_text(encoding="utf-8-sig") if config.exists() else ""
        document = tomlkit.parse(old)
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        _refuse(f"{config}: cannot be read as settings: {error}")
    clinic = document.setdefault("clinic", tomlkit.table())
    changes = list(_lay(clinic, policy, "clinic"))
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


def _lay(target: Any, policy: Any, path: str) -> Any:
    for key, value in policy.items():
        where = f"{path}.{key}"
        if hasattr(value, "items"):
            if key not in target:
                target[key] = {}
            yield from _lay(target[key], value, where)
        elif key not in target or target[key] != value:
            before = f" (was {target[key]})" if key in target else ""
            target[key] = value
            yield f"{where} = {value}{before}"


def _profile(name: str) -> str:
    known = profiles()
    if name not in known:
        _refuse(f"there is no profile {name!r}; known are {', '.join(known)}")
    return known[name]


def _refuse(text: str) -> NoReturn:
    typer.echo(f"massage-ins-bridge: {text}", err=True)
    raise typer.Exit(2)
