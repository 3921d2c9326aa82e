"""The staff page: what is booked, how it stands and why, in plain words and kept up to date."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from ..domain.answers import COST_RANK
from ..domain.facts import DEFAULT_ZONE
from ..store.bookings import Bookings
from ..store.decisions import Decisions, effects_of
from ..store.models import BookingRow, EffectRow, PatientRow
from ..store.patients import Patients
from ..store.tasks import Tasks
from ..workflows.service import Service
from .access import service_of, staff_clinic
from .bookings import state_in_words, state_of

HERE = Path(__file__).parent
router = APIRouter(include_in_schema=False)
Clinic = Annotated[str, Depends(staff_clinic)]
Bridge = Annotated[Service, Depends(service_of)]
#: Bookings that lie further back are not shown.
BACK = timedelta(days=7)
#: As many are shown of those to come, of those of the week before, and of the tasks.
MOST, MOST_PAST, MOST_TASKS = 300, 100, 100
_SUMMED = ("allowed", "on hold", "blocked")
_PAGES = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(default=True)
)
_DID = {
    "confirm": "confirmed by the bridge",
    "hold": "kept pending",
    "manual": "held by staff",
    "block": "refused by the bridge",
}


@router.get("/")
def page(request: Request, service: Bridge) -> Response:
    """The page itself holds no facts; it fetches them from ``/staff/bookings.json``."""
    if service.settings.staff_page != "key":
        staff_clinic(request)
    text = _PAGES.get_template("staff.html").render(
        clinic=service.settings.clinic_facts.name or "Bookings",
        needs_key=service.settings.staff_page == "key",
        demo=service.settings.demo_clock,
    )
    return HTMLResponse(text)


@router.get("/staff/bookings.json")
def bookings(clinic: Clinic, service: Bridge) -> JSONResponse:
    """What the page shows: the bookings of today and later, by start; then those of the week
    before, the latest first; and the tasks, by the day on which they are due. ``more`` says how
    many of each there are beside those shown."""
    now = service.clock.now()
    local = now.astimezone(ZoneInfo(service.settings.clinic_facts.timezone or DEFAULT_ZONE))
    today = local.replace(hour=0, minute=0, second=0, microsecond=0)
    with service.store.read() as session:
        coming = _Span(session, clinic, BookingRow.start_at >= today)
        past = _Span(
            session, clinic, and_(BookingRow.start_at >= now - BACK, BookingRow.start_at < today)
        )
        rows = coming.rows(BookingRow.start_at, BookingRow.id, limit=MOST)
        rows += past.rows(BookingRow.start_at.desc(), BookingRow.id, limit=MOST_PAST)
        ahead, behind = coming.states(), past.states()
        tasks = Tasks(session, service.store.vault, clinic)
        to_do = tasks.count_open()
        shown = {
            "now": f"{local:%A, %B} {local.day}, {local.year}, {_time(local)}",
            "today": local.date().isoformat(),
            "bookings": [
                {**_line(session, service, clinic, row), "past": row.start_at < today}
                for row in rows
            ],
            "tasks": _tasks(session, service, clinic, tasks),
            "sums": {**{s: ahead[s] + behind[s] for s in _SUMMED}, "tasks": to_do},
            "more": {
                "coming": max(0, ahead.total() - MOST),
                "past": max(0, behind.total() - MOST_PAST),
                "tasks": max(0, to_do - MOST_TASKS),
            },
        }
    return JSONResponse(shown, headers={"cache-control": "no-store"})


class _Span:
    """The bookings of a span of time."""

    def __init__(self, session: Session, clinic: str, when: ColumnElement[bool]) -> None:
        self._session = session
        self._where = (BookingRow.clinic == clinic, when)

    def rows(self, *order: Any, limit: int) -> list[BookingRow]:
        query = select(BookingRow).where(*self._where).order_by(*order).limit(limit)
        return list(self._session.scalars(query))

    def states(self) -> Counter[str]:
        """By state in plain words, how many there are."""
        kinds = (BookingRow.outcome, BookingRow.platform_status)
        query = select(*kinds, func.count()).where(*self._where).group_by(*kinds)
        found: Counter[str] = Counter()
        for outcome, status, number in self._session.execute(query):
            found[state_in_words(outcome, status)] += number
        return found


def _tasks(session: Session, service: Service, clinic: str, tasks: Tasks) -> list[dict[str, Any]]:
    patients = Patients(session, service.store.vault, clinic)
    return [
        {
            "client": _client(session, patients, row.patient_id),
            "message": _to_do(row.kind, tasks.message(row)),
            "due": row.due.isoformat() if row.due else None,
            "booking": row.booking_id,
        }
        for row in tasks.due_first(MOST_TASKS)
    ]


def _line(session: Session, service: Service, clinic: str, row: BookingRow) -> dict[str, Any]:
    patients = Patients(session, service.store.vault, clinic)
    details = Bookings(session, service.store.vault, clinic).details(row)
    last = Decisions(session, service.store.vault, clinic).last(row.id)
    decisions = Decisions(session, service.store.vault, clinic)
    reasons, route = _reasons(decisions.data(last) if last else {})
    zone = ZoneInfo(service.settings.clinic_facts.timezone or DEFAULT_ZONE)
    start = row.start_at.astimezone(zone)
    return {
        "id": row.id,
        "start": start.isoformat(),
        "day": f"{start:%a, %b} {start.day}, {start.year}",
        "time": _time(start),
        "client": _client(session, patients, row.patient_id),
        "payer": "self-pay"
        if details.self_pay
        else _payer(service, details.billed or details.payer),
        "outcome": row.outcome or "none",
        "state": state_of(row),
        "route": route,
        "reasons": reasons,
        "platform": row.platform_status,
        "written": [_effect(e) for e in effects_of(session, row.id)],
    }


def _time(moment: datetime) -> str:
    return f"{moment:%I:%M %p}".lstrip("0")


def _client(session: Session, patients: Patients, patient_id: str | None) -> str:
    if patient_id is None:
        return ""
    facts = patients.facts(session.get_one(PatientRow, patient_id))
    return str(facts.get("name") or "(no name)")


def _payer(service: Service, name: str | None) -> str:
    """The payer as people call it."""
    match = service.host.payers.find(name)
    return match.payer.name if match else name or "unknown"


def _to_do(kind: str, message: str) -> str:
    """An action's message begins with its kind, which is for programs."""
    head, _, rest = message.partition(": ")
    return rest if kind in ("action", "after-visit") and rest and " " not in head else message


def _reasons(decision: dict[str, Any]) -> tuple[list[dict[str, Any]], str | None]:
    """What the outcome rests on: the requirements that cost the most, else what is owed."""
    found = decision.get("requirements", [])
    rank = max((COST_RANK[r["effect"]] for r in found), default=0)
    if rank > 0:
        picked = [r for r in found if COST_RANK[r["effect"]] == rank]
    else:
        picked = [r for r in found if r["status"] == "due"]
    keys = ("message", "remedy", "due", "rule")
    return [{k: r[k] for k in keys} for r in picked], decision.get("route")


def _effect(row: EffectRow) -> str:
    did = _DID.get(row.kind, row.kind)
    match row.state:
        case "queued":
            return f"to be {did}"
        case "observed":
            return f"would have been {did}"
        case "superseded":
            return f"not {did}: a later decision took its place"
        case "failed":
            return f"could not be {did}: see tasks"
    if row.reached in ("manual", "unsupported"):
        return "left to staff"
    return did if row.reached != "already" else f"already {did}"
