"""``/v1``: the papers of clients, as the files that came in."""

from __future__ import annotations

from typing import Annotated, Any, get_args
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from ...desk import page_said, paper_states, papers
from ...desk.chart import client_row
from ...desk.whole_chart import note_saved, whole_chart
from ...documents.files import MEDIA_TYPES, name_of_kind
from ...domain.reading import Problem, UnusableInputError
from ...messages.page_words import say
from ...store.documents import DocumentKind
from ..door.bodies import content_type
from ..door.given import Body, Clinic, Here
from ..door.paper_forms import FormError, PaperForm, read_papers
from ..door.problems import ProblemError
from .operation import answer, operation
from .schemas import GIVEN, LINES

router = APIRouter(prefix="/v1", tags=["papers"])
_DOCUMENT = GIVEN.of(papers.Document)


@router.get(
    "/patients/{patient_id}/documents", **operation({"type": "array", "items": _DOCUMENT}, 404)
)
def list_documents(patient_id: str, clinic: Clinic, installation: Here) -> Response:
    """The files that came in for a client, oldest first, without their content."""
    with installation.read(clinic) as record:
        return answer(papers.list_documents(record, patient_id))


def _upload() -> dict[str, Any]:
    """What an operation is that takes the files of a paper."""
    schema = {
        "type": "object",
        "properties": {
            "kind": {"enum": list(get_args(DocumentKind))},
            "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
        },
        "required": ["kind", "file"],
    }
    made = operation({"type": "array", "items": _DOCUMENT}, 404, 408, 413, 415, 422, status=201)
    content = {"multipart/form-data": {"schema": schema}}
    made["openapi_extra"]["requestBody"] = {"required": True, "content": content}
    return made


async def _files(request: Request) -> PaperForm:
    """The files of a paper. Raises ``ProblemError``."""
    if content_type(request) != "multipart/form-data":
        raise ProblemError(415, "Files must be sent with content-type multipart/form-data.")
    try:
        return await read_papers(request)
    except FormError as error:
        raise ProblemError(error.status, say("en", error.wrong, **papers.LIMITS)) from None


@router.post("/patients/{patient_id}/documents", **_upload())
def add_document(
    patient_id: str, clinic: Clinic, installation: Here, sent: Annotated[PaperForm, Depends(_files)]
) -> Response:
    """Keep the files of one paper. A file that is here already is kept once, and named with the
    others."""
    kind = sent.fields.get("kind", "")
    if kind not in get_args(DocumentKind):
        raise UnusableInputError([Problem("kind", f"must be one of {get_args(DocumentKind)}")])
    try:
        files = papers.look_through(sent.files)
        with installation.write(clinic) as record:
            client_row(record, patient_id)
            whose = papers.Whose(patient_id, None, "staff")
            new, known = papers.file_paper(installation, record, whose, kind, files)
            return answer([papers.document(record, row) for row in (*new, *known)], 201)
    except papers.PaperError as error:
        raise UnusableInputError([Problem("file", papers.in_one_line(error))]) from None


def _file(*media: str, may: tuple[int, ...] = (404,)) -> dict[str, Any]:
    """What an operation is that gives a file."""
    made = operation(None, *may)
    schema = {"schema": {"type": "string", "format": "binary"}}
    made["responses"][200]["content"] = dict.fromkeys(media, schema)
    return made


@router.get("/documents/{document_id}/content", **_file(*sorted(MEDIA_TYPES)))
def get_document(document_id: str, clinic: Clinic, installation: Here) -> Response:
    """A file as it came, to be saved: it is not looked into here."""
    with installation.read(clinic) as record:
        file = papers.sealed_file(record, document_id)
    said = f"attachment; filename*=UTF-8''{quote(name_of_kind(file.name, file.media_type))}"
    headers = {"content-disposition": said, "content-security-policy": "sandbox"}
    return Response(file.content, headers=headers, media_type=file.media_type)


@router.get("/documents/{document_id}/pages/{number}", **_file("image/jpeg", may=(404, 422)))
def get_document_page(
    document_id: str, number: int, clinic: Clinic, installation: Here
) -> Response:
    """A page of a file as a picture, counted from 1. The file is opened by a process of its own."""
    with installation.read(clinic) as record:
        file = papers.sealed_file(record, document_id)
    return Response(papers.picture(file, number), media_type="image/jpeg")


@router.post("/patients/{patient_id}/chart.zip", **_file("application/zip"))
def save_whole_chart(patient_id: str, clinic: Clinic, installation: Here) -> Response:
    """Everything that is kept of a client: the chart in the shapes of this API, the same as a page
    to read, and the papers. That it was saved stands in the audit."""
    with installation.write(clinic) as record:
        note_saved(record, patient_id, "A program with a key")
    with installation.read(clinic) as record:
        content = whole_chart(installation, record, patient_id)
    return Response(content, media_type="application/zip")


@router.get(
    "/patients/{patient_id}/said",
    **operation({"type": "array", "items": GIVEN.of(page_said.PageSaid)}, 404),
)
def list_said(patient_id: str, clinic: Clinic, installation: Here) -> Response:
    """What the client said on their own page, newest first: a guardian's word, terms that they
    signed, what a visit may cost, their insurer, in the words that they were shown."""
    with installation.read(clinic) as record:
        return answer(page_said.page_said(record, patient_id))


@router.patch(
    "/documents/{document_id}",
    **operation(_DOCUMENT, 404, 409, takes=LINES.of(paper_states.DocumentChange)),
)
def change_document(document_id: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Say that a paper is filed, that nobody can read it, or what it is; or take that back. All of
    its files go together, and so does the task that asked for it."""
    with installation.write(clinic) as record:
        row = paper_states.change_document(installation, record, document_id, data)
        return answer(papers.document(record, row))
