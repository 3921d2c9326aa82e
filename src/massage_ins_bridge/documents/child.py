"""Opens one file in a process of its own, which has no secrets and ends with the file.

Run as a script, it knows nothing of the rest: ``child.py check|picture MEDIA-TYPE PAGE`` takes the
file on its standard input and gives the number of pages, or a JPEG of one, on its standard output.
It ends with ``REFUSED`` and one word on its standard error where the file is to be refused.
"""

from __future__ import annotations

import io
import resource
import sys
from typing import Any

#: A photo of 48 million pixels is what telephones make today; one of more is a bomb, or a mistake.
MOST_PIXELS = 60_000_000
#: No paper about one client has more pages.
MOST_PAGES = 60
#: The longer side of a picture: fine print of a fax is read at this.
LONGEST = 1800
_QUALITY = 82
#: What the process may take: memory in bytes, seconds of a processor, open files.
_MEMORY, _SECONDS, _FILES = 1_610_612_736, 20, 64
REFUSED = 3
#: What the PDF library answers where it would need a password (pdfium, ``fpdfview.h``).
_PASSWORD = 4
_FORMATS = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/heic": ("HEIF",),
}


class RefusedError(Exception):
    """The file is to be refused; the text is one word that says why."""


def main(what: str, media: str, page: str) -> int:
    _limit()
    content = sys.stdin.buffer.read()
    try:
        made = answer(what, media, int(page), content)
    except RefusedError as error:
        sys.stderr.write(str(error))
        return REFUSED
    except ImportError:
        raise
    except Exception:  # noqa: BLE001 - whatever the libraries say of it: it cannot be opened
        sys.stderr.write("broken")
        return REFUSED
    sys.stdout.buffer.write(made)
    return 0


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def answer(what: str, media: str, page: int, content: bytes) -> bytes:
    """The number of pages, or a picture of one. Raises ``RefusedError``, and whatever the libraries
    raise for a file that they cannot open."""
    if media == "application/pdf":
        document = _document(content)
        if what == "check":
            return str(_pages(document)).encode()
        return _jpeg(_drawn(document, page))
    photo = _photo(content, media)
    return b"1" if what == "check" else _jpeg(photo)


def _document(content: bytes) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == _PASSWORD
        raise RefusedError("locked" if locked else "broken") from None


def _pages(document: Any) -> int:
    """How many pages there are, each of which can be opened."""
    number = len(document)
    if number > MOST_PAGES:
        raise RefusedError("pages")
    for at in range(number):
        if min(document[at].get_size()) <= 0:
            raise RefusedError("broken")
    if number == 0:
        raise RefusedError("broken")
    _drawn(document, 1)
    return number


def _drawn(document: Any, page: int) -> Any:
    shown = document[page - 1]
    scale = LONGEST / max(shown.get_size())
    return shown.render(scale=scale).to_pil()


def _photo(content: bytes, media: str) -> Any:
    """The photo, upright, and no larger than it is looked at."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # the size is looked at here, before anything is unpacked
    if media == "image/heic":
        from pi_heif import register_heif_opener

        register_heif_opener()
    photo = Image.open(io.BytesIO(content), formats=_FORMATS[media])
    if photo.width * photo.height > MOST_PIXELS:
        raise RefusedError("pixels")
    photo.draft("RGB", (LONGEST, LONGEST))
    photo.load()
    photo.thumbnail((LONGEST, LONGEST))
    return ImageOps.exif_transpose(photo)


def _jpeg(picture: Any) -> bytes:
    """Without where and with what it was taken, and on white where one sees through it."""
    from PIL import Image

    if "A" in picture.getbands() or "transparency" in picture.info:
        over = picture.convert("RGBA")
        picture = Image.new("RGB", over.size, "white")
        picture.paste(over, mask=over.getchannel("A"))
    made = io.BytesIO()
    picture.convert("RGB").save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
