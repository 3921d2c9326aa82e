"""The two processes of a demonstration, in a temporary folder: the simulated booking platform and
the bridge itself."""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, NoReturn

from ..settings import DEFAULT_CLINIC, StartError, load_settings
from ..store.database import open_store
from ..store.keys import add_key
from ..testing.installation import SIMULATOR, EventType, Installation
from ..testing.processes import ProcessError
from .story import MEDICAL, RELAXATION, UNCONFIRMED

NEEDED = {
    "calcom": "connector-calcom",
    "lni": "payer-lni",
    "out-of-network": "payer-out-of-network",
    "pip": "payer-pip",
    "regence": "payer-regence",
    "uniform": "payer-uniform",
    "wa-law": "payer-wa-law",
}
EVENT_TYPES = (
    EventType(MEDICAL, "medical-massage", "confirm", "medical-massage"),
    EventType(RELAXATION, "relaxation-massage", "instant", "relaxation-massage", self_pay=True),
    EventType(UNCONFIRMED, "medical-massage-open", "instant", "medical-massage"),
)
_SINCE = [{"status": "in", "from": "2015-01-01"}]
_LEFT = [{"status": "out", "from": "2017-07-31"}]
NETWORK = {"regence": _SINCE, "lni": _SINCE, "aetna": _LEFT}
CLINIC = {"name": "Example Massage", "prior_approval": "payer"}
#: A signal that comes so soon after another is of the same impatience.
SAME_SECONDS = 1.0
#: As a clinic has it that sets nothing.
PAUSE = {"refuse_after_minutes": 15, "refuse_in_office_hours": True}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where both listen, and the key for the bridge's API."""

    bridge: str
    platform: str
    key: str


class Interrupts:
    """Makes SIGTERM, and a closing terminal, end the demonstration as Ctrl-C does. While ``held``
    they wait, so that no process is left behind half started or half ended; a second one that
    comes at once, before the end is ``held``, is the same as the first."""

    def __init__(self) -> None:
        self._holding = self._waiting = False
        self._raised = -SAME_SECONDS

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
            self._raise()

    def _handle(self, _number: int, _frame: Any) -> None:
        if self._holding:
            self._waiting = True
        elif time.monotonic() - self._raised >= SAME_SECONDS:
            self._raise()

    def _raise(self) -> NoReturn:
        self._raised = time.monotonic()
        raise KeyboardInterrupt


@contextlib.contextmanager
def running(
    port: int, interrupts: Interrupts, *, keep: bool, network: dict[str, Any] | None = None
) -> Iterator[tuple[Installation, Addresses, Path]]:
    """Both processes; at the end they are ended and the folder is removed, unless kept. ``network``
    is laid over the clinic's own.

    Raises ``StartError`` where one of them does not start or ends by itself.
    """
    folder: Path | None = None
    made: Installation | None = None
    try:
        with interrupts.held():
            folder = Path(tempfile.mkdtemp(prefix="mib-demo-"))
        made = Installation(
            folder,
            EVENT_TYPES,
            account={"form_fields": {"insurance": "payer", "plan": "plan"}, **PAUSE},
            guard=interrupts.held,
            demo_clock=True,
            clinic={**CLINIC, "network": {**NETWORK, **(network or {})}},
        )
        made.start()
        bridge = made.serve(port=port).wait_ready()
        yield made, Addresses(bridge, made.platform_url, _key(made.config)), folder
    except ProcessError as error:
        raise StartError(str(error)) from None
    finally:
        with interrupts.held():
            if made is not None:
                made.stop()
            if folder is not None and not keep:
                shutil.rmtree(folder, ignore_errors=True)


def missing_plugins(*, own: bool = False) -> StartError | None:
    """What to install first, if anything; ``own`` stories need the platform alone."""
    names = {point.name for point in entry_points(group="massage_ins_bridge")}
    needed = {"calcom": NEEDED["calcom"]} if own else NEEDED
    missing = [package for name, package in needed.items() if name not in names]
    if importlib.util.find_spec(SIMULATOR) is None:
        missing.append("simulator-calcom")
    if not missing:
        return None
    packages = " ".join(f"massage-ins-bridge-{package}" for package in missing)
    folders = " ".join(f"./plugins/{package}" for package in missing)
    return StartError(
        f"the demo needs plugins that are not installed; "
        f"pip install {packages} (in a clone: pip install {folders})"
    )


def _key(config: Path) -> str:
    """A key for the API of the service with this settings file."""
    store = open_store(load_settings(config, environ={}))
    try:
        return add_key(store, DEFAULT_CLINIC, "demo", datetime.now(UTC))
    finally:
        store.close()
