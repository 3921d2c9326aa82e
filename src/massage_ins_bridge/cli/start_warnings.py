"""Settings with which a service does start, though hardly anybody means them."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from ..hooks.host import Host
    from ..settings import Settings


class StartWarning(NamedTuple):
    """One setting: what is wrong with it, and how to mend it. ``sure``: it is certainly a
    mistake."""

    subject: str
    message: str
    sure: bool = True


_WITHOUT = {
    "api_key": "without it the platform is neither asked nor changed",
    "webhook_secret": "without it every delivery is refused",
}
#: A secret of fewer characters can be guessed; one of fewer still, at once.
SHORT, VERY_SHORT = 16, 8
_STRONGER = {
    "api_key": "copy it anew from the platform",
    "webhook_secret": "make one of 32 or more, such as by `openssl rand -hex 24`",
}


def start_warnings(settings: Settings, file: Path | None, host: Host) -> Iterator[StartWarning]:
    """Everything that is odd about an installation. ``file`` is that of its settings."""
    yield from missing_secrets(settings, host)
    yield from settings_warnings(settings, file)
    yield from unknown_payers(settings, host)


def settings_warnings(settings: Settings, file: Path | None) -> Iterator[StartWarning]:
    yield from _secrets(settings)
    yield from _files(settings, file)
    yield from _addresses(settings)


def missing_secrets(settings: Settings, host: Host) -> Iterator[StartWarning]:
    """Secrets that an account lacks, of those that its connector asks for."""
    from ..desk.accounts import sound_classes
    from ..hooks.connector_class import settings_of

    classes = sound_classes(host)
    for account in settings.accounts:
        made = classes.get(account.connector)
        asked = {one.name for one in settings_of(made)} if made is not None else set(_WITHOUT)
        for name, effect in _WITHOUT.items():
            if name in asked and not getattr(account, name).get_secret_value():
                message = f"{name} is missing; set it, or {name}_file: {effect}"
                yield StartWarning(f"account {account.name}", message)


def _secrets(settings: Settings) -> Iterator[StartWarning]:
    """Secrets that can be guessed."""
    for account in settings.accounts:
        for name in _WITHOUT:
            length = len(getattr(account, name).get_secret_value())
            subject = f"account {account.name}"
            if 0 < length < SHORT:
                message = f"{name} has {length} characters and can be guessed; {_STRONGER[name]}"
                yield StartWarning(subject, message, sure=length < VERY_SHORT)


def _files(settings: Settings, file: Path | None) -> Iterator[StartWarning]:
    """What other users of the machine may read or change."""
    folder = settings.data_dir
    if folder.is_dir() and _others(folder, stat.S_IRWXO):
        ours = (*folder.glob("*.sqlite3*"), *folder.glob("*.key"))
        readable = [path for path in ours if _others(path, stat.S_IROTH)]
        if _others(folder, stat.S_IWOTH):
            what = "can be changed by every user of this machine"
        elif readable:
            what = f"lets every user of this machine read {min(readable).name}"
        else:
            what = ""
        if what:
            yield StartWarning("data_dir", f"{folder} {what}; run: chmod -R o= {folder}")
    code = settings.plugins_dir
    if code is not None and code.is_dir() and _others(code, stat.S_IWOTH):
        what = "can be changed by every user of this machine, and what is in it is run"
        yield StartWarning("plugins_dir", f"{code} {what}; run: chmod -R o-w {code}")
    if file is not None:
        yield from _readable_secrets(file)


def _readable_secrets(file: Path) -> Iterator[StartWarning]:
    """Secrets in the settings file, or in files of their own that it names."""
    from ..settings import SECRETS

    tables = _tables(file)
    what = "can be read by every user of this machine"
    if any(name in table for table in tables for name in SECRETS) and _others(file, stat.S_IROTH):
        yield StartWarning("settings", f"{file} holds secrets and {what}; run: chmod 600 {file}")
    named = {str(table.get(f"{name}_file", "")) for table in tables for name in SECRETS}
    for path in sorted(map(Path, named - {""})):
        if path.is_file() and _others(path, stat.S_IROTH):
            yield StartWarning("settings", f"{path} is a secret and {what}; run: chmod o= {path}")


def _others(path: Path, rights: int) -> bool:
    """Whether others have one of the rights, and can come to it at all."""
    real = path.resolve()
    if not all(parent.stat().st_mode & stat.S_IXOTH for parent in real.parents):
        return False
    return bool(real.stat().st_mode & rights)


def _tables(file: Path) -> list[dict[str, Any]]:
    """Where secrets may stand in the settings file."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return []
    accounts = data.get("accounts")
    tables = [data, data.get("mail"), *(accounts if isinstance(accounts, list) else [])]
    return [table for table in tables if isinstance(table, dict)]


def _addresses(settings: Settings) -> Iterator[StartWarning]:
    """Where strangers could listen, or move the clock."""
    from ..web.door.local import is_at_home, is_loopback

    public = settings.public_url
    if public.startswith("http://") and not is_at_home(public):
        yield StartWarning(
            "public_url",
            "begins with http://, so that keys and clients' facts can be read on the way; have a "
            "proxy speak HTTPS there, and write https://",
        )
    if not is_loopback(settings.host) and not public:
        yield StartWarning(
            "host",
            f"{settings.host} is reached from other machines, in plain text; put a proxy that "
            "speaks HTTPS before it and name its address as public_url, or listen on 127.0.0.1",
        )
    if settings.demo_clock and not all(
        is_at_home(account.base_url) for account in settings.accounts
    ):
        yield StartWarning(
            "demo_clock",
            "is set, and an account is not of this machine: whoever uses this machine can move "
            "the clock, and with it refuse bookings; leave it out",
        )


def unknown_payers(settings: Settings, host: Host) -> Iterator[StartWarning]:
    """Payers that the clinic's network or its fees name and no installed plugin knows: what is
    written there would never be looked at."""
    names = sorted({name for p in host.payers.payers for name in (p.key, p.name, *p.aliases)})
    clinic = settings.clinic_facts
    named = [("network", name) for name in clinic.network or {}]
    named += [("fees", name) for name in clinic.fees or {}]
    for table, name in named:
        if host.payers.find(name) is None:
            near = get_close_matches(name, names, n=1)
            cure = f"did you mean {near[0]!r}?" if near else "`mib plugins` lists who is served"
            message = f"no installed plugin serves such a payer; {cure}"
            yield StartWarning(f"clinic.{table}.{name}", message, sure=bool(near))
