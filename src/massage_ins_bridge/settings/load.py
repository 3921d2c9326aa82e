"""Settings: a TOML file, ``MIB_…`` variables over it, and secrets from files.

``MIB_ACCOUNTS__0__API_KEY`` overrides one field of one list item; a name ending in ``_FILE``
(or a key ending in ``_file``) names a file that holds the secret.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from .checks import problems_of
from .errors import SettingsError
from .model import SECRETS, Settings
from .problems import lines

DEFAULT_FILE = "massage-ins-bridge.toml"
PREFIX = "MIB_"
#: Variables of the process that are no settings.
_NOT_SETTINGS = frozenset({"CONFIG"})


def load_settings(
    path: Path | None = None,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Settings:
    """Settings from ``path`` (or the default file, if there is one), variables and overrides.

    Raises ``SettingsError``.
    """
    environ = os.environ if environ is None else environ
    named = _named(path, environ)
    merged = _read_toml(named or Path(DEFAULT_FILE), required=named is not None)
    _lay_environment(merged, environ)
    merged |= {k: v for k, v in (overrides or {}).items() if v is not None}
    _read_secret_files(merged)
    _read_secret_files(merged.get("mail"), "mail.")
    accounts = merged.get("accounts", [])
    if not isinstance(accounts, (list, tuple)):
        raise SettingsError(["accounts: must be tables; begin each with [[accounts]]"])
    for number, account in enumerate(accounts):
        _read_secret_files(account, f"accounts[{number}].")
    try:
        settings = Settings(**merged)
    except ValidationError as error:
        raise SettingsError(sorted(set(lines(error)))) from None
    if problems := list(problems_of(settings)):
        raise SettingsError(problems)
    return settings


def settings_file(path: Path | None) -> Path | None:
    """The file that ``load_settings`` reads, if there is one."""
    found = _named(path, os.environ) or Path(DEFAULT_FILE)
    return found if found.is_file() else None


def _named(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    return path or (Path(environ["MIB_CONFIG"]) if environ.get("MIB_CONFIG") else None)


def _read_toml(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        if not required:
            return {}
        raise SettingsError([f"{path}: there is no such file; name one with --config"]) from None
    except OSError as error:
        raise SettingsError([f"{path}: cannot be read ({error.strerror})"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path}: not valid TOML: {error}"]) from None


def _lay_environment(merged: dict[str, Any], environ: Mapping[str, str]) -> None:
    for name in sorted(environ):
        if not name.upper().startswith(PREFIX) or name.upper()[len(PREFIX) :] in _NOT_SETTINGS:
            continue
        parts = [p.lower() for p in name[len(PREFIX) :].split("__")]
        _lay(merged, parts, _value(environ[name]), name)


def _lay(node: Any, parts: list[str], value: Any, name: str) -> None:
    for position, part in enumerate(parts):
        last = position == len(parts) - 1
        if isinstance(node, list):
            node = _item(node, part, value, name, last=last)
        elif isinstance(node, MutableMapping):
            if last:
                node[part] = value
                return
            empty: Any = [] if parts[position + 1].isdigit() and part == "accounts" else {}
            node = node.setdefault(part, empty)
        else:
            raise SettingsError([f"{name}: {'.'.join(parts[:position])} is no table"])
        if last:
            return


def _item(node: list[Any], part: str, value: Any, name: str, *, last: bool) -> Any:
    if not part.isdigit() or int(part) > len(node):
        raise SettingsError([f"{name}: {part!r} names no item; count from 0, at most {len(node)}"])
    if int(part) == len(node):
        node.append({})
    if last:
        node[int(part)] = value
    return node[int(part)]


def _value(text: str) -> Any:
    if text[:1] in ("[", "{"):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _read_secret_files(table: Any, where: str = "") -> None:
    if not isinstance(table, MutableMapping):
        return
    for secret in SECRETS:
        file = table.pop(f"{secret}_file", None)
        if file is None:
            continue
        try:
            text = Path(str(file)).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            raise SettingsError(
                [f"{where}{secret}_file: {file} cannot be read ({reason})"]
            ) from None
        if not text:
            raise SettingsError([f"{where}{secret}_file: {file} is empty; put the secret in it"])
        table[secret] = text
