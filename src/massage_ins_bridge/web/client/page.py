"""``/p/{token}``: the client's own page, its forms, and the visit for a calendar."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import cast, get_args
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ...desk.installation import Installation
from ...desk.links import LinkedPage, clinic_of_token, is_fresh, note_use, open_link
from ...desk.own_page import OwnPage, own_page
from ...desk.page_acts import PAPERS, ActKind, PageError, Sent, do
from ...desk.papers import LIMITS, PaperError, SoundFile, look_through
from ...domain.days import local_day
from ...messages.days import Language, day_in_words
from ...messages.page_words import say
from ...store.record import Record
from ..door.forms import is_ours, must_hold_text
from ..door.given import Here
from ..door.paper_forms import FormError, PaperForm, read_papers
from ..door.templates import templates
from .calendar import visit_entry
from .lockout import Lockout, caller_of
from .shown import Problem, Shown
from .telephone import dialled, questions, unbroken

HERE = Path(__file__).parent
router = APIRouter(include_in_schema=False, dependencies=[Depends(must_hold_text)])
_PAGES = templates(HERE / "templates")
#: Beside those of every answer, which keep the address from other sites and from being stored.
HEADERS = {"x-robots-tag": "noindex, nofollow"}
_ACTS = frozenset(get_args(ActKind))
#: What the page says of an act that was done, where it is not named like it.
_DONE = {"intake-paper": "intake", "consent-paper": "consent", "self-pay": "self_pay"}


class GoneError(Exception):
    """The address opens nothing: it was guessed, is over, or was revoked."""


@router.get("/p/{token}")
def page(token: str, request: Request, installation: Here) -> Response:
    """What is missing, and by when."""
    if _is_out(request):
        return _busy(request, installation)
    try:
        link, clinic = _found(installation, token)
        with installation.read(clinic) as record:
            opened = _opened(record, link)
            fresh = is_fresh(record, opened.link)
            view = own_page(installation, record, opened, request.query_params.get("visit"))
            done = _done(record, opened, request, view)
    except GoneError:
        return _gone(request, installation, token)
    if fresh:
        with installation.write(clinic) as record:
            note_use(record, link)
    return _answer(request, installation, token, view, done)


@router.get("/p/{token}/visit.ics")
def calendar(token: str, request: Request, installation: Here) -> Response:
    """The visit as an entry for a calendar."""
    if _is_out(request):
        return _busy(request, installation)
    try:
        link, clinic = _found(installation, token)
        with installation.read(clinic) as record:
            opened = _opened(record, link)
            view = own_page(installation, record, opened, request.query_params.get("visit"))
            now = record.now
    except GoneError:
        return _gone(request, installation, token)
    content = visit_entry(installation, view, _language(request, view), now)
    if content is None:
        return _gone(request, installation, token)
    headers = {**HEADERS, "content-disposition": 'attachment; filename="visit.ics"'}
    return Response(content, headers=headers, media_type="text/calendar; charset=utf-8")


@router.get("/p/{token}/{act}")
def asked_again(token: str, request: Request) -> Response:
    """A form that came back as wrong has its own address, which telephones open again later."""
    kept = {name: said for name, said in request.query_params.items() if name in ("lang", "visit")}
    return RedirectResponse(f"/p/{quote(token)}?{urlencode(kept)}", 303, headers=HEADERS)


@router.post("/p/{token}/{act}")
async def act(token: str, act: str, request: Request, installation: Here) -> Response:
    """Take one form in."""
    if _is_out(request):
        return _busy(request, installation)
    # The page asks for no referrer; the token in its address is what only its owner knows.
    if act not in _ACTS or not is_ours(request, fetched=("same-origin", "none"), unnamed=True):
        return _gone(request, installation, token, counted=False)
    kind = cast(ActKind, act)
    try:
        await run_in_threadpool(_is_open, installation, token)  # before anything is read
        form = await read_papers(request)
    except GoneError:
        return await run_in_threadpool(_gone, request, installation, token)
    except FormError as error:
        problem = PageError(kind, error.wrong)
        wrong = partial(_wrong, request, installation, token, problem, PaperForm({}, ()))
        return await run_in_threadpool(wrong, error.status)
    return await run_in_threadpool(_take, request, installation, token, kind, form)


def _take(
    request: Request, installation: Installation, token: str, kind: ActKind, form: PaperForm
) -> Response:
    try:
        sent = Sent(
            kind=kind,
            once=form.fields.get("once", ""),
            language=_language(request, None),
            seen=form.fields.get("seen", ""),
            fields=form.fields,
            files=_looked_through(kind, form),
            booking=request.query_params.get("visit") or None,
        )
        link, clinic = _found(installation, token)
        with installation.write(clinic) as record:
            opened = _opened(record, link)
            done = do(installation, record, opened, sent).id
    except GoneError:
        return _gone(request, installation, token)
    except PageError as error:
        return _wrong(request, installation, token, error, form)
    then = {"lang": sent.language, "done": done, "visit": sent.booking}
    query = urlencode({name: said for name, said in then.items() if said})
    return RedirectResponse(f"/p/{token}?{query}", 303, headers=HEADERS)


def _looked_through(kind: ActKind, form: PaperForm) -> tuple[SoundFile, ...]:
    """The files of a paper, opened. Raises ``PageError``."""
    try:
        return look_through(form.files) if kind in PAPERS else ()
    except PaperError as error:
        raise PageError(kind, f"wrong_{error.wrong}", name=error.name) from None


def _found(installation: Installation, token: str) -> tuple[str, str]:
    found = clinic_of_token(installation, token)
    if found is None:
        raise GoneError
    return found


def _opened(record: Record, link_id: str) -> LinkedPage:
    row = record.links.get(link_id)
    opened = open_link(record, row) if row is not None else None
    if opened is None:
        raise GoneError
    return opened


def _is_open(installation: Installation, token: str) -> None:
    """Raises ``GoneError``."""
    link, clinic = _found(installation, token)
    with installation.read(clinic) as record:
        _opened(record, link)


def _done(record: Record, opened: LinkedPage, request: Request, view: OwnPage) -> str:
    """What was just done, in words; empty where nothing was."""
    row = record.page_acts.get(opened.link, request.query_params.get("done", ""))
    if row is None:
        return ""
    language = _language(request, view)
    said = record.page_acts.said(row)
    if said.get("known") and not said.get("documents"):
        return say(language, "done_same")
    name = _DONE.get(row.kind, row.kind.replace("-", "_"))
    if row.kind == "give-back" and view.state == "leaving":
        name = "give_back_asked"
    by = day_in_words(view.by, language, record.today)
    return say(language, f"done_{name}", by=by)


def _wrong(
    request: Request,
    installation: Installation,
    token: str,
    error: PageError,
    form: PaperForm,
    status: int = 422,
) -> Response:
    """The page again, with what is wrong and everything that was typed."""
    try:
        link, clinic = _found(installation, token)
        with installation.read(clinic) as record:
            opened = _opened(record, link)
            view = own_page(installation, record, opened, request.query_params.get("visit"))
    except GoneError:
        return _gone(request, installation, token)
    given = {**LIMITS, "name": "", **error.values}
    text = say(_language(request, view), error.wrong, **given)
    problem = Problem(error.act, text, form.fields)
    return _answer(request, installation, token, view, problem, status)


def _answer(
    request: Request,
    installation: Installation,
    token: str,
    view: OwnPage,
    said: str | Problem = "",
    status: int = 200,
) -> Response:
    """The page, with what was just done, or what is wrong."""
    problem = said if isinstance(said, Problem) else None
    language = _language(request, view)
    today = local_day(installation.clock.now(), installation.zone)
    shown = Shown(installation, view, language, today, installation.zone, problem)
    text = _PAGES.get_template("page.html").render(
        s=shown,
        t=shown.t,
        language=language,
        clinic=shown.clinic,
        here=f"/p/{token}",
        visit_query=f"&visit={view.visit.id}" if view.visit else "",
        done="" if problem else said,
    )
    return HTMLResponse(text, status, headers=HEADERS)


def _gone(
    request: Request, installation: Installation, token: str, *, counted: bool = True
) -> Response:
    """The same words for what was guessed, is over, or was revoked."""
    if counted and clinic_of_token(installation, token) is None:
        lockout: Lockout = request.app.state.lockout
        lockout.missed(caller_of(request))
    language = _language(request, None)
    phone = unbroken(installation.settings.client_page.phone)
    text = say(language, "gone_text_phone", phone=phone) if phone else say(language, "gone_text")
    return _short(installation, language, say(language, "gone"), text, 404)


def _busy(request: Request, installation: Installation) -> Response:
    language = _language(request, None)
    asked = questions(installation.settings, language)
    answer = _short(installation, language, say(language, "busy"), asked, 429)
    answer.headers["retry-after"] = "600"
    return answer


def _short(
    installation: Installation, language: Language, heading: str, text: str, status: int
) -> Response:
    phone = unbroken(installation.settings.client_page.phone)
    html = _PAGES.get_template("gone.html").render(
        t=partial(say, language),
        language=language,
        other="en" if language == "es" else "es",
        clinic=installation.settings.clinic_facts.name or "",
        heading=heading,
        text=text,
        phone=phone if phone in text else "",
        dialled=dialled(phone),
    )
    return HTMLResponse(html, status, headers=HEADERS)


def _is_out(request: Request) -> bool:
    lockout: Lockout = request.app.state.lockout
    return lockout.is_out(caller_of(request))


def _language(request: Request, view: OwnPage | None) -> Language:
    """The one that is asked for, else the client's, else the browser's."""
    asked = request.query_params.get("lang")
    if asked in ("en", "es"):
        return cast(Language, asked)
    if view is not None and view.language is not None:
        return view.language
    first = request.headers.get("accept-language", "").strip().lower()
    return "es" if first.startswith("es") else "en"
