"""Addresses, paths and headers that may be used for calls to a platform."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

import httpx


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def checked_base(base_url: str, *, allow_http: bool) -> httpx.URL:
    """The address that calls begin with. Raises ``ValueError``."""
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, TypeError):
        raise ValueError("base_url is not a web address") from None
    if url.scheme not in ("https", "http") or not url.host:
        raise ValueError("base_url must begin with https:// and name a host")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("base_url must hold no password, query or fragment")
    if url.scheme == "http" and not allow_http and not is_loopback(url.host):
        raise ValueError(f"base_url must begin with https://, since {url.host} is another machine")
    return url


def checked_path(path: str) -> str:
    """A path that stays below the base. Raises ``ValueError``."""
    if not path.startswith("/") or not path.isascii() or any(c in path for c in "?# \\\r\n"):
        raise ValueError("a path begins with a slash and holds no query and no spaces")
    if any(part in (".", "..") for part in path.split("/")):
        raise ValueError("a path holds no '.' or '..' parts")
    return path


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers that can be sent, names in lower case. Raises ``ValueError``, without the value."""
    checked = {}
    for name, value in headers.items():
        if not value.isascii() or not value.isprintable():
            raise ValueError(f"the value of the header {name} cannot be sent: odd characters")
        checked[name.lower()] = value.strip()
    return checked
