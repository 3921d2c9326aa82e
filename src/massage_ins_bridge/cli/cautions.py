"""What a service starts with all the same, and hardly ever on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..hooks.host import Host
    from ..settings import Settings


class Caution(NamedTuple):
    """What it is about, and what is wrong with it and how to mend it. ``sure``: nobody can have
    meant it so."""

    subject: str
    message: str
    sure: bool = True


_WITHOUT = {
    "api_key": "without it the platform is neither asked nor changed",
    "webhook_secret": "without it every delivery is refused",
}


def cautions(settings: Settings, host: Host) -> Iterator[Caution]:
    yield from missing_secrets(settings)
    yield from unknown_payers(settings, host)


def missing_secrets(settings: Settings) -> Iterator[Caution]:
    """Secrets that an account has not been given."""
    for account in settings.accounts:
        for name, effect in _WITHOUT.items():
            if not getattr(account, name).get_secret_value():
                message = f"{name} is missing; set it, or {name}_file: {effect}"
                yield Caution(f"account {account.name}", message)


def unknown_payers(settings: Settings, host: Host) -> Iterator[Caution]:
    """Payers that the clinic's network names and no installed plugin knows: what is written there
    would never be looked at."""
    names = sorted({name for p in host.payers.payers for name in (p.key, p.name, *p.aliases)})
    for name in settings.clinic_facts.network or {}:
        if host.payers.find(name) is None:
            near = get_close_matches(name, names, n=1)
            cure = f"did you mean {near[0]!r}?" if near else "`mib plugins` lists who is served"
            message = f"no installed plugin serves such a payer; {cure}"
            yield Caution(f"clinic.network.{name}", message, sure=bool(near))
