"""Settings: a TOML file, ``MIB_…`` variables over it, and secrets from files.

``MIB_ACCOUNTS__0__API_KEY`` overrides one field of one list item; a name ending in ``_FILE``
(or a key ending in ``_file``) names a file that holds the secret.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping, MutableMapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from .domain.facts import DEFAULT_ZONE, Clinic
from .domain.reading import UnusableInputError, read
from .domain.request import impossible_clinic

DEFAULT_FILE = "massage-ins-bridge.toml"
DEFAULT_CLINIC = "default"
PREFIX = "MIB_"
#: The variables that may come from a file named by ``…_FILE``.
SECRETS = ("api_key", "webhook_secret", "secret_key", "database_url")
#: Variables of the process that are no settings.
_NOT_SETTINGS = frozenset({"CONFIG"})


class StartError(Exception):
    """The service cannot start; the text is one line that names the cause and the cure."""


class SettingsError(StartError):
    """Settings that cannot be used: ``problems`` holds one line each, without secret values."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ServiceSettings(_Table):
    """What one of the platform's services means here."""

    service: str
    self_pay: bool


class TaskSettings(_Table):
    """When staff is asked. A claim is due so many days after its visit (``bill_within_days``); what
    the next visits will meet is said so many visits and days ahead (``ahead_visits``,
    ``ahead_days``); a booking called off fewer hours before its time was called off late."""

    bill_within_days: int = Field(default=7, ge=0, le=365)
    ahead_visits: int = Field(default=2, ge=1, le=12)
    ahead_days: int = Field(default=28, ge=1, le=180)
    late_cancel_hours: int = Field(default=24, ge=0, le=336)


