"""The papers that came in for a client, from them or by staff, and the links to the client's own
page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, get_args
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from ...desk import links, page_said, paper_acts, papers
from ...desk.acts import Done, carry_out
from ...desk.own import own_client
from ...desk.roles import Person, must_be_allowed, must_not_be_covered
from ...desk.say import NO_NAME, counted
from ...desk.whole_chart import saved, whole_chart
from ...documents.files import name_of_kind
from ...store.acts import About
from ...store.documents import DocumentKind
from ...store.record import Record
from ..door.given import Here
from ..door.paper_forms import FormError, read_papers
from .forms import Form, Sent, act, with_done
from .looks import page
from .person import Signed, Who, signed
from .routes import StaffRoute
from .sent_files import form_with_files, sent_files

router = APIRouter(prefix="/clients/{patient_id}", include_in_schema=False, route_class=StaffRoute)


#: What a paper may be, as it is chosen.
_KINDS = (
    ("prescription", "Prescription"),
    ("card", "Insurance card"),
    ("intake", "Intake form"),
    ("consent", "Guardian's consent"),
    ("other", "Something else"),
)
#: What is wrong with a form that could not be read to its end.
_WRONG: dict[str, papers.Wrong] = {"wrong_total": "total", "wrong_many": "many"}


@dataclass(frozen=True, slots=True)
class _Upload:
    """A form with its files; ``wrong`` where they could not be read."""

    form: Form
    files: tuple[papers.Given, ...]
    wrong: papers.PaperError | None = None


async def _upload(request: Request) -> _Upload:
    """The form that was sent with files. Raises ``ProblemError`` for one of another site, and
    ``SignInNeededError``."""
    try:
        who, sent = await sent_files(request, read_papers, _may_add)
    except FormError as error:
        who = await run_in_threadpool(signed, request)
        wrong = papers.PaperError(_WRONG.get(error.wrong, "form"))
        return _Upload(Form(who, {}, {}, "", "", ""), (), wrong)
    return _Upload(form_with_files(request, who, sent), sent.files)


def _may_add(person: Person) -> None:
    must_be_allowed(person, "work")


@router.get("/papers")
def shown_papers(request: Request, patient_id: str, who: Who, installation: Here) -> Response:
    """What the client sent, and which links work."""
    must_be_allowed(who.person, "papers")
    return _shown(request, who, installation, patient_id)


@router.post("/papers")
def added(
    request: Request,
    patient_id: str,
    upload: Annotated[_Upload, Depends(_upload)],
    installation: Here,
) -> Response:
    """Keep a paper that staff has; a prescription is then shown beside its form."""
    form, made = upload.form, list[str]()
    kind = form.get("kind") or "prescription"
    whose = papers.Whose(patient_id, None, "staff")

    def do(record: Record) -> Done | None:
        own_client(record, form.signed.person, patient_id)
        new, known = papers.file_paper(installation, record, whose, kind, files)
        made.extend(row.id for row in (*new, *known))
        there = f" {counted(len(known), 'file was', 'files were')} here already." if known else ""
        said = "The paper is kept." if new else "You have this paper already."
        return Done("paper-added", said + (there if new else ""), About(patient_id))

    try:
        if upload.wrong is not None:
            raise upload.wrong
        if kind not in get_args(DocumentKind):
            raise papers.PaperError("kind", kind)
        files = papers.look_through(upload.files)
        answer = act(installation, form, do)
    except papers.PaperError as error:
        said = papers.in_one_line(error)
        return _shown(request, form.signed, installation, patient_id, problem=said, kind=kind)
    if made and kind == "prescription":
        done = answer.headers["location"].partition("done=")[2]
        path = f"/clients/{patient_id}/papers/{made[0]}/read"
        answer.headers["location"] = with_done(path, done or None)
    return answer


@router.get("/papers/{document_id}/read")
def read_beside(
    patient_id: str, document_id: str, who: Who, installation: Here, done: str = ""
) -> Response:
    """Where a prescription is read: beside a new form, or the one that was written down from it."""
    must_be_allowed(who.person, "papers")
    with installation.read(who.person.clinic) as record:
        own_client(record, who.person, patient_id)
        found = papers.list_documents(record, patient_id)
    fact = next((one.fact for one in found if one.id == document_id), None)
    path = f"/clients/{patient_id}/prescriptions/"
    where = path + (fact or f"new?paper={quote(document_id)}")
    return RedirectResponse(with_done(where, done or None), 303)


@router.get("/papers/{document_id}/pages/{number}")
def page_shown(
    patient_id: str, document_id: str, number: int, who: Who, installation: Here
) -> Response:
    """A page as a picture."""
    must_be_allowed(who.person, "papers")
    must_not_be_covered(who.person)
    with installation.read(who.person.clinic) as record:
        own_client(record, who.person, patient_id)
        papers.must_be_of(record, patient_id, papers.document_row(record, document_id).patient_id)
        file = papers.sealed_file(record, document_id)
    headers = {"content-security-policy": "sandbox"}
    return Response(papers.picture(file, number), headers=headers, media_type="image/jpeg")


@router.post("/chart.zip")
def whole(patient_id: str, form: Sent, installation: Here) -> Response:
    """The client's whole chart as a file; that it was saved is on record."""
    person = form.signed.person
    must_be_allowed(person, "export")
    must_not_be_covered(person)

    def do(record: Record) -> Done:
        own_client(record, person, patient_id)
        return saved(patient_id)

    carry_out(installation, person, form.once, do)
    with installation.read(person.clinic) as record:
        content = whole_chart(installation, record, patient_id)
    headers = {"content-disposition": f'attachment; filename="chart-{patient_id}.zip"'}
    return Response(content, headers=headers, media_type="application/zip")


