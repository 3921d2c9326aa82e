"""What would be decided of a check request. Nothing is stored."""

from __future__ import annotations

from typing import Any

from ..domain.answers import Decision
from ..domain.request import read_request
from .installation import Installation
from .odd_characters import refuse_odd_characters


def check(installation: Installation, data: Any) -> Decision:
    """Raises ``UnusableInputError``."""
    refuse_odd_characters(data)
    host = installation.host
    clinic = installation.settings.clinic_facts
    chart = read_request(data, installation.clock.now(), clinic, host.words)
    return host.decide(chart)
