"""Whether passkeys work at the address by which a browser comes: they are bound to a name, which
must be one that the clinic has settled, or this very machine's."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request

from ...desk.passkeys import Place
from ...settings import Settings

LOCAL = "localhost"


def place_of(request: Request, settings: Settings) -> Place | None:
    """Where the browser is; ``None`` where no passkey can be used."""
    host = request.headers.get("host", "")
    if host.partition(":")[0] == LOCAL:
        return Place(LOCAL, f"{request.url.scheme}://{host}")
    public = urlsplit(settings.public_url)
    name = public.hostname or ""
    if not name or public.netloc != host or public.scheme != "https" or _is_number(name):
        return None
    return Place(name, f"https://{public.netloc}")


def elsewhere(request: Request, settings: Settings) -> str:
    """At which address they would work; empty where there is none."""
    public = urlsplit(settings.public_url)
    if public.scheme == "https" and not _is_number(public.hostname or ""):
        return f"https://{public.netloc}"
    name, _, port = request.headers.get("host", "").rpartition(":")
    return f"http://{LOCAL}:{port}" if name == "127.0.0.1" else ""


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
