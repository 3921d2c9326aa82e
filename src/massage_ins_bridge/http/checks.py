"""Addresses, paths and headers that may be used for calls to a platform."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping

import httpx

#: What may be sent to a server that the account's key is not for.
_HARMLESS = frozenset(
    ("accept", "content-type", "depth", "if-modified-since", "if-none-match", "prefer")
)


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


def checked_target(target: str, begun_at: httpx.URL, *, allow_http: bool) -> httpx.URL:
    """A whole address, or where a redirect from ``begun_at`` leads. Raises ``ValueError``, whose
    text holds no more of it than its host: paths may be secrets."""
    try:
        url = begun_at.join(target).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError):
        raise ValueError("what is no web address") from None
    if url.scheme not in ("https", "http") or not url.host:
        raise ValueError("what is no web address")
    if url.userinfo:
        raise ValueError(f"an address at {url.host} that holds a password")
    plain = url.scheme == "http"
    if plain and (begun_at.scheme == "https" or not (allow_http or is_loopback(url.host))):
        raise ValueError(f"{url.host} without encryption")
    return url


def same_place(one: httpx.URL, other: httpx.URL) -> bool:
    """Whether two addresses are of one server: equal in scheme, host and port, or the second is the
    first one's encrypted self."""
    if one.host != other.host:
        return False
    ports = {"http": 80, "https": 443}
    mine, theirs = one.port or ports[one.scheme], other.port or ports[other.scheme]
    upgraded = (one.scheme, mine, other.scheme, theirs) == ("http", 80, "https", 443)
    return upgraded or (one.scheme == other.scheme and mine == theirs)


def is_among(host: str, names: Collection[str]) -> bool:
    """Whether a host is named: by itself, or as one below ``*.example.com``."""
    host = host.lower()
    return any(host == n or (n.startswith("*.") and host.endswith(n[1:])) for n in names)


def harmless(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that any server may see."""
    return {name: value for name, value in headers.items() if name in _HARMLESS}


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
