"""Pictures that are made here."""

from __future__ import annotations

from markupsafe import Markup


def qr_code(text: str) -> Markup:
    """A QR code as part of a page: dark on light, whatever the page's colours are."""
    import segno  # of all pages one needs it

    made = segno.make(text, error="m").svg_inline(scale=4, dark="#000", light="#fff", border=3)
    return Markup(made)  # noqa: S704 - of squares alone
