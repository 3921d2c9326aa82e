"""What may stand in the settings, and what is checked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from ..domain.clinic import DEFAULT_ZONE, Clinic
from ..domain.office_hours import DEFAULT_HOURS, OfficeHours, read_office_hours
from ..domain.reading import read
from .errors import StartError

DEFAULT_CLINIC = "default"
#: The variables that may come from a file named by ``…_FILE``.
SECRETS = ("api_key", "webhook_secret", "secret_key", "database_url", "password")
#: A pause is for minutes in which somebody may say no, not for days.
MOST_MINUTES = 1440
#: What listens on every address is reached by this machine's browsers on these.
_OF_THIS_MACHINE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing is bound here
_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
#: What stands in ``[clinic]`` and is no fact that a rule may look at.
CLINIC_ALONE = frozenset({"office_hours"})


#: A host's name or address, without port and path; ``*.`` before it: all below it.
HostName = Annotated[str, Field(pattern=r"^(\*\.)?[A-Za-z0-9._:-]{1,253}$")]


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
    may be cancelled by the bridge. ``busy_times``: what is booked on other accounts is kept free in
    this one's calendar. ``allowed_hosts``: names of hosts to which the platform may send
    the bridge on though they lie in a private network, and which get the account's key.
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
    busy_times: bool = False
    form_fields: dict[str, str] = Field(default_factory=dict)
    rate_limit: int = Field(default=120, ge=1, le=100_000)
    allowed_hosts: tuple[HostName, ...] = ()
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


class GateSettings(_Table):
    """For platforms that ask before they book: for how many minutes a visit is reserved for the
    booking that follows."""

    reserve_minutes: int = Field(default=10, ge=1, le=120)

    @property
    def reserve(self) -> timedelta:
        return timedelta(minutes=self.reserve_minutes)


class MailSettings(_Table):
    """How e-mail leaves. ``sender`` is an address, or a name with one (``Clinic <desk@…>``);
    answers go to ``reply_to``, else to it. ``staff``: who gets the morning's summary, at
    ``digest_time``; clients are reminded at ``reminder_time``, both by the clinic's clock."""

    host: str = Field(min_length=1)
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str
    reply_to: str = ""
    staff: tuple[str, ...] = ()
    digest_time: str = Field(default="07:00", pattern=_CLOCK)
    reminder_time: str = Field(default="16:00", pattern=_CLOCK)


class ClientPageSettings(_Table):
    """What clients read on their page and in e-mails. ``prices``: by service, what a visit without
    insurance costs, in US dollars; without one nobody can agree to pay on the page."""

    phone: str = ""
    fax: str = ""
    address: str = ""
    hours: str = ""
    hours_es: str = ""
    prices: dict[str, Decimal] = Field(default_factory=dict)


class Settings(BaseSettings):
    """All settings of one installation. Secrets do not show in ``repr`` or in errors."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, validate_default=False
    )

    clinic: dict[str, Any] = Field(default_factory=dict)
    accounts: tuple[AccountSettings, ...] = ()
    tasks: TaskSettings = Field(default_factory=TaskSettings)
    gate: GateSettings = Field(default_factory=GateSettings)
    mail: MailSettings | None = None
    client_page: ClientPageSettings = Field(default_factory=ClientPageSettings)
    host: str = "127.0.0.1"
    port: int = Field(default=8766, ge=0, le=65535)
    public_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    data_dir: Path = Path("massage-ins-bridge-data")
    database_url: SecretStr | None = None
    secret_key: SecretStr | None = None
    rules_file: Path | None = None
    disabled_plugins: tuple[str, ...] = ()
    plugins_dir: Path | None = None
    plugin_time_limit: float = Field(default=2.0, gt=0, le=60)
    retention_days: int = Field(default=30, ge=1, le=3650)
    max_body: int = Field(default=1_048_576, ge=1024, le=104_857_600)
    staff_page: Literal["local", "sign-in", "off"] = "local"
    demo_clock: bool = False
    worker_name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{1,60}$")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        url = value.get_secret_value() if value else "sqlite:"
        if not url.startswith(("postgresql+psycopg://", "sqlite:")):
            raise ValueError("must begin with postgresql+psycopg://; leave it out for SQLite")
        return value

    @field_validator("staff_page", mode="before")
    @classmethod
    def _no_key(cls, value: Any) -> Any:
        if value == "key":
            raise ValueError('is "sign-in" now: people sign in, see `massage-ins-bridge user add`')
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

    @property
    def own_rules(self) -> Path:
        """The clinic's own rule file; without a setting it lies beside the data, and need not be
        there."""
        return self.rules_file or self.data_dir / "own-rules.toml"

    @property
    def address(self) -> str:
        """Where browsers reach this installation, without a slash at the end: its public address,
        else the one on which it listens. Raises ``StartError`` where the system is to choose the
        port: only the process that listens knows which one it got."""
        if self.public_url:
            return self.public_url.rstrip("/")
        if self.port == 0:
            raise StartError(
                "port: is 0, so that only the running service knows its address; write a port, or "
                "public_url"
            )
        host = _OF_THIS_MACHINE.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

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
