"""Forms as browsers send them: whether one comes from a page of this site, and its fields."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request

from .bodies import content_type, read_body
from .problems import ProblemError

KIND = "application/x-www-form-urlencoded"
MOST_FIELDS = 500


def is_ours(
    request: Request, *, fetched: Collection[str] = ("same-origin",), unnamed: bool = False
) -> bool:
    """Whether the browser says that a request comes from a page of this site, or says nothing.

    ``fetched``: what it may say of the way there (``Sec-Fetch-Site``; ``none`` is whoever sits at
    it). ``unnamed``: the page tells browsers to name it nowhere (``Referrer-Policy: no-referrer``),
    so that they send ``Origin: null`` with its forms (Fetch, "append a request `Origin` header").
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in fetched:
        return False
    origin = request.headers.get("origin")
    if origin is None or (unnamed and origin == "null"):
        return True
    return host_of(origin) == request.headers.get("host", "")


def host_of(address: str) -> str | None:
    """The host of an address, with its port; ``None`` for what is none."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return None


async def read_pairs(request: Request, most: int) -> list[tuple[str, str]]:
    """The fields of a form without files, as they came. Raises ``ProblemError``."""
    if content_type(request) != KIND:
        raise ProblemError(415, f"A form must be sent with content-type {KIND}.")
    raw = await read_body(request, most)
    try:
        return parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise ProblemError(400, "The form cannot be read; open its page again.") from None


def must_hold_text(request: Request) -> None:
    """Raises ``ProblemError`` for an address with a character that no id can hold."""
    if any("\0" in value for value in request.query_params.values()):
        raise ProblemError(404, "There is nothing at this address.")
