"""``/v1/mails``: what e-mails say, in the clinic's own words where it wrote some."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from ...desk import mail_texts, views
from ...desk.bookings import booking_row
from ..door.given import Body, Clinic, Here
from .filters import Plain
from .operation import answer, operation
from .schemas import GIVEN, TAKEN

router = APIRouter(prefix="/v1/mails", tags=["e-mails"])
_TEXT = GIVEN.of(mail_texts.MailText)


@router.get("", **operation({"type": "array", "items": _TEXT}))
def list_mails(clinic: Clinic, installation: Here) -> Response:
    """Every e-mail in every language, as it is sent now."""
    with installation.read(clinic) as record:
        return answer(mail_texts.list_texts(record))


@router.get("/sent", **operation({"type": "array", "items": GIVEN.of(views.Write)}, 404, 422))
def list_sent_mails(
    clinic: Clinic, installation: Here, booking: Annotated[Plain, Query()]
) -> Response:
    """The e-mails to the client about a booking, oldest first: `done` were sent, `superseded` were
    called off before they left."""
    with installation.read(clinic) as record:
        return answer(views.mails(record, booking_row(record, booking)))


@router.put("/{name}/{language}", **operation(_TEXT, 404, takes=TAKEN.of(mail_texts.MailTextSent)))
def put_mail(name: str, language: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Use another text from now on. `{link}` and `{clinic}` have to stand in it."""
    with installation.write(clinic) as record:
        return answer(mail_texts.put_text(record, name, language, data))


@router.delete("/{name}/{language}", **operation(_TEXT, 404))
def reset_mail(name: str, language: str, clinic: Clinic, installation: Here) -> Response:
    """Use the text that is shipped again."""
    with installation.write(clinic) as record:
        return answer(mail_texts.reset_text(record, name, language))


@router.post(
    "/{name}/{language}/preview",
    **operation(GIVEN.of(mail_texts.MailPreview), 404, takes=TAKEN.of(mail_texts.PreviewSent)),
)
def preview_mail(
    name: str, language: str, clinic: Clinic, installation: Here, data: Body
) -> Response:
    """How an e-mail would read for a booking. Nothing is sent or kept, and its link opens
    nothing."""
    with installation.read(clinic) as record:
        return answer(mail_texts.preview(installation, record, name, language, data))
