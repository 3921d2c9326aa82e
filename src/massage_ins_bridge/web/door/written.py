"""The settings as they are written, for those who change them while the service runs."""

from __future__ import annotations

from pathlib import Path

from fastapi import Request

from ...desk.errors import ConflictError
from ...settings import SettingsError
from ...settings.edit import SettingsFile

_NO_FILE = (
    "This desk was started without a settings file that it may write. Set it up on the command "
    "line: `massage-ins-bridge connect`, `clinic profile` and `plugins`."
)


def written_if_any(request: Request) -> SettingsFile | None:
    """The same; ``None`` where there is no file that may be written, or it is no TOML."""
    try:
        return written_settings(request)
    except ConflictError:
        return None


def written_settings(request: Request) -> SettingsFile:
    """The settings as they are written. Raises ``ConflictError``."""
    path: Path | None = request.app.state.service.file
    if path is None:
        raise ConflictError(_NO_FILE)
    try:
        return SettingsFile(path)
    except SettingsError as error:
        raise ConflictError(str(error)) from None
