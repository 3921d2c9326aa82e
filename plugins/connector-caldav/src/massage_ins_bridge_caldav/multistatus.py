"""WebDAV's multi-status answers (RFC 4918, 13), read by expat: names of elements by namespace,
properties by status. Whatever declares a document type is refused before anything of it is read, so
that no entity is ever expanded or fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn
from xml.parsers import expat

DAV, CALDAV, CS = "DAV: ", "urn:ietf:params:xml:ns:caldav ", "http://calendarserver.org/ns/ "
#: More than any server nests, and more elements than the largest answer that is taken can need.
DEEPEST, MOST_ELEMENTS = 40, 400_000


class XmlError(ValueError):
    """The body is not XML that can be read; the text says why and quotes nothing of it."""


@dataclass(slots=True)
class Element:
    """An element: ``name`` with its namespace before a space, its own text, what is in it, and
    ``called``, its attribute ``name``."""

    name: str
    called: str = ""
    text: str = ""
    inside: list[Element] = field(default_factory=list)

    def find(self, name: str) -> Element | None:
        """The first element of that name right in this one."""
        return next((one for one in self.inside if one.name == name), None)

    def all(self, name: str) -> list[Element]:
        """All elements of that name right in this one."""
        return [one for one in self.inside if one.name == name]

    def text_of(self, name: str) -> str:
        """The text of the first element of that name, without the space around it."""
        found = self.find(name)
        return found.text.strip() if found is not None else ""

    def names(self) -> frozenset[str]:
        """The names of what is right in this one."""
        return frozenset(one.name for one in self.inside)


@dataclass(frozen=True, slots=True)
class Response:
    """What is said of one address: ``status`` of the whole (0 where properties follow),
    ``found`` its properties that are there."""

    href: str
    status: int = 0
    found: Mapping[str, Element] = field(default_factory=dict, repr=False)

    def text(self, name: str) -> str:
        """A property's text, without the space around it; empty where it is not there."""
        return self.found[name].text.strip() if name in self.found else ""


@dataclass(frozen=True, slots=True)
class MultiStatus:
    """The responses, and the sync token that goes with them."""

    responses: tuple[Response, ...]
    sync_token: str = ""


def read_multistatus(body: bytes) -> MultiStatus:
    """Raises ``XmlError``."""
    root = parse(body)
    if root.name != f"{DAV}multistatus":
        raise XmlError("is XML of another kind")
    responses = [found for one in root.all(f"{DAV}response") for found in _responses(one)]
    return MultiStatus(tuple(responses), root.text_of(f"{DAV}sync-token"))


def names_in(body: bytes) -> frozenset[str]:
    """The conditions that an error's body names (RFC 4918, 16); none where it is no XML."""
    try:
        return parse(body).names()
    except XmlError:
        return frozenset()


def parse(body: bytes) -> Element:
    """The root element. Raises ``XmlError``."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text, parser.buffer_size = True, 1 << 20
    builder = _Builder()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    parser.ExternalEntityRefHandler = _refuse_doctype
    try:
        parser.Parse(body, True)
    except expat.ExpatError:
        raise XmlError("is no XML") from None
    if builder.root is None:
        raise XmlError("is no XML")
    return builder.root


class _Builder:
    """Puts elements together. The text of most elements is a line break: it is left out."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._count += 1
        if len(self._open) >= DEEPEST or self._count > MOST_ELEMENTS:
            raise XmlError("is XML without end")
        made = Element(name, attributes.get("name", ""))
        if self._open:
            self._open[-1].inside.append(made)
        else:
            self.root = made
        self._open.append(made)

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        self._open[-1].text += text


def _refuse_doctype(*_declared: Any) -> NoReturn:
    raise XmlError("is XML that declares a document type, which no calendar server does")


def _responses(one: Element) -> list[Response]:
    """A response, which may name several addresses of one status."""
    hrefs = [href.text.strip() for href in one.all(f"{DAV}href")]
    status = status_of(one.text_of(f"{DAV}status"))
    found: dict[str, Element] = {}
    for propstat in one.all(f"{DAV}propstat"):
        prop = propstat.find(f"{DAV}prop")
        if prop is not None and 200 <= status_of(propstat.text_of(f"{DAV}status")) < 300:
            found |= {inner.name: inner for inner in prop.inside}
    return [Response(href, status, found) for href in hrefs if href]


def status_of(line: str) -> int:
    """The number in ``HTTP/1.1 404 Not Found``; 0 where there is none."""
    number = line.split()[1:2]
    return int(number[0]) if number and number[0].isascii() and number[0].isdigit() else 0
