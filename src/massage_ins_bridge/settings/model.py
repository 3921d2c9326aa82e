"""What may stand in the settings, and what is checked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from ..domain.clinic import DEFAULT_ZONE, Clinic
from ..domain.office_hours import DEFAULT_HOURS, OfficeHours, read_office_hours
from ..domain.reading import read

DEFAULT_CLINIC = "default"
#: The variables that may come from a file named by ``…_FILE``.
SECRETS = ("api_key", "webhook_secret", "secret_key", "database_url")
#: A pause is for minutes in which somebody may say no, not for days.
MOST_MINUTES = 1440
#: What stands in ``[clinic]`` and is no fact that a rule may look at.
CLINIC_ALONE = frozenset({"office_hours"})


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ServiceSettings(_Table):
    """What one of the platform's services means here."""

    service: str
    self_pay: bool


class AccountSettings(_Table):
    """One clinic's connection to one booking platform.

    ``services`` and ``practitioners`` say which of the platform's bookings are the clinic's, by
    its own names of services and hosts; nothing else is touched. ``refuse_after_minutes``: the
    pause before a refusal is carried out. ``refuse_in_office_hours``: a refusal that a clock
    caused waits for the office to open. ``cancel_accepted``: what the platform accepted by itself
    may be cancelled by the bridge.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    connector: str
    enforcement: Literal["enforce", "observe"]
    base_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    api_key: SecretStr = SecretStr("")
    webhook_secret: SecretStr = SecretStr("")
    services: dict[str, ServiceSettings] = Field(default_factory=dict)
    practitioners: dict[str, str] = Field(default_factory=dict)
    refuse_after_minutes: int = Field(default=15, ge=0, le=MOST_MINUTES)
    refuse_in_office_hours: bool = True
    cancel_accepted: bool = False
    form_fields: dict[str, str] = Field(default_factory=dict)
    rate_limit: int = Field(default=120, ge=1, le=100_000)
    poll_minutes: int = Field(default=5, ge=1, le=1440)
    options: dict[str, Any] = Field(default_factory=dict)

    @property
    def pause(self) -> timedelta:
        """How long a refusal waits."""
        return timedelta(minutes=self.refuse_after_minutes)


class TaskSettings(_Table):
    """When staff is asked. A claim is due so many days after its visit (``bill_within_days``); what
    the next visits will meet is said so many visits and days ahead (``ahead_visits``,
    ``ahead_days``); a booking called off fewer hours before its time was called off late."""

    bill_within_days: int = Field(default=7, ge=0, le=365)
    ahead_visits: int = Field(default=2, ge=1, le=12)
    ahead_days: int = Field(default=28, ge=1, le=180)
    late_cancel_hours: int = Field(default=24, ge=0, le=336)


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
        data = {k: v for k, v in _plain(self.clinic).items() if k not in CLINIC_ALONE}
        facts = read(Clinic, data, "clinic")
        return facts if facts.timezone else replace(facts, timezone=DEFAULT_ZONE)

    @cached_property
    def office_hours(self) -> OfficeHours:
        """When somebody is at the desk, by the clinic's zone. Raises ``ValueError``."""
        return read_office_hours(str(self.clinic.get("office_hours", DEFAULT_HOURS)))

    def account(self, name: str) -> AccountSettings | None:
        return next((a for a in self.accounts if a.name == name), None)


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
