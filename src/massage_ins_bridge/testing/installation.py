"""A whole installation for the time of a demonstration, a measurement or a test: the simulated
Cal.com, and as many services of the bridge as are wanted, in one folder and on one database."""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import tomlkit

from .processes import Process, answers, call, stop

ACCOUNT = "front-desk"
SIMULATOR = "massage_ins_bridge_calcom_simulator"
SERVICE = "massage_ins_bridge.cli.main"
#: An address that nobody listens on.
NOWHERE = "http://127.0.0.1:9"
_LISTENS = re.compile(r"listens on (http://\S+)")


@dataclass(frozen=True, slots=True)
class EventType:
    """A service on the platform (``mode``: waits for confirmation, or not), and what it means at
    the clinic."""

    id: int
    slug: str
    mode: Literal["confirm", "instant"]
    service: str
    self_pay: bool = False

    @property
    def option(self) -> str:
        """As the simulator takes it."""
        return f"{self.id}:{self.slug}:60:{self.mode}"


EVENT_TYPES = (
    EventType(30412, "medical-massage", "confirm", "medical-massage"),
    EventType(30413, "relaxation-massage", "confirm", "relaxation-massage", self_pay=True),
)


@dataclass(slots=True)
class BridgeProcess:
    """One process of the bridge."""

    process: Process
    _url: str | None = None

    @property
    def url(self) -> str | None:
        """Where it listens; ``None`` as long as it has not said so."""
        if self._url is None and (found := _LISTENS.search(self.process.said())):
            self._url = found[1]
        return self._url

    def wait_ready(self, *, knowing: bool = True) -> str:
        """Wait until it takes up work; where it listens. ``knowing``: and until it knows all
        bookings of its platform, and so may write. Raises ``ProcessError``."""
        url = self.process.wait_until(lambda: self.url)
        self.process.wait_until(lambda: answers(f"{url}/readyz"))
        if knowing:
            self.process.wait_until(lambda: _knows(url))
        return url


class Installation:
    """The simulated platform runs while the ``with`` lasts; services are started with ``serve``.

    ``settings`` are laid over those of the file, ``account`` over those of the one account, and
    ``options`` are the simulator's. ``guard`` is entered while a process is started, which an
    interruption would leave behind.
    """

    def __init__(
        self,
        folder: Path,
        event_types: Sequence[EventType] = EVENT_TYPES,
        *,
        options: Sequence[str] = (),
        account: dict[str, Any] | None = None,
        guard: Callable[[], AbstractContextManager[None]] = contextlib.nullcontext,
        **settings: Any,
    ) -> None:
        self.folder = folder
        self.api_key = f"cal_{secrets.token_hex(12)}"
        self.secret = secrets.token_hex(24)
        self.platform_url = NOWHERE
        self.services: tuple[BridgeProcess, ...] = ()
        self._platform: Process | None = None
        self._event_types, self._options = event_types, options
        self._account, self._settings = account or {}, settings
        self._guard = guard

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the platform and write the settings. Raises ``ProcessError``."""
        kinds = [part for kind in self._event_types for part in ("--event-type", kind.option)]
        keys = ("--api-key", self.api_key, "--secret", self.secret)
        with self._guard():
            self._platform = Process.start(
                self.folder, "platform", SIMULATOR, *keys, *kinds, *self._options
            )
        self.platform_url = str(self._platform.announced()["url"])
        self.write_settings()

    @property
    def config(self) -> Path:
        """The settings file of every service."""
        return self.folder / "massage-ins-bridge.toml"

    def write_settings(self) -> Path:
        """Write the settings file; by itself for a service whose platform is not asked."""
        meanings = {
            str(kind.id): {"service": kind.service, "self_pay": kind.self_pay}
            for kind in self._event_types
        }
        account = {
            "name": ACCOUNT,
            "connector": "calcom",
            "enforcement": "enforce",
            "base_url": self.platform_url,
            "api_key": self.api_key,
            "webhook_secret": self.secret,
            "rate_limit": 100_000,
            # nobody waits for an office here
            "refuse_after_minutes": 0,
            "refuse_in_office_hours": False,
            "services": meanings,
        }
        clinic = {
            "name": "Example Massage",
            "timezone": "America/Los_Angeles",
            "network": {"regence": [{"status": "in", "from": "2015-01-01"}]},
        }
        settings: dict[str, Any] = {"data_dir": str(self.folder / "data"), "clinic": clinic}
        accounts = [{**account, **self._account}]
        text = tomlkit.dumps({**settings, **self._settings, "accounts": accounts})
        self.config.write_text(text, encoding="utf-8")
        return self.config

    def serve(self, name: str = "bridge", port: int = 0, **settings: Any) -> BridgeProcess:
        """One more service, not waited for. ``name`` is that of its log; port 0 is one of the
        system's choice; ``settings`` are for this process alone."""
        command = (SERVICE, "serve", "--config", str(self.config), "--port", str(port))
        variables = {f"MIB_{key.upper()}": str(value) for key, value in settings.items()}
        with self._guard():
            made = BridgeProcess(Process.start(self.folder, name, *command, variables=variables))
            self.services = (*self.services, made)
        return made

    def kill(self, service: BridgeProcess) -> None:
        """Kill one service (SIGKILL), and forget it."""
        service.process.kill()
        self.services = tuple(one for one in self.services if one is not service)

    def control(self, path: str, body: Any = None) -> Any:
        """The platform's controls (``/_standin/…``); with ``body`` a POST."""
        return call(f"{self.platform_url}/_standin/{path}", body)

    def send_webhooks_to(self, url: str) -> None:
        """From now on the platform sends to the service that listens at this address."""
        self.control("settings", {"webhook_url": f"{url}/webhooks/{ACCOUNT}"})

    def check(self) -> None:
        """Raises ``ProcessError`` where one of the processes has ended by itself."""
        for process in self._processes():
            process.check()

    def stop(self) -> None:
        """End the services, then the platform."""
        stop(*self._processes())

    def _processes(self) -> list[Process]:
        platform = [self._platform] if self._platform else []
        return [*(service.process for service in self.services), *platform]


def _knows(url: str) -> bool:
    """Whether a service knows all bookings of its accounts."""
    try:
        return not call(f"{url}/readyz")["taking_in"]
    except (OSError, ValueError):
        return False
