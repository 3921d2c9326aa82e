"""Files of strangers: what they are by their bytes, and what their own process says of them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.documents.made import HEIC, JPEG, pdf, photo

from massage_ins_bridge.documents import child, files
from massage_ins_bridge.documents.files import (
    UnreadableError,
    is_whole,
    media_type,
    name_of_kind,
    page_count,
    page_picture,
)

PNG, PDF = photo("PNG"), pdf("One", "Two")
#: It wants more memory than it may have.
GREEDY = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (2**28, 2**28))
bytes(2**29)
"""


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (PDF, "application/pdf"),
        (b"\0\0a scanner's own bytes\n" + PDF, "application/pdf"),
        (HEIC, "image/heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "image/heic"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp41", None),  # a film
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_bytes_say(content: bytes, kind: str | None) -> None:
    assert media_type(content) == kind


@pytest.mark.parametrize(
    ("content", "media", "whole"),
    [
        (JPEG + b"\0\0\0\x18ftypmp42" + bytes(9000), "image/jpeg", True),  # with its film
        (PNG + bytes(9000), "image/png", True),
        (JPEG[:-2], "image/jpeg", False),
        (PDF + bytes(9000), "application/pdf", False),
    ],
)
def test_a_photo_has_its_end_whatever_stands_behind_it(
    content: bytes, media: str, whole: bool
) -> None:
    assert is_whole(content, media) is whole


@pytest.mark.parametrize(
    ("name", "media", "saved_as"),
    [
        ("rx.html", "application/pdf", "rx.html.pdf"),
        ("RX.PDF", "application/pdf", "RX.PDF"),
        ("photo.jpeg", "image/jpeg", "photo.jpeg"),
        ("photo", "image/heic", "photo.heic"),
    ],
)
def test_a_file_is_saved_as_what_it_is(name: str, media: str, saved_as: str) -> None:
    assert name_of_kind(name, media) == saved_as


@given(st.binary(max_size=200))
def test_no_bytes_break_the_look_at_them(content: bytes) -> None:
    assert media_type(content) in (None, *files.MEDIA_TYPES)


def test_a_process_opens_what_it_is_given_and_refuses_the_rest() -> None:
    assert (page_count(PDF, "application/pdf"), page_count(HEIC, "image/heic")) == (2, 1)
    assert page_picture(PDF, "application/pdf", 2).startswith(b"\xff\xd8\xff")
    for content, media, wrong in (
        (pdf("Secret", password="secret"), "application/pdf", "locked"),
        (b"\xff\xd8\xff\xe0 no photo \xff\xd9", "image/jpeg", "broken"),
    ):
        with pytest.raises(UnreadableError) as caught:
            page_count(content, media)
        assert caught.value.wrong == wrong
    with pytest.raises(UnreadableError):
        page_picture(PDF, "application/pdf", 3)


@pytest.mark.parametrize("script", ["while True: pass", GREEDY])
def test_what_takes_too_long_or_too_much_ends_with_its_process(
    script: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written = tmp_path / "child.py"
    written.write_text(script)
    monkeypatch.setattr(files, "_SECONDS", 0.5)
    monkeypatch.setattr(child, "__file__", str(written))
    with pytest.raises(UnreadableError) as caught:
        page_count(JPEG, "image/jpeg")
    assert caught.value.wrong == "broken"


def test_a_library_that_is_missing_is_no_fault_of_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written = tmp_path / "child.py"
    written.write_text("import a_library_that_is_not_there")
    monkeypatch.setattr(child, "__file__", str(written))
    with pytest.raises(RuntimeError, match="not installed"):
        page_count(JPEG, "image/jpeg")
