"""A letter as a PDF of US Letter pages."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from html import escape

from anyascii import anyascii

_ENTRY = "- "
_MARGIN, _SIZE = 72, 11
_FONT = "Vera"


def letter_pdf(paragraphs: Sequence[str], foot: str = "") -> bytes:
    """Paragraphs under each other, of which those that begin with a dash are entries of a list;
    ``foot`` stands at the end of each page. Letters that the font lacks are written by those that
    come nearest to them."""
    from reportlab.lib.pagesizes import letter
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    _glyphs()
    plain = ParagraphStyle(
        "plain", fontName=_FONT, fontSize=_SIZE, leading=_SIZE * 1.5, spaceAfter=_SIZE
    )
    entry = ParagraphStyle(
        "entry", plain, leftIndent=18, bulletIndent=6, bulletFontName=_FONT, spaceAfter=4
    )
    last = ParagraphStyle("last", entry, spaceAfter=_SIZE)
    ends = {n for n, one in enumerate(paragraphs[1:]) if not one.startswith(_ENTRY)}

    def footed(canvas: Canvas, _: object) -> None:
        canvas.setFont(_FONT, 8)
        canvas.drawString(_MARGIN, _MARGIN / 2, _writable(foot))

    made = io.BytesIO()
    document = SimpleDocTemplate(
        made,
        pagesize=letter,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title="Letter",
        invariant=1,
    )
    document.build(
        [
            Paragraph(_marked(one[len(_ENTRY) :]), last if n in ends else entry, bulletText="•")
            if one.startswith(_ENTRY)
            else Paragraph(_marked(one), plain)
            for n, one in enumerate(paragraphs)
        ],
        onFirstPage=footed,
        onLaterPages=footed,
    )
    return made.getvalue()


def _marked(text: str) -> str:
    return escape(_writable(text)).replace("\n", "<br/>")


def _writable(text: str) -> str:
    known = _glyphs()
    return "".join(c if c == "\n" or ord(c) in known else anyascii(c) for c in text)


@cache
def _glyphs() -> frozenset[int]:
    """The letters that the font has, which is made known with it."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(_FONT, "Vera.ttf")
    registerFont(font)
    return frozenset(font.face.charToGlyph)
