"""The two processes of a demonstration, in a temporary folder: the simulated booking platform and
the bridge itself."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import tomlkit

from ..settings import DEFAULT_CLINIC, StartError, load_settings
from ..store.database import open_store
from ..store.keys import add_key
from .story import MEDICAL, RELAXATION, UNCONFIRMED

ACCOUNT = "front-desk"
NEEDED = {
    "calcom": "connector-calcom",
    "lni": "payer-lni",
    "out-of-network": "payer-out-of-network",
    "pip": "payer-pip",
    "regence": "payer-regence",
    "uniform": "payer-uniform",
    "wa-law": "payer-wa-law",
}
START_SECONDS = 60.0
#: So long a process may take to end by itself.
END_SECONDS = 12.0
_LISTENS = re.compile(r"listens on (http://\S+)")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where both listen, and the key for the bridge's API."""

    bridge: str
    platform: str
    key: str


class Interrupts:
    """Makes SIGTERM, and a closing terminal, end the demonstration as Ctrl-C does. While ``held``
    they wait, so that no process is left behind half started or half ended."""

    def __init__(self) -> None:
        self._holding = self._waiting = False

    @contextlib.contextmanager
    def caught(self) -> Iterator[None]:
        """Until the end, a signal raises ``KeyboardInterrupt``."""
        names = [n for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]
        before = {n: signal.signal(getattr(signal, n), self._handle) for n in names}
        try:
            yield
        finally:
            for name, handler in before.items():
                signal.signal(getattr(signal, name), handler)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Signals wait until the end of this."""
        self._holding = True
        try:
            yield
        finally:
            self._holding = False
        if self._waiting:
            self._waiting = False
            raise KeyboardInterrupt

    def _handle(self, _number: int, _frame: Any) -> None:
        if self._holding:
            self._waiting = True
        else:
            raise KeyboardInterrupt


class Processes:
    """Starts both and ends both. What they say goes to files in ``folder``."""

    def __init__(self, folder: Path, interrupts: Interrupts) -> None:
        self._folder = folder
        self._interrupts = interrupts
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, port: int) -> Addresses:
        """Start the platform and the bridge. Raises ``StartError``."""
        api_key, secret = f"cal_{secrets.token_hex(12)}", secrets.token_hex(24)
        platform = self._start_platform(api_key, secret)
        config = self._folder / "massage-ins-bridge.toml"
        config.write_text(_settings(self._folder, port, platform, api_key, secret), "utf-8")
        self._spawn("bridge", "massage_ins_bridge.cli.main", "serve", "--config", str(config))
        bridge = self._wait("bridge", lambda: _found(_LISTENS, self._said("bridge")))
        self._wait("bridge", lambda: _answers(f"{bridge}/readyz"))
        settings = load_settings(config, environ={})
        store = open_store(settings)
        try:
            key = add_key(store, DEFAULT_CLINIC, "demo", datetime.now(UTC))
        finally:
            store.close()
        return Addresses(bridge, platform, key)

    def check(self) -> None:
        """Raises ``StartError`` where one of them has ended by itself."""
        for name, process in self._running.items():
            if process.poll() is not None:
                lines = self._said(name).strip().splitlines()
                last = f": {lines[-1][:300]}" if lines else ""
                raise StartError(f"the {name} ended with code {process.returncode}{last}")

    def stop(self) -> None:
        """End the bridge, then the platform; kill what does not end."""
        for process in reversed(self._running.values()):
            process.terminate()
        deadline = time.monotonic() + END_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start_platform(self, api_key: str, secret: str) -> str:
        kinds = [
            f"{MEDICAL}:medical-massage:60:confirm",
            f"{RELAXATION}:relaxation-massage:60:instant",
            f"{UNCONFIRMED}:medical-massage-open:60:instant",
        ]
        options = [part for kind in kinds for part in ("--event-type", kind)]
        self._spawn(
            "platform",
            "massage_ins_bridge_calcom_simulator",
            *("--api-key", api_key, "--secret", secret, *options),
        )
        line = self._wait("platform", lambda: _announced(self._said("platform")))
        return str(json.loads(line)["url"])

    def _spawn(self, name: str, module: str, *arguments: str) -> None:
        """Away from our own terminal: a Ctrl-C reaches us alone, and we end both in order."""
        environment = {k: v for k, v in os.environ.items() if not k.upper().startswith("MIB_")}
        path = self._folder / f"{name}.log"
        with path.open("wb") as log, self._interrupts.held():
            self._running[name] = subprocess.Popen(  # noqa: S603 - our own modules
                [sys.executable, "-m", module, *arguments],
                cwd=self._folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _said(self, name: str) -> str:
        return (self._folder / f"{name}.log").read_text("utf-8", errors="replace")

    def _wait(self, name: str, found: Callable[[], str | None]) -> str:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            result = found()
            if result:
                return result
            self.check()
            time.sleep(0.03)
        raise StartError(f"the {name} did not start within {START_SECONDS:.0f} seconds")


@contextlib.contextmanager
def running(
    port: int, interrupts: Interrupts, *, keep: bool
) -> Iterator[tuple[Processes, Addresses, Path]]:
    """Both processes; at the end they are ended and the folder is removed, unless kept."""
    folder: Path | None = None
    processes: Processes | None = None
    try:
        with interrupts.held():
            folder = Path(tempfile.mkdtemp(prefix="mib-demo-"))
        processes = Processes(folder, interrupts)
        yield processes, processes.start(port), folder
    finally:
        with interrupts.held():
            if processes is not None:
                processes.stop()
            if folder is not None and not keep:
                shutil.rmtree(folder, ignore_errors=True)


def missing_plugins() -> StartError | None:
    """What to install first, if anything."""
    names = {point.name for point in entry_points(group="massage_ins_bridge")}
    missing = [package for name, package in NEEDED.items() if name not in names]
    if not missing:
        return None
    packages = " ".join(f"massage-ins-bridge-{package}" for package in missing)
    folders = " ".join(f"./plugins/{package}" for package in missing)
    return StartError(
        f"the demo needs plugins that are not installed; "
        f"pip install {packages} (in a clone: pip install {folders})"
    )


def _settings(folder: Path, port: int, platform: str, api_key: str, secret: str) -> str:
    since = [{"status": "in", "from": "2015-01-01"}]
    left = [{"status": "out", "from": "2017-07-31"}]
    return tomlkit.dumps(
        {
            "port": port,
            "data_dir": str(folder / "data"),
            "demo_clock": True,
            "clinic": {
                "name": "Example Massage",
                "prior_approval": "payer",
                "prescription_lead_days": 4,
                "network": {"regence": since, "lni": since, "aetna": left},
            },
            "accounts": [
                {
                    "name": ACCOUNT,
                    "connector": "calcom",
                    "enforcement": "enforce",
                    "base_url": platform,
                    "api_key": api_key,
                    "webhook_secret": secret,
                    "rate_limit": 100_000,
                    "form_fields": {"insurance": "payer", "plan": "plan"},
                    "services": {
                        str(MEDICAL): {"service": "medical-massage", "self_pay": False},
                        str(UNCONFIRMED): {"service": "medical-massage", "self_pay": False},
                        str(RELAXATION): {"service": "relaxation-massage", "self_pay": True},
                    },
                }
            ],
        }
    )


def _found(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[1] if match else None


def _announced(text: str) -> str | None:
    """The line of JSON that says where it listens."""
    return next((line for line in text.splitlines() if line[:1] == "{" and line[-1:] == "}"), None)


def _answers(url: str) -> str | None:
    import httpx

    try:
        return url if httpx.get(url, trust_env=False, timeout=5).is_success else None
    except httpx.HTTPError:
        return None
