"""The running service as its own pages see it: the file of its settings, and starting it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from anyio import to_thread
from fastapi import Request
from starlette.responses import Response

from ...desk.errors import ConflictError
from ...desk.installation import Installation
from ...desk.set_up_account import Desk
from ...settings import Settings, SettingsError
from ...settings.edit import SettingsFile
from .written import written_settings

#: What the command line may say otherwise than the file.
_OF_THE_COMMAND = frozenset({"host", "port"})
T = TypeVar("T")
#: Passwords that this process hashes at once.
HASHED_AT_ONCE = 4
_BY_HAND = "End the service (Ctrl-C), and start it again: massage-ins-bridge serve."


@dataclass(slots=True)
class OwnProcess:
    """``file``: where the settings are written; ``connectors``: those beside the plugins' own;
    ``start_again`` has the process begin anew once its answers are given."""

    file: Path | None = None
    connectors: Mapping[str, type] = field(default_factory=dict)
    start_again: Callable[[], None] | None = None
    #: Whether the process ends, and begins anew: its pages are those of before.
    ending: bool = False

    @property
    def can_start_again(self) -> bool:
        return self.start_again is not None

    def again(self, answer: Response) -> Response:
        """Begin anew after this answer. Raises ``ConflictError`` where somebody has to do it."""
        if self.start_again is None:
            raise ConflictError(_BY_HAND)
        return self.again_soon(answer)

    def again_soon(self, answer: Response) -> Response:
        """Begin anew after this answer where that can be; else the page says who has to."""
        if self.start_again is not None:
            self.ending = True
            self.start_again()
            answer.headers["connection"] = "close"  # what is asked next waits for the new start
        return answer

    def is_stale(self, file: SettingsFile, running: Settings) -> bool:
        """Whether the settings were changed since the start."""
        try:
            written = file.settings()
        except SettingsError:
            return True
        same = written.model_dump(exclude=set(_OF_THE_COMMAND))
        return same != running.model_dump(exclude=set(_OF_THE_COMMAND))


async def hashing(request: Request, do: Callable[..., T], *args: Any) -> T:
    """Do what hashes a password in a thread, a few at a time: each takes 64 MB, and whoever tries
    many leaves the threads of all others alone."""
    return await to_thread.run_sync(partial(do, *args), limiter=request.app.state.hashing)


def service_of(request: Request) -> OwnProcess:
    service: OwnProcess = request.app.state.service
    return service


def desk_of(request: Request, installation: Installation) -> Desk:
    """What the steps of setting up work with. Raises ``ConflictError`` where there are no settings
    that may be written."""
    return Desk(written_settings(request), installation.host, service_of(request).connectors)
