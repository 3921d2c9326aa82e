"""What an event says of a booking: which service it is, and of whom.

Either an event is written by the template that the documentation shows, lines of ``Label: text`` in
its description, or its title begins with a service's name and its one attendee is the client.
Whatever is neither is no booking, and nobody's business.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from massage_ins_bridge.api.calendars import CalendarPerson, Occurrence
from massage_ins_bridge.api.connectors import PlatformPerson

SERVICE, CLIENT, EMAIL, PHONE = "service", "client", "email", "phone"
_SAME = {"name": CLIENT, "client name": CLIENT, "e-mail": EMAIL, "telephone": PHONE}
_LABEL = re.compile(r"\s*([^:\n]{1,60}?)\s*:\s*(.*?)\s*\Z")
_BREAK, _TAG = re.compile(r"<(?:br|/p|/div|/li)\b[^<>]*>", re.IGNORECASE), re.compile(r"<[^<>]*>")
#: What may stand between a service's name and the rest of a title.
_AFTER = re.compile(r"\s*(?:[:,;|(/\u2013\u2014-]|\bwith\b|\bfor\b|\Z)", re.IGNORECASE)
MAX_TEXT, MAX_LINES = 500, 200
NOBODY = PlatformPerson()


def labelled(description: str) -> dict[str, str]:
    """The lines of the template, labels in lower case; what stands first counts."""
    text = description
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", text)).replace("&nbsp;", " ").replace("&amp;", "&")
    found: dict[str, str] = {}
    for line in text.splitlines()[:MAX_LINES]:
        said = _LABEL.match(line)
        if said and said[2]:
            label = " ".join(said[1].lower().split())
            found.setdefault(_SAME.get(label, label), _plain(said[2]))
    return found


def service_of(summary: str, said: Mapping[str, str], services: Collection[str]) -> str | None:
    """The service that an event is of, by its name in the settings, or as the template names it
    where they name none such; ``None`` for what is no booking."""
    if SERVICE in said:
        same = (name for name in services if _key(name) == _key(said[SERVICE]))
        return next(same, said[SERVICE][:100])
    title = _key(summary)
    for name in sorted(services, key=len, reverse=True):
        if title.startswith(_key(name)) and _AFTER.match(title, len(_key(name))):
            return name
    return None


def person_of(
    event: Occurrence, said: Mapping[str, str], own: Collection[str]
) -> PlatformPerson | None:
    """The client; ``None`` where nobody is surely it. The template goes before attendees. Nobody's
    name is taken from a title."""
    others = _others(event, own)
    if said.get(CLIENT) or said.get(EMAIL):
        same = [one for one in others if _mail(one) and _mail(one) == said.get(EMAIL, "").lower()]
        name = said.get(CLIENT) or (same[0].name if same else None)
        return _made(name, said.get(EMAIL), said.get(PHONE))
    if len(others) != 1:
        return None
    [other] = others
    return _made(other.name, other.email, said.get(PHONE))


def answers(said: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    """What the form's fields were answered, by fact: ``fields`` maps labels to facts."""
    found = ((fact, said.get(" ".join(label.lower().split()))) for label, fact in fields.items())
    return {fact: value for fact, value in found if value}


def _others(event: Occurrence, own: Collection[str]) -> list[CalendarPerson]:
    """Those who come and are not of the house: attendees, or else whoever made the event."""
    hosts = {_mail(event.organizer)} if event.organizer else set()
    attending = [one for one in event.attendees if _mail(one) not in own]
    if others := [one for one in attending if _mail(one) not in hosts]:
        return others
    made_by = event.organizer
    if made_by is not None and own and event.attendees and _mail(made_by) not in own:
        return [made_by]
    return []


def _made(name: str | None, email: str | None, phone: str | None) -> PlatformPerson | None:
    shown = _plain(name or "")
    shown = "" if "@" in shown else shown
    mail = _plain(email or "")
    if not (shown or mail):
        return None
    return PlatformPerson(name=shown or None, email=mail or None, phone=_plain(phone or "") or None)


def _mail(person: CalendarPerson | None) -> str:
    return (person.email or "").strip().lower() if person is not None else ""


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _plain(text: str) -> str:
    words = "".join(c if c.isprintable() else " " for c in text[:MAX_TEXT])
    return " ".join(words.split())
