"""What the page shows, made once for each change, however many look at it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace

from ... import __version__
from ...desk.installation import Installation
from ...desk.opened import Opened
from ...desk.overview import Line, Overview, Pages, overview
from ...desk.tags import tag_of, to_json
from ...store.changes import mark_of

#: Contents that are kept: of several pages, which several people look at.
MOST = 24


class Shown:
    """Safe to use from several threads: one makes the contents, the others wait for it."""

    def __init__(self) -> None:
        self._opened = Opened()
        self._lock = threading.Lock()
        self._made: OrderedDict[tuple[str, Pages], tuple[str, bytes]] = OrderedDict()
        #: By identity, the lines of the last contents as JSON: most of them stay.
        self._lines: dict[int, tuple[Line, bytes]] = {}

    def look(
        self, installation: Installation, clinic: str, pages: Pages, known: str | None
    ) -> tuple[str, bytes | None]:
        """The tag of what is shown now, and the JSON; ``None`` in its stead where ``known`` is the
        tag."""
        with installation.read(clinic) as record:
            mark = mark_of(record.session, clinic)
            where = f"{pages.coming}.{pages.past}.{pages.tasks}"
            tag = f'"{_basis(installation)}-{mark}-{record.today}-{where}"'
            if known == tag:
                return tag, None
            with self._lock:
                made = self._made.get((clinic, pages))
                if made is None or made[0] != tag:
                    found = overview(installation, record, self._opened, pages)
                    made = self._made[clinic, pages] = (tag, self._written(found))
                self._made.move_to_end((clinic, pages))
                while len(self._made) > MOST:
                    self._made.popitem(last=False)
                return made

    def _written(self, found: Overview) -> bytes:
        """The contents as JSON."""
        known, self._lines = self._lines, {}
        for line in found.bookings:
            before = known.get(id(line))
            same = before is not None and before[0] is line
            self._lines[id(line)] = before if before and same else (line, to_json(line))
        lines = b",".join(self._lines[id(line)][1] for line in found.bookings)
        rest = to_json(replace(found, bookings=()))
        return rest.replace(b'"bookings":[]', b'"bookings":[' + lines + b"]", 1)


def _basis(installation: Installation) -> str:
    """What the contents rest on beside the record: equal for all processes of an installation."""
    payers = sorted((p.key, p.name, *p.aliases) for p in installation.host.payers.payers)
    return tag_of([__version__, installation.zone, payers])[:12]
