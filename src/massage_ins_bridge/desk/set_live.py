"""An account is had to act, or to watch only, by the settings: they hold from the next start on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..settings import SettingsError
from ..settings.edit import SettingsFile
from .acts import Done
from .errors import ConflictError, NotFoundError
from .installation import Installation

Enforcement = Literal["enforce", "observe"]
_SAID: dict[Enforcement, str] = {
    "enforce": (
        "{} goes live: new bookings are acted on once the service was started again. Those that "
        "stand wait for you."
    ),
    "observe": "{} only watches from the next start on. What was written before stays as it is.",
}
_OUTRANKED = (
    "A variable of the environment says otherwise of this account, and outranks the settings file."
)


@dataclass(frozen=True, slots=True)
class EnforcementSent:
    """``by``: who has it done; ``enforcement``: whether the account is to act, or to watch only."""

    by: str
    enforcement: Enforcement


@dataclass(frozen=True, slots=True)
class Written:
    """What the settings file says of an account. ``waits``: it is not what the service goes by yet;
    it does from its next start on."""

    enforcement: Enforcement
    waits: bool


def written(installation: Installation, file: SettingsFile | None, name: str) -> Written | None:
    """``None`` where no file that may be written has the account."""
    known = file.account(name) if file is not None else None
    if known is None or name not in installation.accounts:
        return None
    says: Enforcement = "enforce" if known.get("enforcement") == "enforce" else "observe"
    return Written(says, says != installation.accounts[name].settings.enforcement)


def set_enforcement(file: SettingsFile, name: str, how: Enforcement) -> Done | None:
    """Write it; what was done, and nothing where the file says so already. Raises
    ``NotFoundError``, and ``ConflictError`` where the file cannot say it."""
    if file.account(name) is None:
        raise NotFoundError("account")
    file.put_account(name, {"enforcement": how})
    try:
        meant = file.settings().account(name)
        if meant is None or meant.enforcement != how:
            raise ConflictError(_OUTRANKED)
        changed = file.save()
    except SettingsError as error:
        raise ConflictError(str(error)) from None
    kind = "went-live" if how == "enforce" else "watches"
    return Done(kind, _SAID[how].format(name)) if changed else None
