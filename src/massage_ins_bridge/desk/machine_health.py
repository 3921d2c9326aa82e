"""How the installation itself is, for whoever works at the desk: rules, clock, work and e-mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..store.record import Record
from .health import overdue, remarks, undone
from .installation import Installation
from .say import counted


@dataclass(frozen=True, slots=True)
class Part:
    """One part, and whether all is ``well`` with it; ``words``: what is to be known of it, ``tag``
    the same in two words; ``href``: where there is more."""

    name: str
    tag: str
    words: str = ""
    well: bool = True
    href: str = ""


def machine_health(installation: Installation, record: Record) -> tuple[Part, ...]:
    """All parts, in the order in which they matter."""
    return (
        *_plugins(installation),
        _to_read(installation, record),
        _clock(installation),
        *_work(record),
        _mail(installation),
    )


def _plugins(installation: Installation) -> Iterator[Part]:
    plugins = [p for p in installation.host.plugins if not p.disabled]
    for plugin in plugins:
        for said in filter(None, (plugin.failure, *plugin.amiss.values())):
            words = f"{said}. What it would decide is on hold; nothing is refused for it."
            yield Part(f"Rules of {plugin.name}", "No answer", words, well=False)
    off = ", ".join(p.name for p in installation.host.plugins if p.disabled and not p.gone)
    if off:
        yield Part("Plugins", "Switched off", off, well=False, href="/plugins")
    well = sum(not (p.failure or p.amiss) for p in plugins)
    yield Part("Rules", "Answering", f"{counted(well, 'plugin')}, each asked apart")


def _to_read(installation: Installation, record: Record) -> Part:
    due = len(installation.host.rules_on(record.today).overdue(record.today))
    words = "Each says where it was read, and since when it is due." if due else ""
    tag = f"{due} due" if due else "All read"
    return Part("Rules to read again at their sources", tag, words, well=not due, href="/rules")


def _clock(installation: Installation) -> Part:
    if installation.clock_wrong:
        words = "Set this machine\u2019s clock. No last day acts until it is right."
        return Part("Clock", "Wrong", words, well=False)
    return Part("Clock", "Right")


def _work(record: Record) -> Iterator[Part]:
    found = undone(record)
    said = [*overdue(found, record.now), *remarks(found, record.now)]
    for words in said:
        yield Part("Work", "Waits", f"{words[0].upper()}{words[1:]}.", well=False)
    if not said:
        yield Part("Work", "Nothing waits long")


def _mail(installation: Installation) -> Part:
    if installation.settings.mail is None:
        return Part(
            "E-mail",
            "Not set up",
            "Clients and staff get none from here. It is set up by [mail] in the settings file.",
        )
    rests = installation.mail_rests_until
    if rests is not None and rests > installation.clock.now():
        words = "Its server did not answer. Nothing is lost; it is tried again by itself."
        return Part("E-mail", "No answer", words, well=False)
    return Part("E-mail", "Works")
