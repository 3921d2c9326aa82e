"""The staff's pages answer with pages, whatever goes wrong."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from ...desk.acts import note_look
from ...desk.errors import (
    ConflictError,
    DeskError,
    MergedError,
    NotFoundError,
    PreconditionError,
)
from ...desk.roles import ForbiddenError
from ...domain.describe import describe
from ...domain.reading import UnusableInputError
from ...settings import StartError
from ...store.acts import About
from ..door.access import installation_of
from ..door.forms import must_hold_text
from ..door.problems import ProblemError
from .looks import bare
from .not_saved import what_was_typed
from .person import SignInNeededError, signed

_SHOWN, _TOO_LARGE = 200, 413
_TOO_MUCH = (
    "That is more than this form takes. Nothing is saved, and what was typed is not kept. Open the "
    "form again, and make it shorter."
)
_JOINED = "This client and another were joined into one while this was open."
log = structlog.get_logger(__name__)
_STATUS: dict[type[DeskError], int] = {
    NotFoundError: 404,
    ConflictError: 409,
    PreconditionError: 409,
    ForbiddenError: 403,
}
_TITLES = {
    400: "That could not be read",
    403: "Not allowed",
    404: "Nothing is here",
    409: "That is not how things stand now",
    413: "That is too large",
    415: "That could not be read",
    422: "Something cannot be used",
}


class StaffRoute(APIRoute):
    """Errors as pages; without a sign-in, the way to it. Whatever is shown of one client is on
    record."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                must_hold_text(request)
                return await _on_record(request, await handle(request))
            except SignInNeededError as error:
                return _to_sign_in(request, kept=error.kept)
            except Exception as error:  # noqa: BLE001 - whoever looks is told in plain words
                return await run_in_threadpool(_as_page, request, error)

        return handled


async def _on_record(request: Request, answer: Response) -> Response:
    """The answer, once it is on record whom it shows: the client or booking of its address."""
    about = About(request.path_params.get("patient_id"), request.path_params.get("booking_id"))
    if request.method == "GET" and answer.status_code == _SHOWN and about != About():
        person = await run_in_threadpool(lambda: signed(request).person)
        await run_in_threadpool(note_look, installation_of(request), person, about)
    return answer


def _to_sign_in(request: Request, *, kept: bool) -> Response:
    if kept:
        return RedirectResponse("/sign-in?kept=yes", 303)
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    then = f"?then={quote(path)}" if request.method == "GET" and path != "/" else ""
    return RedirectResponse(f"/sign-in{then}", 303)


def _as_page(request: Request, error: Exception) -> Response:
    """What went wrong, with what was typed where that was not saved."""
    headers: dict[str, str] = {}
    if isinstance(error, ProblemError):
        status, words, headers = error.status, [_plainly(error)], error.headers
    elif isinstance(error, DeskError):
        kinds = [_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS]
        status, words = (
            (kinds or [409])[0],
            [_JOINED if isinstance(error, MergedError) else str(error)],
        )
    elif isinstance(error, StartError):  # settings that are changed, and cannot be
        status, words = 409, str(error).splitlines()
    elif isinstance(error, UnusableInputError):
        status, words = (
            422,
            [f"{p.path}: {p.message}" if p.path else p.message for p in error.problems],
        )
    elif isinstance(error, RequestValidationError):
        status, words = 404, ["This address is not complete. Go back, and follow the link again."]
    elif isinstance(error, HTTPException):
        status, words = error.status_code, [str(error.detail)]
    else:
        return _our_fault(request, error)
    more = {"words": words, **what_was_typed(request, error)}
    answer = bare(request, _TITLES.get(status, "That did not work"), status=status, **more)
    answer.headers.update(headers)
    return answer


def _plainly(error: ProblemError) -> str:
    return _TOO_MUCH if error.status == _TOO_LARGE else str(error)


def _our_fault(request: Request, error: Exception) -> Response:
    """What went wrong stands in the log, by the number that the page shows."""
    number = secrets.token_hex(4)
    log.error("page failed", number=number, error=describe(error))
    words = (
        "Something went wrong on our side. Nothing was changed. Try it again; if it happens again, "
        f"tell your helper the number {number}."
    )
    return bare(request, "That did not work", [words], 500, **_typed(request, error))


def _typed(request: Request, error: Exception) -> dict[str, Any]:
    """What was typed, where that can be told: what went wrong may be in the way of it, too."""
    try:
        return what_was_typed(request, error)
    except Exception as again:  # noqa: BLE001 - the page is to be shown all the same
        log.error("typed not shown", error=describe(again))
        return {}
