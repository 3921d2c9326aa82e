"""What a file is by its bytes; whether it can be opened, and its pages as pictures.

Files come from strangers, and the libraries that open them are large: each file is opened by a
process of its own (``child``), which may take so much memory and time and no more, is given nothing
but the file, and ends with it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import BoundedSemaphore
from typing import Literal, cast, get_args

import structlog

from . import child

log = structlog.get_logger(__name__)
PHOTOS = ("image/jpeg", "image/png", "image/heic")
#: What is kept.
MEDIA_TYPES = frozenset({*PHOTOS, "application/pdf"})
#: What the brands of an ISO media file say where it is a picture as telephones make it
#: (ISO/IEC 23008-12, part 10; MPEG's registry of brands).
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
#: What the names of each kind end in, the usual one first.
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/heic": (".heic", ".heif"),
    "application/pdf": (".pdf",),
}
MOST_PAGES = child.MOST_PAGES
Unreadable = Literal["broken", "locked", "pixels", "pages"]
_SECONDS = 30
#: Files that are opened at once: each may take a processor and a good deal of memory.
_AT_ONCE = BoundedSemaphore(2)


class UnreadableError(ValueError):
    """A file cannot be opened, is locked with a password, or is larger than any paper is."""

    def __init__(self, wrong: Unreadable) -> None:
        super().__init__(wrong)
        self.wrong = wrong


def media_type(content: bytes) -> str | None:
    """What a file is by its first bytes; ``None`` where it is nothing that is kept."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:1024].find(b"%PDF-") >= 0:  # some scanners write a few bytes before it
        return "application/pdf"
    if content[4:8] == b"ftyp" and _HEIC_BRANDS & _brands(content):
        return "image/heic"
    return None


def is_whole(content: bytes, media: str) -> bool:
    """Whether a photo or a PDF has its end: one that was cut on the way has none. Telephones write
    a film behind a photo's end, or what was cut off the picture; a PDF's is near the file's."""
    return {
        "image/jpeg": b"\xff\xd9" in content,
        "image/png": b"IEND" in content,
        "application/pdf": b"%%EOF" in content[-4096:],
    }.get(media, len(content) > 64)


def name_of_kind(name: str, media: str) -> str:
    """A file's name with an ending that says what it is: whoever saves it opens it as that."""
    endings = _ENDINGS[media]
    return name if name.lower().endswith(endings) else f"{name}{endings[0]}"


def page_count(content: bytes, media: str) -> int:
    """How many pages a file has. Raises ``UnreadableError``."""
    return int(_opened("check", content, media, 1))


def page_picture(content: bytes, media: str, page: int) -> bytes:
    """A page, from 1 on, as a JPEG. Raises ``UnreadableError``."""
    return _opened("picture", content, media, page)


def _opened(what: str, content: bytes, media: str, page: int) -> bytes:
    command = [sys.executable, "-I", str(Path(child.__file__)), what, media, str(page)]
    try:
        with _AT_ONCE:
            done = subprocess.run(  # noqa: S603 - our own script, of our own words
                command,
                input=content,
                capture_output=True,
                timeout=_SECONDS,
                env={},
                check=False,
            )
    except subprocess.TimeoutExpired:
        log.warning("a file took too long to open", media=media)
        raise UnreadableError("broken") from None
    if done.returncode == 0:
        return done.stdout
    word = done.stderr.decode(errors="replace")
    if done.returncode == child.REFUSED and word in get_args(Unreadable):
        raise UnreadableError(cast(Unreadable, word))
    if "ImportError" in word or "ModuleNotFoundError" in word:
        raise RuntimeError("a library that opens files is not installed")
    log.warning("a file ended the process that opened it", media=media, code=done.returncode)
    raise UnreadableError("broken")


def _brands(content: bytes) -> frozenset[bytes]:
    """The brands that an ISO media file bears: the major one, and those that it is compatible
    with."""
    length = min(int.from_bytes(content[:4], "big"), 128)
    others = (content[at : at + 4] for at in range(16, length, 4))
    return frozenset((content[8:12], *others))