@router.post("/link")
def made_link(request: Request, patient_id: str, form: Sent, installation: Here) -> Response:
    """A new link to the client's own page; its address is shown this once."""
    person = form.signed.person
    must_be_allowed(person, "work")
    with installation.write(person.clinic) as record:
        own_client(record, person, patient_id)
        made = links.make_link(installation, record, {"patient": patient_id, "name": person.name})
    return _shown(request, form.signed, installation, patient_id, made.url)


@router.post("/links/{link_id}")
def revoked(patient_id: str, link_id: str, form: Sent, installation: Here) -> Response:
    """Have a link open nothing from now on."""
    person = form.signed.person
    must_be_allowed(person, "work")

    def do(record: Record) -> Done:
        own_client(record, person, patient_id)
        row = record.links.get(link_id)
        if row is not None:
            papers.must_be_of(record, patient_id, row.patient_id)
        links.revoke_link(record, link_id)
        return Done("link-revoked", "The link opens nothing any more.", About(patient_id))

    return act(installation, form, do)


@router.post("/papers/{document_id}")
def put_away(patient_id: str, document_id: str, form: Sent, installation: Here) -> Response:
    """Say what became of a paper, or what it is."""
    person = form.signed.person
    must_be_allowed(person, "papers")
    wanted = {"kind": form.get("kind")} if form.get("do") == "kind" else {"state": form.get("do")}

    def do(record: Record) -> Done | None:
        own_client(record, person, patient_id)
        papers.must_be_of(record, patient_id, papers.document_row(record, document_id).patient_id)
        return paper_acts.put_away(installation, record, document_id, wanted)

    return act(installation, form, do)


@router.get("/papers/{document_id}")
def content(patient_id: str, document_id: str, who: Who, installation: Here) -> Response:
    """A file as it came, shown apart from every page."""
    must_be_allowed(who.person, "papers")
    must_not_be_covered(who.person)
    with installation.read(who.person.clinic) as record:
        own_client(record, who.person, patient_id)
        papers.must_be_of(record, patient_id, papers.document_row(record, document_id).patient_id)
        file = papers.sealed_file(record, document_id)
    name = quote(name_of_kind(file.name, file.media_type))
    headers = {
        "content-disposition": f"inline; filename*=UTF-8''{name}",
        "content-security-policy": "sandbox",
    }
    return Response(file.content, headers=headers, media_type=file.media_type)


def _shown(
    request: Request,
    who: Signed,
    installation: Here,
    patient_id: str,
    address: str = "",
    *,
    problem: str = "",
    kind: str = "prescription",
) -> Response:
    with installation.read(who.person.clinic) as record:
        row = own_client(record, who.person, patient_id)
        return page(
            request,
            record,
            who,
            "papers.html",
            422 if problem else 200,
            problem=problem,
            kind=kind,
            kinds=_KINDS,
            limits=papers.LIMITS,
            name=str(record.clients.facts(row).get("name") or NO_NAME),
            patient=patient_id,
            papers=papers.list_documents(record, patient_id),
            said=() if who.person.covered else page_said.page_said(record, patient_id),
            told=page_said.TOLD,
            links=links.list_links(record, patient_id),
            address=address,
        )
