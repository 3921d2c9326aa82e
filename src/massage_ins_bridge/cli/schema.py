"""``schema``: the JSON Schemas of rule files, and of what platforms send and are sent."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import Annotated, Any

import typer

from .serve import Config


def schema(
    name: Annotated[
        str | None, typer.Argument(help="such as rules; without it they are listed")
    ] = None,
    config: Config = None,
) -> None:
    """Print the JSON Schema of a plugin's `rules.toml` (`rules`), of a clinic's own rule file
    (`rules.clinic`), or of what a connector's platform sends, or is sent."""
    found = _of_rule_files()
    if name not in found:  # these alone need neither settings nor plugins
        found |= _of_platforms(config)
    if name is None:
        for one in found:
            typer.echo(one)
        return
    if name not in found:
        near = get_close_matches(name, found, n=1)
        cure = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(found) or 'none'}"
        typer.echo(f"massage-ins-bridge: there is no schema {name!r}; {cure}", err=True)
        raise typer.Exit(2)
    typer.echo(json.dumps(found[name], indent=2, ensure_ascii=False))


def _of_rule_files() -> dict[str, Any]:
    from ..rulebook.schema import rules_schema

    whole = rules_schema()
    parts = whole["$defs"]
    clinic = {
        "$schema": whole["$schema"],
        "title": parts["clinic"]["title"],
        "$ref": "#/$defs/clinic",
        "$defs": parts,
    }
    return {"rules": whole, "rules.clinic": clinic}


def _of_platforms(config: Config) -> dict[str, Any]:
    from ..desk.accounts import sound_classes
    from ..hooks.configured import load_host
    from ..settings import StartError, load_settings

    try:
        classes = sound_classes(load_host(load_settings(config)))
    except StartError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    return {
        f"{connector}.{kind}": document
        for connector, made in sorted(classes.items())
        for kind, document in getattr(made, "schemas", {}).items()
    }
