"""What tests of the host and of plugins use: a host over the installed plugins, and requests."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from ..domain.request import read_request
from ..hooks.host import Host


@lru_cache(maxsize=1)
def installed_host() -> Host:
    """One host over every installed plugin, made once per process."""
    return Host.load()


def decide_request(request: dict[str, Any], host: Host | None = None) -> dict[str, Any]:
    """The decision on a check request, as the contract's JSON values."""
    chart = read_request(request, datetime.now().astimezone())
    return (host or installed_host()).decide(chart).to_dict()
