"""Everything that is kept of one client, as one file that they, or another clinic, can be given."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ..documents.readable import readable
from ..store.acts import About, Act
from ..store.lists import TasksWanted, tasks
from ..store.page_models import DocumentRow
from ..store.record import Record
from . import chart, links, papers, views
from .acts import Done
from .installation import Installation
from .say import counted
from .tags import to_json
from .worksheet import SHEET

KIND = "chart-saved"
#: The files in the archive, beside the papers in their folder.
CHART, PAGE, FOLDER = "chart.json", "chart.html", "papers"
#: More tasks and acts than any client has.
_MOST = 100_000
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
#: By key of ``chart.json``, what the readable page calls it.
_TITLES = {
    "patient": "Client",
    "coverages": "Insurance and claims",
    "prescriptions": "Prescriptions",
    "authorizations": "Approvals and referrals",
    "visits": "Visits",
    "progress_reports": "Progress reports",
    "acknowledgements": "What they took note of",
    "bookings": "Bookings",
    "tasks": "Tasks",
    "documents": "Papers",
    "links": "Links to their own page",
    "said": "What they did on their own page",
    "worksheets": "What was typed over payers' worksheets",
    "history": "Who saw and changed what",
}


def saved(patient_id: str) -> Done:
    """That the whole chart was saved, as it stands in the audit."""
    return Done(KIND, "Saved the whole chart as a file.", About(patient_id))


def note_saved(record: Record, patient_id: str, who: str) -> None:
    """Put on record that somebody saved a client's whole chart who is no user of the desk. Raises
    ``NotFoundError``."""
    chart.client_row(record, patient_id)
    done = saved(patient_id)
    record.acts.add(done.kind, Act(who, done.said), None, done.about)


def whole_chart(installation: Installation, record: Record, patient_id: str) -> bytes:
    """A ZIP of the chart in the shapes of the API (``chart.json``), as a page to be read
    (``chart.html``), and the papers as they came. Raises ``NotFoundError``."""
    said = _everything(installation, record, patient_id)
    rows = record.documents.of_clients(record.clients.one_person(patient_id))
    names = {row.id: _name(record, row) for row in rows}
    for one in said["documents"]:
        one["file"] = names[one["id"]]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(said, ensure_ascii=False, indent=1)
        _put(archive, record, CHART, text.encode())
        _put(archive, record, PAGE, _page(record, said).encode())
        for row in rows:  # photos and PDFs are packed already
            content = record.documents.content(row)
            _put(archive, record, names[row.id], content, zipfile.ZIP_STORED)
    return made.getvalue()


def _put(
    archive: zipfile.ZipFile,
    record: Record,
    name: str,
    content: bytes,
    how: int = zipfile.ZIP_DEFLATED,
) -> None:
    day = record.today
    info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    info.external_attr = 0o600 << 16
    archive.writestr(info, content, how)


def _everything(installation: Installation, record: Record, patient_id: str) -> dict[str, Any]:
    row = chart.client_row(record, patient_id)
    known = chart.whole_client(record, row)
    listed = {name: known.pop(name) for name in chart.LISTS}
    taken_note = chart.list_facts(record, patient_id, "acknowledgement")
    bookings = record.bookings.of_client(patient_id)
    people = record.clients.one_person(patient_id)
    said: dict[str, Any] = {
        "saved_at": record.now,
        "clinic": installation.settings.clinic_facts.name or "",
        "patient": known,
        **listed,
        "acknowledgements": [fact.view for fact in taken_note],
        "bookings": [views.whole_booking(installation, record, one) for one in bookings],
        "tasks": [
            views.task(record, one)
            for one in tasks(record, TasksWanted(patient=patient_id, state="all"), None, _MOST)
        ],
        "documents": papers.list_documents(record, patient_id),
        "links": links.list_links(record, patient_id),
        "said": [
            {"at": one.created_at, "act": one.kind, **record.page_acts.said(one)}
            for one in record.page_acts.of_clients(people)
        ],
        "worksheets": [
            {"at": one.at, "who": act.who, "undone_by": act.undone_by, **act.needs}
            for one in record.acts.of_clients(people, SHEET)
            for act in (record.acts.act(one),)
        ],
        "history": [
            {
                "at": one.at,
                "kind": one.kind,
                "who": act.who,
                "said": act.said,
                "undone_by": act.undone_by,
            }
            for one in record.acts.of_clients(people)
            for act in (record.acts.act(one),)
        ],
    }
    made: dict[str, Any] = json.loads(to_json(said))
    return made


def _page(record: Record, said: dict[str, Any]) -> str:
    name = str(said["patient"].get("name") or "A client")
    papers_ = counted(len(said["documents"]), "paper")
    about = f"{said['clinic']}, {record.today}. {papers_} in the folder “{FOLDER}”."
    local = _local(said, ZoneInfo(record.zone))
    sections = [
        (title, local[key] if isinstance(local[key], list) else [local[key]])
        for key, title in _TITLES.items()
    ]
    return readable(name, about, sections)


def _local(value: Any, zone: ZoneInfo) -> Any:
    """The same with moments by the clinic's clock."""
    if isinstance(value, dict):
        return {key: _local(said, zone) for key, said in value.items()}
    if isinstance(value, list):
        return [_local(one, zone) for one in value]
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return f"{datetime.fromisoformat(value).astimezone(zone):%Y-%m-%d %H:%M}"
    return value


def _name(record: Record, row: DocumentRow) -> str:
    """A name of a file in the archive: plain letters, and its id, so that no two are one."""
    stem, _, end = record.documents.name(row).rpartition(".")
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", stem or end).strip("-.")[:60]
    kind = row.media_type.partition("/")[2].replace("jpeg", "jpg")
    return f"{FOLDER}/{record.day(row.created_at)}-{row.id}-{plain or 'file'}.{kind}"