class AccountSettings(_Table):
    """One clinic's connection to one booking platform."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    connector: str
    enforcement: Literal["enforce", "observe"]
    base_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    api_key: SecretStr = SecretStr("")
    webhook_secret: SecretStr = SecretStr("")
    services: dict[str, ServiceSettings] = Field(default_factory=dict)
    form_fields: dict[str, str] = Field(default_factory=dict)
    rate_limit: int = Field(default=120, ge=1, le=100_000)
    poll_minutes: int = Field(default=5, ge=1, le=1440)
    options: dict[str, Any] = Field(default_factory=dict)


class Settings(BaseSettings):
    """All settings of one installation. Secrets do not show in ``repr`` or in errors."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, validate_default=False
    )

    clinic: dict[str, Any] = Field(default_factory=dict)
    accounts: tuple[AccountSettings, ...] = ()
    tasks: TaskSettings = Field(default_factory=TaskSettings)
    host: str = "127.0.0.1"
    port: int = Field(default=8766, ge=0, le=65535)
    public_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    data_dir: Path = Path("massage-ins-bridge-data")
    database_url: SecretStr | None = None
    secret_key: SecretStr | None = None
    rules_file: Path | None = None
    disabled_plugins: tuple[str, ...] = ()
    plugin_time_limit: float = Field(default=2.0, gt=0, le=60)
    retention_days: int = Field(default=30, ge=1, le=3650)
    max_body: int = Field(default=1_048_576, ge=1024, le=104_857_600)
    staff_page: Literal["local", "key", "off"] = "local"
    demo_clock: bool = False
    worker_name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{1,60}$")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        url = value.get_secret_value() if value else "sqlite:"
        if not url.startswith(("postgresql+psycopg://", "sqlite:")):
            raise ValueError("must begin with postgresql+psycopg://; leave it out for SQLite")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what ``load_settings`` merged: pydantic's own sources cannot override one field
        of one list item."""
        return (init_settings,)

    @cached_property
    def clinic_facts(self) -> Clinic:
        """The clinic as the rules see it."""
        facts = read(Clinic, _plain(self.clinic), "clinic")
        return (
            facts
            if facts.timezone
            else read(Clinic, {**_plain(self.clinic), "timezone": DEFAULT_ZONE}, "clinic")
        )

    def account(self, name: str) -> AccountSettings | None:
        return next((a for a in self.accounts if a.name == name), None)


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
    accounts = merged.get("accounts", [])
    if not isinstance(accounts, (list, tuple)):
        raise SettingsError(["accounts: must be tables; begin each with [[accounts]]"])
    for number, account in enumerate(accounts):
        _read_secret_files(account, f"accounts[{number}].")
    try:
        settings = Settings(**merged)
    except ValidationError as error:
        raise SettingsError(sorted(set(_lines(error)))) from None
    _check(settings)
    return settings


def settings_file(path: Path | None) -> Path | None:
    """The file that ``load_settings`` reads, if there is one."""
    found = _named(path, os.environ) or Path(DEFAULT_FILE)
    return found if found.is_file() else None


def _named(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    return path or (Path(environ["MIB_CONFIG"]) if environ.get("MIB_CONFIG") else None)


def _check(settings: Settings) -> None:
    problems: list[str] = []
    try:
        problems += [str(problem) for problem in impossible_clinic(settings.clinic_facts)]
    except UnusableInputError as error:
        problems += [str(problem) for problem in error.problems]
    names = [a.name for a in settings.accounts]
    problems += [
        f"accounts: the name {name!r} is given twice; webhooks could not be told apart"
        for name in sorted({n for n in names if names.count(n) > 1})
    ]
    if problems:
        raise SettingsError(problems)


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


def _lines(error: ValidationError) -> Iterator[str]:
    for item in error.errors(include_url=False, include_input=False):
        where = _where(item["loc"])
        if item["type"] == "extra_forbidden":
            yield f"{where}: is not a known setting{_nearest(item['loc'])}"
        elif item["type"] == "missing":
            yield f"{where}: is missing{_cure(str(item['loc'][-1]))}"
        elif item["type"] in _PLAINLY:
            yield f"{where}: {_PLAINLY[item['type']]}{_cure(str(item['loc'][-1]))}"
        else:
            message = item["msg"].removeprefix("Value error, ")
            message = message[:1].lower() + message[1:]
            message = message.replace("input should be", "must be").split(", unable to")[0]
            yield f"{where}: {message}{_cure(str(item['loc'][-1]))}"


def _where(loc: tuple[int | str, ...]) -> str:
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _nearest(loc: tuple[int | str, ...]) -> str:
    model: type[BaseModel] = Settings
    if loc[0] == "accounts":
        model = ServiceSettings if "services" in loc[:-1] else AccountSettings
    elif loc[0] == "tasks" and len(loc) > 1:
        model = TaskSettings
    names = [*model.model_fields]
    names += [f"{s}_file" for s in SECRETS if s in names]
    near = get_close_matches(str(loc[-1]), names, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(names)}"


#: Where pydantic would speak of patterns and of our classes.
_PLAINLY = {
    "string_pattern_mismatch": "cannot be used",
    "model_type": "must be a table",
    "dict_type": "must be a table",
    "tuple_type": "must be a list",
    "string_type": "must be text",
    "path_type": "must be a path, written as text",
}
_CURES = {
    "enforcement": '; write "enforce" to write outcomes back, or "observe" to only watch',
    "connector": '; name the plugin that talks to the platform, such as "calcom"',
    "name": "; use lower-case letters, digits and hyphens: webhooks arrive at /webhooks/NAME",
    "public_url": "; write the address that platforms reach, such as https://bridge.example.com",
    "worker_name": "; use up to 60 letters, digits, dots, hyphens and underscores, such as desk-1",
    "base_url": "; write the address of the platform's API, such as https://api.cal.com",
}


def _cure(name: str) -> str:
    return _CURES.get(name, "")


def _plain(value: Any) -> Any:
    """TOML's own dates as text, as the reader of facts expects them."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return cast(Any, _number(value))


def _number(value: Any) -> Any:
    """A whole number or truth value that came as text from a variable."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 7:
        return int(value)
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
