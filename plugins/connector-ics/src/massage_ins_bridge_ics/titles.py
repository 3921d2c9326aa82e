"""What the title of an appointment says: the client, as far as it names one, and the service.

Platforms hide names in what they publish: as initials, as the first name alone, or behind a word
such as "Busy". Nobody is guessed from that. The clinic says how its platform writes titles; a title
that is written otherwise names nobody, and staff is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

#: The service of an appointment whose title names none.
APPOINTMENT = "appointment"
#: Whoever has one of these in their name is asked about; that is rare, and no harm.
MASKS = frozenset(
    [
        *("anonymous", "appointment", "appointments", "appt", "blocked", "booked"),
        *("booking", "break", "busy", "checkup", "client", "confidential", "consult"),
        *("consultation", "customer", "event", "existing", "followup", "hidden", "hold"),
        *("lunch", "massage", "meeting", "new", "occupied", "patient", "private"),
        *("reserved", "session", "therapy", "treatment", "unavailable", "unknown", "visit"),
    ]
)
_FIELD = re.compile(r"\{(client|service|any)\}")
_DASHES = "\u2010\u2011\u2012\u2013\u2014-"  # as it stands in a class of letters
_LETTERS, _BETWEEN = re.compile(r"[^\W\d_]+"), re.compile(r"[\s,.]+")
MOST_TITLE, MOST_SERVICE = 200, 100


@dataclass(frozen=True, slots=True)
class Said:
    """What a title says. ``client``: their name as written, ``None`` where none is told."""

    service: str
    client: str | None = None


class Titles:
    """How a platform writes titles. ``ends``: with what it begins the title of an appointment that
    was called off; ``leave_out``: titles of what is no appointment."""

    def __init__(
        self, patterns: Iterable[str] = (), ends: Iterable[str] = (), leave_out: Iterable[str] = ()
    ) -> None:
        """Raises ``ValueError``."""
        self._patterns = [_compiled(pattern) for pattern in patterns]
        self._ends = tuple(map(_plain, ends))
        self._leave_out = frozenset(map(_plain, leave_out))

    def is_none(self, title: str) -> bool:
        """Whether it is the title of something that is no appointment."""
        return bool(self._leave_out) and _plain(title) in self._leave_out

    def is_ended(self, title: str) -> bool:
        """Whether the title says that it was called off."""
        return bool(self._ends) and _plain(title).startswith(self._ends)

    def read(self, title: str) -> Said:
        """What the title says."""
        line = " ".join(title.split())[:MOST_TITLE]
        for end in self._ends:
            if line.casefold().startswith(end):
                line = line[len(end) :].strip()
        for pattern in self._patterns:
            if found := pattern.fullmatch(line):
                said = found.groupdict()
                service = " ".join((said.get("service") or "").split())
                return Said(service[:MOST_SERVICE] or APPOINTMENT, told(said.get("client")))
        return Said(APPOINTMENT)


def told(name: str | None) -> str | None:
    """A name, unless it hides one: a word such as "Busy", or a number. Of one that is cut to a
    first or family name and initials one word is left, so that nobody takes it for a full one."""
    shown = " ".join((name or "").split())
    words = [word for word in _BETWEEN.split(shown) if any(map(str.isalpha, word))]
    if not words or any(letter.isdigit() for letter in shown):
        return None
    if MASKS & {word.casefold() for word in _LETTERS.findall(shown)}:
        return None
    full = [word for word in words if len(_LETTERS.sub("", word)) < len(word) - 1]
    if len(full) > 1:
        return shown
    return "".join(_LETTERS.findall(full[0])) if full else "".join(words).upper()


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _compiled(pattern: str) -> re.Pattern[str]:
    if "{client}" not in pattern and "{service}" not in pattern:
        raise ValueError("options.title: names neither {client} nor {service}")
    if any(pattern.count(f"{{{name}}}") > 1 for name in ("client", "service")):
        raise ValueError("options.title: names {client} or {service} twice")
    pieces = _FIELD.split(pattern)
    if any(brace in piece for piece in pieces[::2] for brace in "{}"):
        raise ValueError("options.title: knows {client}, {service} and {any}")
    if any(not piece.strip() for piece in pieces[2:-1:2]):
        raise ValueError("options.title: something must stand between two of its fields")
    text = "".join(_literal(p) if n % 2 == 0 else _group(p) for n, p in enumerate(pieces))
    return re.compile(rf"\s*{text}\s*", re.IGNORECASE)


def _group(name: str) -> str:
    return "(?:.*?)" if name == "any" else f"(?P<{name}>.+?)"


def _literal(text: str) -> str:
    """Any run of spaces is one, and any dash any other."""
    return "".join(
        r"\s+" if piece.isspace() else f"[{_DASHES}]" if piece in _DASHES else re.escape(piece)
        for piece in re.findall(rf"\s+|[{_DASHES}]|[^\s{_DASHES}]+", text)
    )
