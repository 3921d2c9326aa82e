"""Letters as PDFs: every word is on the page, whatever letters it is written with."""

import pypdfium2

from massage_ins_bridge.documents.pdf import letter_pdf


def words(content: bytes) -> list[str]:
    """By page, its text."""
    document = pypdfium2.PdfDocument(content)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def test_a_letter_is_a_page_with_every_word() -> None:
    made = letter_pdf(["Alder & Sons\nTacoma <WA>", "- one “thing”", "- Tomás", "End"], "Page foot")
    (page,) = words(made)
    for said in ("Alder & Sons", "Tacoma <WA>", "one “thing”", "Tomás", "End", "Page foot"):
        assert said in page


def test_letters_that_the_font_lacks_are_written_by_others() -> None:
    (page,) = words(letter_pdf(["Nguyễn Văn, Łukasz, 李"]))
    assert page == "Nguyen Van, Łukasz, Li"


def test_a_long_letter_goes_on() -> None:
    pages = words(letter_pdf(["A paragraph. " * 60] * 12, "foot"))
    assert len(pages) > 1
    assert all(page.endswith("foot") or "foot" in page for page in pages)
