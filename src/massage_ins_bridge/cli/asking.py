"""Asking whoever sits at the command line; every question has an option that answers it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import typer

from ..desk.errors import ConflictError

T = TypeVar("T")


class Asker:
    """``given`` are answers by the option that gives them, such as ``--set base_url``. With ``yes``
    nobody is asked: what is not given is as suggested."""

    def __init__(self, given: Mapping[str, str], *, yes: bool) -> None:
        self._given, self.yes = given, yes

    def ask(
        self,
        option: str,
        question: str,
        read: Callable[[str], T],
        *,
        suggested: str | None = None,
        secret: bool = False,
    ) -> T:
        """The answer as ``read`` reads it, asked for until it can. Raises ``ConflictError`` where
        nobody can be asked."""
        if option in self._given:
            return read(self._given[option])
        if self.yes:
            if suggested is None:
                raise ConflictError(f"{option}=… is needed: {question}")
            return read(suggested)
        while True:
            answer = typer.prompt(
                question, default=suggested, hide_input=secret, show_default=not secret
            )
            try:
                return read(str(answer))
            except ConflictError as error:
                typer.echo(f"  {error}", err=True)

    def agreed(self, question: str, *, suggested: bool = True) -> bool:
        """Whether they agree; where nobody is asked, as suggested."""
        return suggested if self.yes else typer.confirm(question, default=suggested)

    def given(self, option: str) -> list[str]:
        """The names that were given with an option of pairs."""
        start = f"{option} "
        return [name.removeprefix(start) for name in self._given if name.startswith(start)]


def pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    """``NAME=VALUE`` as often as the option was given. Raises ``ConflictError``."""
    found = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not (name and sign):
            raise ConflictError(f"{option} {text}: write it as NAME=VALUE")
        found[f"{option} {name}"] = value
    return found


def from_files(option: str, given: Sequence[str]) -> dict[str, str]:
    """``NAME=FILE``: the value stands in the file (``-``: standard input), where no other user of
    the machine sees it. Raises ``ConflictError``."""
    found = {}
    for name, file in pairs(option, given).items():
        try:
            text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
            found[name.replace(option, "--set")] = text.strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConflictError(f"{option} {file}: cannot be read ({error})") from None
    return found
