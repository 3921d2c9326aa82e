"""What opens a file: its pages, its pictures, and why it refuses one."""

import io
import zlib

import pytest
from PIL import Image
from tests.documents.made import HEIC, pdf, photo

from massage_ins_bridge.documents import child
from massage_ins_bridge.documents.files import media_type

PNG = photo("PNG")


@pytest.mark.parametrize(
    ("content", "pages", "size"),
    [
        (photo("JPEG"), 1, (60, 80)),
        (photo("PNG", mode="RGBA"), 1, (60, 80)),
        (HEIC, 1, (64, 48)),
        (pdf("One", "Two"), 2, (1800, 1800)),
        (pdf("", password=""), 1, (1800, 1800)),  # may not be printed; that locks nobody out
        (pdf("A poster", side=14_400), 1, (1800, 1800)),
        (photo("JPEG", 5000, 2500), 1, (1800, 900)),
    ],
)
def test_a_file_is_opened_and_shown(content: bytes, pages: int, size: tuple[int, int]) -> None:
    media = media_type(content)
    assert media is not None
    assert child.answer("check", media, 1, content) == str(pages).encode()
    with Image.open(io.BytesIO(child.answer("picture", media, pages, content))) as shown:
        assert (shown.format, shown.size) == ("JPEG", size)


def test_a_photo_is_shown_upright_and_says_nothing_of_its_maker() -> None:
    made, where = io.BytesIO(), Image.Exif()
    where[0x0112], where[0x010F] = 6, "Telephone"  # turned by a quarter; the maker
    Image.new("RGB", (60, 80)).save(made, "JPEG", exif=where)
    with Image.open(io.BytesIO(child.answer("picture", "image/jpeg", 1, made.getvalue()))) as shown:
        assert (shown.size, dict(shown.getexif())) == ((80, 60), {})


def _bomb() -> bytes:
    """A picture of many more points than any has, in a few bytes."""
    side = child.MOST_PIXELS // 2000

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)

    head = side.to_bytes(4) + side.to_bytes(4) + b"\1\0\0\0\0"
    rows = zlib.compress(bytes((1 + side // 8) * 10))
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("content", "media", "wrong"),
    [
        (pdf("Secret", password="secret"), "application/pdf", "locked"),
        (pdf(*("Page",) * (child.MOST_PAGES + 1)), "application/pdf", "pages"),
        (b"%PDF-1.7 words %%EOF", "application/pdf", "broken"),
        (_bomb(), "image/png", "pixels"),
    ],
)
def test_what_is_no_paper_is_refused(content: bytes, media: str, wrong: str) -> None:
    with pytest.raises(child.RefusedError, match=wrong):
        child.answer("check", media, 1, content)


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"\xff\xd8\xff\xe0 no photo \xff\xd9", "image/jpeg"),
        (PNG, "image/jpeg"),  # of another kind than it is said to be
        (HEIC[:-60], "image/heic"),
    ],
)
def test_what_a_library_says_of_it_does_not_matter(content: bytes, media: str) -> None:
    with pytest.raises(Exception, match=r".+"):
        child.answer("check", media, 1, content)
