"""What an operation takes, gives and may refuse, for the OpenAPI document; and its answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from ...desk.tags import Tags, tag_of, to_json
from ..door.conditions import TAG, is_known
from ..door.problems import MEDIA_TYPE
from .schemas import COMPONENTS, Schema

_PROBLEM = {"$ref": "#/components/schemas/Problem"}
COMPONENTS["Problem"] = {
    "type": "object",
    "description": "An error as a problem document (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what is wrong, and what to do"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "path": {"type": "string", "description": "the field, such as claim.status"},
                    "message": {"type": "string"},
                },
                "required": ["path", "message"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
_WHY: Mapping[int, str] = {
    304: "What was asked for is still as `If-None-Match` says.",
    400: "The body is no JSON.",
    401: "The key is missing, unknown or revoked.",
    404: "There is no such thing at this clinic.",
    408: "The body did not come in time.",
    409: "It cannot be done as things stand.",
    412: "It was changed since: it is not as `If-Match` says.",
    413: "The body is too large.",
    415: "The body is not sent as application/json.",
    422: "Some fields or parameters cannot be used; `errors` names each.",
    503: "The database does not answer, or takes no writing; try again.",
}
_ALWAYS = (401, 503)
_WITH_BODY = (400, 408, 413, 415, 422)
_ETAG = {"ETag": {"description": "the state that was given", "schema": {"type": "string"}}}


def operation(
    gives: Schema | None,
    *may: int,
    takes: Schema | None = None,
    status: int = 200,
    tagged: bool = False,
) -> dict[str, Any]:
    """The arguments of a route's decorator. ``may``: the refusals beside those that every
    operation, or every one with a body, may answer. ``tagged``: what is given has an ETag."""
    refusals = {*may, *_ALWAYS, *(_WITH_BODY if takes is not None else ())}
    answers: dict[int | str, dict[str, Any]] = {
        code: {"description": _WHY[code], **_content(MEDIA_TYPE, _PROBLEM, code)}
        for code in sorted(refusals)
    }
    answers[status] = {"description": "Done." if gives is None else "As asked for."}
    if gives is not None:
        answers[status] |= {"content": {"application/json": {"schema": gives}}}
    if tagged:
        answers[status] |= {"headers": _ETAG}
    extra: dict[str, Any] = {"parameters": _conditions(refusals)}
    if takes is not None:
        content = {"application/json": {"schema": takes}}
        extra["requestBody"] = {"required": True, "content": content}
    return {
        "status_code": status,
        "response_class": Response,
        "responses": answers,
        "openapi_extra": extra,
    }


def _content(media: str, schema: Schema, code: int) -> dict[str, Any]:
    return {} if code == 304 else {"content": {media: {"schema": schema}}}


def _conditions(refusals: set[int]) -> list[dict[str, Any]]:
    named = {412: ("If-Match", "Change it only while"), 304: ("If-None-Match", "Give it unless")}
    return [
        {
            "name": name,
            "in": "header",
            "required": False,
            "description": f"{what} its ETag is one of these.",
            "schema": {"type": "string"},
        }
        for code, (name, what) in named.items()
        if code in refusals
    ]


def answer(view: Any, status: int = 200) -> Response:
    """A view as JSON."""
    return Response(to_json(view), status, media_type="application/json")


def tagged(view: Any, status: int = 200, request: Request | None = None) -> Response:
    """A view with its ETag; only that where the request says that this state is known."""
    tag = tag_of(view)
    headers = {"etag": f'"{tag}"'}
    if request is not None and is_known(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(to_json(view), status, headers, media_type="application/json")


def if_match(request: Request) -> Tags:
    """The tags of which one must be true; ``None`` where nothing is asked for, or only that there
    is something. A weak tag is never true (RFC 9110, 13.1.1)."""
    given = request.headers.getlist("if-match")
    header = ",".join(given)
    if not given or header.strip() == "*":
        return None
    return frozenset(found[2] for found in TAG.finditer(header) if not found[1])
