"""The one client for calls to other people's servers: time limits, retries, rate limits."""

from __future__ import annotations

from .answers import PlatformResponse
from .client import PlatformClient
from .errors import (
    PlatformBusyError,
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
)
from .limits import Timeouts

__all__ = [
    "PlatformBusyError",
    "PlatformClient",
    "PlatformError",
    "PlatformGoneError",
    "PlatformRefusedError",
    "PlatformResponse",
    "Timeouts",
]
