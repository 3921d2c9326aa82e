"""What is on this very machine."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from ...settings import Settings


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def is_at_home(url: str) -> bool:
    """Whether a web address leads here."""
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


def is_demonstration(settings: Settings) -> bool:
    """Whether all of it takes place here, with simulated platforms and a clock of its own."""
    here = is_loopback(settings.host) and not settings.public_url
    return settings.demo_clock and here and all(is_at_home(a.base_url) for a in settings.accounts)
