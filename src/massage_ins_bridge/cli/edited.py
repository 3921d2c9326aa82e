"""A host under an edited rule file: a clinic's own, or one of a plugin."""

from __future__ import annotations

import os
from pathlib import Path

import tomli

from ..hooks.configured import load_host
from ..hooks.host import Host
from ..rulebook.book import parse_book
from ..rulebook.schema import RuleDataError
from ..settings import load_settings


def edited_host(path: Path, config: Path | None) -> Host:
    """The host as it would be with this file. One that begins with ``plugin`` stands for that
    plugin's ``rules.toml``, any other for the clinic's own file. Raises
    ``RuleDataError`` and ``StartError``."""
    settings = load_settings(config)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = os.strerror(error.errno or 0) if isinstance(error, OSError) else "no UTF-8 text"
        raise RuleDataError(f"{path}: cannot be read ({reason})") from error
    if not _is_of_plugin(text):
        return load_host(settings.model_copy(update={"rules_file": path}))
    return load_host(settings, [parse_book(text, str(path))])


def _is_of_plugin(text: str) -> bool:
    """Whether the file names the plugin whose rules it holds. What is no TOML is told when it is
    read."""
    try:
        return "plugin" in tomli.loads(text)
    except tomli.TOMLDecodeError:
        return False
