"""Forms that send papers, or fields alone: never more than allowed."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from ...desk.papers import MOST_FILES, MOST_TOGETHER, Given
from .bodies import content_type
from .forms import read_pairs
from .problems import ProblemError
from .uploads import MULTIPART, CutOffError, TooManyError, read_uploads

#: A form without a file is short.
MOST_FORM = 65_536


class FormError(ValueError):
    """What was sent cannot be read. ``wrong`` names the words that say why, ``status`` the
    answer's."""

    def __init__(self, wrong: str, status: int = 422) -> None:
        super().__init__(wrong)
        self.wrong, self.status = wrong, status


@dataclass(frozen=True, slots=True)
class PaperForm:
    """Fields by name, and the files in their order."""

    fields: dict[str, str]
    files: tuple[Given, ...]


async def read_papers(request: Request) -> PaperForm:
    """What the form sent. Raises ``FormError``."""
    try:
        if content_type(request) == MULTIPART:
            return await read_with_files(request, MOST_TOGETHER, MOST_FILES)
        return PaperForm(dict(await read_pairs(request, MOST_FORM)), ())
    except ProblemError as error:
        if error.status == 413:
            raise FormError("wrong_total", 413) from None
        raise FormError("wrong_form", 408 if error.status == 408 else 422) from None


async def read_with_files(request: Request, most: int, most_files: int) -> PaperForm:
    """A form with files of ``most`` bytes together.

    Raises ``FormError``, and ``ProblemError`` (413, 408)."""
    try:
        fields, files = await read_uploads(request, most, most_files)
    except TooManyError:
        raise FormError("wrong_many") from None
    except CutOffError:
        raise FormError("wrong_form") from None
    return PaperForm(dict(fields), tuple(Given(file.name, file.content) for file in files))
