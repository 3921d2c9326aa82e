"""Errors as RFC 9457 problem documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from ...desk.errors import (
    ConflictError,
    DeskError,
    NotFoundError,
    PreconditionError,
)
from ...domain.describe import describe
from ...domain.reading import UnusableInputError
from ...settings import StartError

log = structlog.get_logger(__name__)
MEDIA_TYPE = "application/problem+json"
_OURS = "Something went wrong here; it is in the service's log."
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_STATUS: Mapping[type[DeskError], int] = {
    NotFoundError: 404,
    ConflictError: 409,
    PreconditionError: 412,
}


class ProblemError(Exception):
    """A request that cannot be served; ``detail`` says why and what to do, without secrets."""

    def __init__(
        self,
        status: int,
        detail: str,
        errors: list[dict[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors or []
        self.headers = dict(headers or {})


def problem(
    status: int,
    detail: str,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return JSONResponse(body, status, dict(headers or {}), media_type=MEDIA_TYPE)


def allowed(routes: Iterable[BaseRoute], scope: Scope) -> list[str]:
    """The methods that the address can be asked with, over all of its routes."""

    def serves(method: str) -> bool:
        asked = {**scope, "method": method}
        return any(route.matches(asked)[0] is Match.FULL for route in routes)

    return [method for method in _METHODS if serves(method)]


def field_errors(error: UnusableInputError) -> list[dict[str, str]]:
    return [{"path": p.path, "message": p.message} for p in error.problems]


def _plainly(error: Mapping[str, Any]) -> str:
    """What is wrong with a parameter, without the words of the library that found it."""
    if error["type"] == "extra_forbidden":
        return "is not a known parameter; /openapi.json lists them"
    if error["type"] == "string_pattern_mismatch":
        return "holds a character that cannot be shown; leave it out"
    return str(error["msg"]).removeprefix("Value error, ")


def _unfit(_: Request, error: Exception) -> JSONResponse:
    """Settings that are being changed, and do not fit together."""
    return problem(409, "; ".join(str(error).splitlines()))


def install(app: FastAPI, page: Callable[[Request, int], Response | None]) -> None:
    """Have the application answer every error as a problem document; what is no address of ours as
    a ``page``, where it makes one."""
    app.add_exception_handler(StartError, _unfit)

    @app.exception_handler(ProblemError)
    async def _problem(_: Request, error: ProblemError) -> JSONResponse:
        return problem(error.status, error.detail, error.errors, error.headers)

    @app.exception_handler(DeskError)
    async def _refused(_: Request, error: DeskError) -> JSONResponse:
        known = (_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
        return problem(next(known, 409), str(error))

    @app.exception_handler(UnusableInputError)
    async def _unusable(_: Request, error: UnusableInputError) -> JSONResponse:
        return problem(422, "Some fields cannot be used.", field_errors(error))

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        errors = [
            {"path": ".".join(map(str, e["loc"][1:])), "message": _plainly(e)}
            for e in error.errors()
        ]
        return problem(422, "Some parameters cannot be used.", errors)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["allow"] = ", ".join(allowed(request.app.routes, request.scope))
        answer = problem(error.status_code, str(error.detail), headers=headers)
        return page(request, error.status_code) or answer

    @app.exception_handler(DBAPIError)
    @app.exception_handler(PoolTimeoutError)
    async def _database(_: Request, error: SQLAlchemyError) -> JSONResponse:
        log.error("request failed", error=describe(error))
        if isinstance(error, (DataError, IntegrityError, ProgrammingError)):
            return problem(500, _OURS)
        detail = "The database does not answer, or takes no writing; try again in a moment."
        return problem(503, detail, headers={"retry-after": "5"})

    @app.exception_handler(Exception)
    async def _any(_: Request, error: Exception) -> JSONResponse:
        return our_fault(error)


def our_fault(error: Exception) -> JSONResponse:
    """The answer where it is ours that something went wrong; what, stands in the log."""
    log.error("request failed", error=describe(error))
    return problem(500, _OURS)
