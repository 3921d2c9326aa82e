"""What a domain's DNS says of its CalDAV server (RFC 6764, 3 and 4).

It is only told, never followed: an answer of DNS may be anybody's, and whoever follows it hands
over the password. The clinic writes the address into its settings, if it is theirs.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

import dns.exception
import dns.resolver

#: How long the name servers are waited for, in seconds.
PATIENCE = 3.0
#: Only what is spoken over TLS: passwords do not go in the open.
SERVICE = "_caldavs._tcp"
_TLS_PORT = 443


def server_named_for(base_url: str) -> str | None:
    """The address of the server that serves the calendars of a domain; ``None`` where nothing is
    said, or nothing else than what was given. Never raises."""
    host = urlsplit(base_url).hostname or ""
    name = f"{SERVICE}.{host}"
    if _is_address(host):
        return None
    try:
        found = dns.resolver.resolve(name, "SRV", lifetime=PATIENCE)
        one = min(found, key=lambda record: (record.priority, -record.weight))
    except (dns.exception.DNSException, OSError, ValueError):
        return None
    target = str(one.target).rstrip(".").lower()
    if not target:
        return None  # the domain says that it has none
    port = "" if one.port == _TLS_PORT else f":{one.port}"
    address = f"https://{target}{port}{_path(name)}"
    return None if address.rstrip("/") == base_url.rstrip("/") else address


def _path(name: str) -> str:
    """Where on the server to begin (``path=`` of the TXT record)."""
    try:
        for record in dns.resolver.resolve(name, "TXT", lifetime=PATIENCE):
            text = b"".join(record.strings).decode("ascii", "replace")
            if text.startswith("path=/") and text.isprintable() and len(text) < 200:
                return text.removeprefix("path=")
    except (dns.exception.DNSException, OSError):
        pass
    return "/"


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return "." not in host
    return True
