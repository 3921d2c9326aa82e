"""A site with everybody who may sign in, and what is another therapist's there."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from tests.web.conftest import Site, TestClient, open_site
from tests.web.staff.desk_pages import came_today

from massage_ins_bridge.desk.acts import Done, note
from massage_ins_bridge.desk.chart import add_fact
from massage_ins_bridge.desk.notes import add_note
from massage_ins_bridge.desk.roles import Person
from massage_ins_bridge.desk.tasks import TaskKind, ask
from massage_ins_bridge.desk.users import add_user, set_password
from massage_ins_bridge.store.models import BookingRow, WordRow
from massage_ins_bridge.store.task_models import TaskRow
from massage_ins_bridge.store.user_models import ActRow, UserRow
from massage_ins_bridge.web.staff.pages import ROUTERS

PASSWORD = "four words in a row"
SECRETS = ("Owed by Ann", "Said of Ann", "253-555-0199", "ann lee@example.com")
PEOPLE = {
    "owner": {"role": "owner"},
    "front": {"role": "front-desk"},
    "mira": {"role": "therapist", "practitioner": "mira"},
    "nobody": {"role": "therapist"},
    "reader": {"role": "read-only"},
}
FIELDS = {
    "reason": "they said so",
    "payer": "Regence",
    "signed": "yes",
    "what": "Order towels.",
    "note": "They like it warm.",
    "name": "New Name",
    "email": "new@example.com",
    "role": "owner",
    "status": "denied",
    "day": "2026-12-30",
    "time": "10:00",
    "until": "2030-01-02",
    "back": "/today",
}
BUTTONS = ("arrived", "stop", "confirm-payer", "join", "new", "move", "done", "book", "remove", "")


def site_of_people(folder: Path) -> Iterator[Site]:
    """A site with an owner, a front desk, two therapists and somebody who only reads."""
    account = {"practitioners": {"h1": "mira", "h2": "jun"}, "refuse_after_minutes": 15}
    for made in open_site(folder, staff_page="sign-in", account=account):
        with made.installation.write() as record:
            for name, more in PEOPLE.items():
                sent = {"name": name.title(), "email": f"{name}@example.com", **more}
                set_password(record, add_user(record, sent), PASSWORD)
        yield made


def ids_of_anns(site: Site) -> dict[str, str]:
    """What is another therapist's: by the name in an address, its id."""
    came_today(site, "bo stone", host_refs=("h1",))
    booking = came_today(site, "ann lee", hours=3, host_refs=("h2",), phone="253-555-0199")
    patient, other = site.booking("ann lee")["patient"], site.booking("bo stone")["patient"]
    with site.installation.write() as record:
        person = Person(record.clinic, "Owner", "owner")
        row = record.bookings.get(booking)
        ask(record, TaskKind.WHO_IS_IT, "x", about=row, doubt="Owed by Ann", due=record.today)
        act = note(record, person, add_note(record, person, patient, "Said of Ann"))
        shut = add_user(record, {"name": "X", "email": "x@example.com", "role": "owner"})
        away = note(record, person, Done("user-removed", "Shut out.", undo="user"))
        record.session.flush()
        task = record.session.scalars(select(TaskRow).where(TaskRow.patient_id == patient)).first()
        fact = add_fact(record, patient, "coverage", {"payer": "premera"})
        found = {"act_id": act.id, "user_id": shut.id, "fact_id": fact.record, "away": away.id}
        assert task is not None
        found["task_id"] = task.id
    known = {"booking_id": booking, "patient_id": patient, "payer": "regence", "name": "desk"}
    # Of what a new page asks for there is none, until it is put here.
    return defaultdict(lambda: "none", {**known, **found, "other": other, "form": "coverages"})


def enter(site: Site, name: str) -> TestClient:
    http = TestClient(site.http.app, "http://127.0.0.1", client=("127.0.0.1", 9))
    entry = {"email": f"{name}@example.com", "password": PASSWORD, "then": "/keys"}
    assert http.post("/sign-in", data=entry).status_code == 200
    return http


def routes(method: str) -> list[str]:
    every = [route for router in ROUTERS for route in router.routes]
    return [r.path for r in every if method in getattr(r, "methods", ())]  # type: ignore[attr-defined]


def kept(site: Site) -> Any:
    """All that somebody at the desk can change."""
    with site.installation.read() as record:
        rows = record.session.scalars
        found = rows(select(ActRow).where(ActRow.kind.not_like("saw-%")))
        return (
            sorted((act.id, act.undone_at) for act in found),
            sorted((w.id, str(w.ended_at)) for w in rows(select(WordRow))),
            sorted((t.id, str(t.done_at), str(t.given_to)) for t in rows(select(TaskRow))),
            sorted((u.id, u.role, str(u.removed_at)) for u in rows(select(UserRow))),
            sorted(
                (b.id, b.patient_id, b.platform_status, str(b.arrived_at), b.details_sealed)
                for b in rows(select(BookingRow))
            ),
        )
