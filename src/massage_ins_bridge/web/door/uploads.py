"""Forms with files: never more than allowed, and never on disk before they are sealed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from .bodies import read_body

MULTIPART = "multipart/form-data"
#: Photos from a telephone take their time; the connection itself is cut some seconds later, without
#: a word (``connections.REQUEST_SECONDS``).
UPLOAD_SECONDS = 110
#: Uploads that this process reads at once: each is kept in memory until it is sealed.
AT_ONCE = 4
MEGABYTE = 1_048_576


class CutOffError(ValueError):
    """What was sent did not come whole."""


class TooManyError(ValueError):
    """There are more files, or fields, than a form has."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file, with the name that it has where it comes from."""

    name: str
    content: bytes


async def read_uploads(
    request: Request, most: int, most_files: int
) -> tuple[list[tuple[str, str]], list[Upload]]:
    """The fields of a form and its files, of ``most`` bytes together. One more file than
    ``most_files`` is read, so that it can be told.

    Raises ``ProblemError`` (413, 408), ``CutOffError`` and ``TooManyError``.
    """
    at_once: asyncio.Semaphore = request.app.state.uploads  # each is kept in memory meanwhile
    async with at_once:
        return await _read(request, most, most_files)


async def _read(
    request: Request, most: int, most_files: int
) -> tuple[list[tuple[str, str]], list[Upload]]:
    raw = await read_body(request, most + MEGABYTE, UPLOAD_SECONDS)
    if not raw.rstrip().endswith(b"--"):  # the mark of the end (RFC 2046, 5.1.1)
        raise CutOffError
    parser = MultiPartParser(request.headers, _stream(raw), max_files=most_files + 1, max_fields=20)
    parser.spool_max_size = most + MEGABYTE  # files stay in memory: on disk they would lie unsealed
    try:
        found = await parser.parse()
    except MultiPartException as error:
        raise (TooManyError if "Too many" in error.message else CutOffError) from None
    fields: list[tuple[str, str]] = []
    files: list[Upload] = []
    for name, value in found.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            if content or value.filename:  # a field without a file is sent all the same
                files.append(Upload(value.filename or "", content))
            await value.close()
        else:
            fields.append((name, value))
    return fields, files


async def _stream(raw: bytes) -> AsyncGenerator[bytes, None]:
    yield raw
    yield b""
