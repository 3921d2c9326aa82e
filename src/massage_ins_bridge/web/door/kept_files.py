"""The few files of the pages, kept in memory: they need neither disk nor thread, and are there
while every thread waits for the database."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .problems import problem


class KeptFiles:
    """Serves what lay in some folders when it was made. An application to be mounted."""

    def __init__(self, *folders: Path) -> None:
        files = (path for folder in folders for path in folder.iterdir() if path.is_file())
        self._files = {path.name: _File(path) for path in files}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        found = self._files.get(request.url.path.rpartition("/")[2])
        answer: Response
        if found is None:
            answer = problem(404, "There is nothing at this address.")
        elif request.method not in ("GET", "HEAD"):
            answer = problem(405, "This can only be read.", headers={"allow": "GET, HEAD"})
        elif request.headers.get("if-none-match") == found.tag:
            answer = Response(status_code=304, headers={"etag": found.tag})
        else:
            answer = Response(found.content, headers={"etag": found.tag}, media_type=found.kind)
        await answer(scope, receive, send)


class _File:
    def __init__(self, path: Path) -> None:
        self.content = path.read_bytes()
        self.kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self.tag = f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'
