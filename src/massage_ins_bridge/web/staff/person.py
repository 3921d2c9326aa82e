"""Who asks for a page, and what every form must carry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.responses import RedirectResponse, Response

from ...desk.installation import Installation
from ...desk.kept_form import carry_over
from ...desk.roles import Person
from ...desk.sign_in import SignsOut, csrf_of, signs_out, who_is
from ...settings import Settings
from ...store.record import Record
from ..door.access import cookie_name, installation_of, is_local, was_let_in
from ..door.local import is_demonstration
from ..door.problems import ProblemError

#: A page that is looked at is not worth a write more often than this.
_TOUCH = timedelta(minutes=1)
_NOT_HERE = (
    "These pages are shown in a browser on the machine that they run on. To reach them from "
    'elsewhere, set staff_page = "sign-in"; then whoever has a sign-in gets in.'
)
#: Who works in a demonstration, and in a browser of this machine while nobody has a sign-in.
DEMO, NOBODY = "Dana Ruiz", "This computer"
COVER = "mib_cover"
#: The cookie with what the next page tells once: why something could not be done.
SAID = "mib_said"


class SignInNeededError(Exception):
    """Nobody is signed in; ``kept``: what they sent is shown once they are."""

    kept: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody at a browser: ``csrf`` is what their forms carry, ``session`` the id of their
    session, where they signed in; ``stale``: that they are there is to be noted again;
    ``signs_out``: when the session ends by itself."""

    person: Person
    csrf: str
    session: str | None = None
    stale: bool = False
    signs_out: SignsOut | None = None


def session_cookie(request: Request) -> str:
    """The name of the session's cookie."""
    return cookie_name(request).replace("staff", "session")


def here_or(request: Request, settings: Settings, path: str) -> str:
    """The whole address of a page as whoever asks would write it: by ``public_url`` where they came
    by it, for a proxy speaks HTTPS for us."""
    public = settings.public_url.rstrip("/")
    if _came_by_proxy(request, settings):
        return f"{public}{path}"
    return f"{request.url.scheme}://{request.headers.get('host', '')}{path}"


def _came_by_proxy(request: Request, settings: Settings) -> bool:
    public = urlsplit(settings.public_url)
    return bool(public.netloc) and public.netloc == request.headers.get("host", "")


def let_in(request: Request, token: str, to: str) -> Response:
    """Go on to a page, with the session of whoever has just signed in."""
    installation = installation_of(request)
    settings, before = installation.settings, request.cookies.get(session_cookie(request), "")
    with installation.write() as record:
        kept = carry_over(record, before, token)
    answer = RedirectResponse("/kept" if kept else to, 303)
    answer.set_cookie(
        session_cookie(request),
        token,
        httponly=True,
        samesite="strict",
        secure=here_or(request, settings, "").startswith("https:"),
    )
    return answer


def signed(request: Request) -> Signed:
    """Who asks. Raises ``SignInNeededError``, and ``ProblemError`` where nobody may ask at all."""
    found = by_itself(request)
    if found.stale:
        _touch(installation_of(request), request.cookies.get(session_cookie(request), ""))
    return found


def by_itself(request: Request) -> Signed:
    """The same of a page that asks by itself: that is nobody at the browser."""
    installation = installation_of(request)
    must_be_reachable(request, installation)
    token = request.cookies.get(session_cookie(request), "")
    with installation.read() as record:
        found = _by_session(record, token) if token else None
        if found is None:
            found = _without_session(request, installation, record)
    if found is None:
        raise SignInNeededError
    covered = request.cookies.get(COVER) == "on"
    return replace(found, person=replace(found.person, covered=covered))


def must_be_reachable(request: Request, installation: Installation) -> None:
    """Raises ``ProblemError`` where the pages are switched off, or are this machine's alone."""
    mode = installation.settings.staff_page
    if mode == "off":
        raise ProblemError(404, "The staff pages are switched off.")
    if mode == "local" and not is_local(request):
        raise ProblemError(403, _NOT_HERE)


def _by_session(record: Record, token: str) -> Signed | None:
    found = who_is(record, token)
    if found is None:
        return None
    session, person = found
    stale = record.now - session.seen_at >= _TOUCH
    ends = signs_out(record, session)
    return Signed(person, csrf_of(record, token), session.id, stale, ends)


def _without_session(request: Request, installation: Installation, record: Record) -> Signed | None:
    """The demonstration's staff; or the browser that was let in by the address that ``serve``
    prints, for as long as nobody can sign in."""
    demo = is_demonstration(installation.settings) and is_local(request)
    let_in = installation.settings.staff_page == "local" and was_let_in(request)
    if not demo and (not let_in or record.users.any()):
        return None
    token = request.cookies.get(cookie_name(request), "demonstration")
    person = Person(record.clinic, DEMO if demo else NOBODY, "owner")
    return Signed(person, csrf_of(record, token))


def _touch(installation: Installation, token: str) -> None:
    """Somebody is at the browser."""
    with installation.write() as record:
        row = record.users.session(token)
        if row is not None:
            row.seen_at = record.now


Who = Annotated[Signed, Depends(signed)]
Page = Annotated[Signed, Depends(by_itself)]
