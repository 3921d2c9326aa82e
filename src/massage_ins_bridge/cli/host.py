"""The host as the settings want it, for commands that decide without a database."""

from __future__ import annotations

import os
from pathlib import Path

from ..domain.clinic import Clinic
from ..hooks.host import DEFAULT_TIME_LIMIT, Host

DEFAULT_FILE = "massage-ins-bridge.toml"


def host_and_clinic(config: Path | None) -> tuple[Host, Clinic | None]:
    """The host, and the clinic of the settings; ``None`` where there are no settings at all.

    The settings are read only where there are any, so that a bare ``check`` starts fast. Raises
    ``StartError``, and ``HostError`` where there are no settings.
    """
    if config is None and not Path(DEFAULT_FILE).exists() and not _environment():
        return Host.load(time_limit=DEFAULT_TIME_LIMIT), None
    from ..hooks.configured import load_host
    from ..settings import load_settings

    settings = load_settings(config)
    return load_host(settings), settings.clinic_facts if settings.clinic else None


def _environment() -> bool:
    return any(name.startswith("MIB_") for name in os.environ)
