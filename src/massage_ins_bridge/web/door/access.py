"""Who may see what: bearer keys for the API; and browsers on this machine that were let in by the
address that ``serve`` prints."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from fastapi import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ...desk.installation import Installation
from ...store.keys import Key, key_of
from ...store.vault import Vault
from .forms import is_ours
from .local import is_loopback
from .problems import ProblemError

#: What proxies add, each of them some.
_FORWARDED = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip"})
_FORWARDED_BEGIN = ("x-forwarded-", "cf-")
#: How long a browser stays let in.
SESSION_SECONDS = 30 * 86_400
_PLACE = "staff.session"
HOW = (
    "These pages are shown in a browser on this machine that was let in: open the address that "
    "`massage-ins-bridge serve` prints as it starts. To reach them in another way, set "
    'staff_page = "sign-in" and let people in with `massage-ins-bridge user add`.'
)


def installation_of(request: Request) -> Installation:
    installation: Installation = request.app.state.worker.installation
    return installation


def api_key(request: Request) -> Key:
    """The bearer key; 401 without a good one."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    key = None
    if scheme.lower() == "bearer" and 0 < len(secret.strip()) <= 200:
        key = key_of(installation_of(request).store, secret.strip())
    if key is None:
        raise ProblemError(
            401,
            "This needs a key: send 'Authorization: Bearer …'. Make one with `mib key add NAME`.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return key


def is_local(request: Request) -> bool:
    """Whether the request comes from this very machine, as far as it says: not through a proxy
    that tells of itself, and not from another site's page. A proxy that tells nothing cannot be
    seen, so this alone opens nothing that is worth keeping."""
    headers = request.headers
    if any(n in _FORWARDED or n.startswith(_FORWARDED_BEGIN) for n in headers):
        return False
    host = headers.get("host", "")
    if not is_ours(request, fetched=("same-origin", "none", *_by_our_other_name(request))):
        return False
    try:
        client = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return client.is_loopback and is_loopback(name)


def _by_our_other_name(request: Request) -> tuple[str, ...]:
    """How browsers call a link that leads from ``127.0.0.1`` to ``localhost``, where passkeys work,
    and only there: to them these are two sites, of which both are this service."""
    came, host = urlsplit(request.headers.get("referer", "")), request.headers.get("host", "")
    try:
        ours = (came.scheme, came.port) == (request.url.scheme, urlsplit(f"//{host}").port)
    except ValueError:
        return ()
    here = ours and is_loopback(came.hostname or "") and request.method == "GET"
    return ("cross-site",) if here else ()


class StaffDoor:
    """Lets browsers on this machine in: the address with a key that is good once is exchanged for
    a cookie, which says when it was made and that it was made here."""

    def __init__(self, vault: Vault, path: str = "/") -> None:
        self._vault = vault
        self._key = secrets.token_urlsafe(24)
        self.path = path
        #: Is told the new path with its key when the former was used.
        self.on_used: Callable[[], None] = lambda: None

    @property
    def address(self) -> str:
        """The path that lets one browser in."""
        return f"{self.path}?key={self._key}"

    def take(self, key: str) -> bool:
        """Whether the key is the one of now; it is then no longer."""
        if not hmac.compare_digest(key.encode(), self._key.encode()):
            return False
        self._key = secrets.token_urlsafe(24)
        self.on_used()
        return True

    def session(self) -> str:
        made = f"{time.time():.0f}"
        return f"{made}.{self._vault.fingerprint(made, _PLACE)}"

    def knows(self, session: str) -> bool:
        made, _, mark = session.partition(".")
        if not (made.isascii() and made.isdigit() and len(made) < 12):
            return False
        good = hmac.compare_digest(mark.encode(), self._vault.fingerprint(made, _PLACE).encode())
        return good and -60 <= time.time() - int(made) <= SESSION_SECONDS


class Entrance:
    """Around the application: answers ``GET /?key=…`` where the staff page is this machine's."""

    def __init__(
        self, app: ASGIApp, door: StaffDoor, refuse: Callable[[Request, str], Response]
    ) -> None:
        """``refuse`` makes the page that says why somebody is not let in."""
        self._app = app
        self._door = door
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = (scope["type"], scope.get("method"), scope.get("path"))
        if asked == ("http", "GET", self._door.path):
            keys = parse_qs(scope["query_string"].decode("latin-1")).get("key")
            if keys:
                await self._let_in(Request(scope), keys[0])(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _let_in(self, request: Request, key: str) -> Response:
        if not is_local(request):
            return self._refuse(request, HOW)
        if not self._door.take(key):
            return self._refuse(
                request,
                "This address was used, or is of an earlier start. The newest is the last one "
                "that `massage-ins-bridge serve` printed.",
            )
        answer: Response = RedirectResponse(self._door.path, 303)
        if request.headers.get("sec-fetch-site") == "cross-site":
            # the cookie is sent along where the next request begins with a page of ours
            answer = Response(headers={"refresh": f"0; url={self._door.path}"})
        answer.set_cookie(
            cookie_name(request),
            self._door.session(),
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="strict",
        )
        return answer


def cookie_name(request: Request) -> str:
    """Browsers do not tell the ports of one machine apart."""
    return f"mib_staff_{(request.scope.get('server') or ('', 0))[1]}"


def was_let_in(request: Request) -> bool:
    """Whether the browser came by the address that ``serve`` prints."""
    door: StaffDoor = request.app.state.staff_door
    return door.knows(request.cookies.get(cookie_name(request), ""))
