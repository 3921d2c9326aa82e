"""One line of plain words for each setting that cannot be used, without secret values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError

from .model import (
    SECRETS,
    AccountSettings,
    ClientPageSettings,
    MailSettings,
    ServiceSettings,
    Settings,
    TaskSettings,
)


def lines(error: ValidationError) -> Iterator[str]:
    for item in error.errors(include_url=False, include_input=False):
        where = _where(item["loc"])
        if item["type"] == "extra_forbidden":
            yield f"{where}: is not a known setting{_nearest(item['loc'])}"
        elif item["type"] == "missing":
            yield f"{where}: is missing{_cure(item['loc'])}"
        elif item["type"] in _PLAINLY:
            yield f"{where}: {_PLAINLY[item['type']]}{_cure(item['loc'])}"
        else:
            message = item["msg"].removeprefix("Value error, ")
            message = message[:1].lower() + message[1:]
            message = message.replace("input should be", "must be").split(", unable to")[0]
            yield f"{where}: {message}{_cure(item['loc'])}"


def _where(loc: tuple[int | str, ...]) -> str:
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _nearest(loc: tuple[int | str, ...]) -> str:
    model: type[BaseModel] = Settings
    if loc[0] == "accounts":
        model = ServiceSettings if "services" in loc[:-1] else AccountSettings
    elif len(loc) > 1:
        model = _TABLES.get(str(loc[0]), Settings)
    names = [*model.model_fields]
    names += [f"{s}_file" for s in SECRETS if s in names]
    near = get_close_matches(str(loc[-1]), names, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(names)}"


_TABLES: Mapping[str, type[BaseModel]] = {
    "tasks": TaskSettings,
    "mail": MailSettings,
    "client_page": ClientPageSettings,
}
#: Where pydantic would speak of patterns and of our classes.
_PLAINLY = {
    "string_pattern_mismatch": "cannot be used",
    "model_type": "must be a table",
    "dict_type": "must be a table",
    "tuple_type": "must be a list",
    "string_type": "must be text",
    "path_type": "must be a path, written as text",
}
_CURES = {
    "enforcement": '; write "enforce" to write outcomes back, or "observe" to only watch',
    "connector": '; name the plugin that talks to the platform, such as "calcom"',
    "name": "; use lower-case letters, digits and hyphens: webhooks arrive at /webhooks/NAME",
    "public_url": "; write the address that platforms reach, such as https://bridge.example.com",
    "worker_name": "; use up to 60 letters, digits, dots, hyphens and underscores, such as desk-1",
    "digest_time": '; write a time of day such as "07:00"',
    "reminder_time": '; write a time of day such as "16:00"',
    "sender": '; write the address that e-mail comes from, such as "desk@clinic.example"',
    "base_url": "; write the address of the platform's API, such as https://api.cal.com",
}
_IN_LISTS = {"allowed_hosts": "; write a host's name alone, such as calendar.example.com"}


def _cure(loc: tuple[int | str, ...]) -> str:
    return _CURES.get(str(loc[-1]), "") or next(
        (cure for name, cure in _IN_LISTS.items() if name in loc), ""
    )
