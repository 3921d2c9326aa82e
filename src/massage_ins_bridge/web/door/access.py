"""Who may see what: bearer keys for the API, loopback or keys for the staff page."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from fastapi import Request

from ...desk.installation import Installation
from ...store.keys import clinic_of_key
from .problems import ProblemError

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


def installation_of(request: Request) -> Installation:
    installation: Installation = request.app.state.worker.installation
    return installation


def api_clinic(request: Request) -> str:
    """The clinic of the bearer key; 401 without a good one."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    clinic = None
    if scheme.lower() == "bearer" and 0 < len(secret.strip()) <= 200:
        clinic = clinic_of_key(installation_of(request).store, secret.strip())
    if clinic is None:
        raise ProblemError(
            401,
            "This needs a key: send 'Authorization: Bearer …'. Make one with `mib key add NAME`.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return clinic


def is_local(request: Request) -> bool:
    """Whether the request comes from this very machine, and not through a proxy on it or a
    page of another site that was pointed here."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    host = request.headers.get("host", "")
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    try:
        client = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    return client.is_loopback and name in _LOCAL_NAMES


def _is_public(public_url: str) -> bool:
    """Whether the service stands behind a public address: then a proxy on this machine may pass
    strangers on without saying so."""
    return bool(public_url) and (urlsplit(public_url).hostname or "") not in _LOCAL_NAMES


def staff_clinic(request: Request) -> str:
    """The clinic whose staff page is asked for; 403 or 401 where it may not be shown."""
    installation = installation_of(request)
    mode = installation.settings.staff_page
    if mode == "off":
        raise ProblemError(404, "The staff page is switched off.")
    if mode == "local":
        if is_local(request) and not _is_public(installation.settings.public_url):
            return installation.clinic
        raise ProblemError(
            403,
            "The staff page is shown on this machine only. To reach it from elsewhere, set "
            'staff_page = "key" and make a key with `mib key add NAME`.',
        )
    return api_clinic(request)
