"""Forms with files from the desk: nobody is heard whom no sign-in lets in, and what comes too late
is kept with its files until they are signed in again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from ...desk.kept_form import KEPT_FILES, keep, kept_form, may_keep
from ...desk.papers import Given
from ...desk.roles import Person
from ..door.access import installation_of
from ..door.forms import is_ours
from ..door.paper_forms import FormError, PaperForm
from .forms import Form, form_of
from .person import Signed, SignInNeededError, session_cookie, signed

Read = Callable[[Request], Awaitable[PaperForm]]


async def sent_files(
    request: Request, read: Read, may: Callable[[Person], None]
) -> tuple[Signed, PaperForm]:
    """Who sends a form, and the form, which is read by ``read``. ``may`` raises where they may not
    send it; then nothing of it is read.

    Raises ``SignInNeededError``, and what ``read`` raises."""
    try:
        who = await run_in_threadpool(signed, request)
    except SignInNeededError as error:
        error.kept = await _kept(request, read)
        raise
    may(who.person)
    sent = await read(request)
    if KEPT_FILES in sent.fields and not sent.files:
        files = await run_in_threadpool(_files_kept, request)
        return who, PaperForm(sent.fields, files)
    return who, sent


def form_with_files(request: Request, who: Signed, sent: PaperForm) -> Form:
    """The form over the fields of its address and its own. Raises ``ProblemError``."""
    return form_of(request, who, [*request.query_params.multi_items(), *sent.fields.items()])


async def _kept(request: Request, read: Read) -> bool:
    """Keep what a browser sent that is signed out by now; nothing is read of any other."""
    if not is_ours(request) or not await run_in_threadpool(_may_keep, request):
        return False
    try:
        sent = await read(request)
    except FormError:
        return False
    return await run_in_threadpool(_keep, request, sent)


def _may_keep(request: Request) -> bool:
    with installation_of(request).read() as record:
        return may_keep(record, _token(request), request.url.path)


def _keep(request: Request, sent: PaperForm) -> bool:
    pairs = [*request.query_params.multi_items(), *sent.fields.items()]
    with installation_of(request).write() as record:
        return keep(record, _token(request), request.url.path, pairs, sent.files)


def _files_kept(request: Request) -> tuple[Given, ...]:
    """The files of the form that is kept for this browser, of this page."""
    with installation_of(request).read() as record:
        form = kept_form(record, record.users.session(_token(request)))
        return form.files if form is not None and form.path == request.url.path else ()


def _token(request: Request) -> str:
    return request.cookies.get(session_cookie(request), "")
