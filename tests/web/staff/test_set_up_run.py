"""A clinic is set up in its pages alone, on the simulated Cal.com that holds its bookings: left in
the middle, started again, and watched by the platform's journal."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.databases import fresh_sqlite
from tests.web.conftest import TestClient
from tests.web.sockets import until
from tests.web.staff.desk_pages import Page

from massage_ins_bridge.settings import load_settings
from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.web.app import create_app
from massage_ins_bridge_calcom_simulator.testing import Mailbox, Simulator

#: From which days are counted, also where midnight passes meanwhile.
NOW = datetime.now(UTC)
KEY, PASSWORD = "cal_test", "four words in a row"
MEDICAL, RELAXATION = 30412, 30413
MIRA = {"name": "Mira Olsen", "email": "mira@example.com", "password": PASSWORD}
CLINIC = {
    "name": "Alder Street Massage",
    "timezone": "America/Los_Angeles",
    "office_hours": "Mon-Fri 09:00-17:00",
    "therapist-0": "Mira Olsen, LMT",
    "npi-0": "1234567893",
}
NAMED = {
    "account": "front-desk",
    "service-ref-0": str(MEDICAL),
    "service-name-0": "medical-massage",
    "service-how-0": "insurance",
    "service-ref-1": str(RELAXATION),
    "service-name-1": "relaxation-massage",
    "service-how-1": "self-pay",
    "host-ref-0": "5",
    "host-how-0": "mira",
    "question-ref-0": "insurance",
    "question-how-0": "payer",
}
_STEP = re.compile(r'href="/setup/(\w+)".*?<span class="tag[^>]*>.*?</svg> (.*?)</span>', re.DOTALL)
CHARTS = """name,date of birth,email,phone,insurance,member id,visits a year,insurance confirmed
Ada Test,1980-02-03,ada@example.com,206 555 0100,Regence,ZZZ1,16,yes
Bo Stone,31/02/1984,bo@example.com,,Regense,PPP1,12,yes
"""


class Desk:
    """The service in a folder, and the owner's browser; it begins anew where a page asks for it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "massage-ins-bridge.toml"
        self._start({})

    def again(self) -> None:
        """End, and start with the settings as they are now."""
        known = dict(self.http.cookies)
        self.close()
        self._start(known)

    def _start(self, cookies: dict[str, str]) -> None:
        self.app = create_app(load_settings(None), installed_host(), file=self.file)
        self.app.state.service.start_again = lambda: None
        near = ("127.0.0.1", 5)
        self.http = TestClient(self.app, "http://127.0.0.1", client=near, cookies=cookies)
        self.http.__enter__()

    def close(self) -> None:
        self.http.__exit__(None, None, None)

    def see(self, path: str) -> str:
        answer = self.http.get(path)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def fields(self, path: str = "/setup/clinic") -> dict[str, str]:
        """What every form of a page carries."""
        return Page(self.see(path)).fields

    def save(self, step: str, **fields: str) -> str:
        """Where a step leads to once it is saved."""
        form = {**self.fields("/setup/owner" if step == "owner" else "/setup/clinic"), **fields}
        answer = self.http.post(f"/setup/{step}", data=form, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        assert self.app.state.service.ending == (step != "owner")
        if step in ("connect", "services"):
            self.again()
        self.app.state.service.ending = False  # the steps themselves go by the file
        return str(answer.headers["location"])

    def states(self) -> dict[str, str]:
        """How far each step is, as the page says it."""
        return dict(_STEP.findall(self.see("/setup/people")))


@pytest.fixture
def calcom() -> Iterator[tuple[Simulator, Mailbox]]:
    with Simulator("--api-key", KEY) as simulator, Mailbox(simulator) as box:
        yield simulator, box


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("MIB_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    fresh_sqlite(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    made = Desk(tmp_path)
    yield made
    made.close()


def at(days: int) -> str:
    return (NOW + timedelta(days=days)).replace(hour=18, minute=0).isoformat()


def test_a_clinic_is_set_up_from_nothing_to_bookings_that_are_judged(
    desk: Desk, calcom: tuple[Simulator, Mailbox]
) -> None:
    simulator, box = calcom
    insured = simulator.book(start=at(9), answers={"insurance": "Regence"})
    cy = {"name": "Cy Young", "email": "cy@example.com", "phone": "+12065550199"}
    relaxed = simulator.book(event_type=RELAXATION, start=at(8), **cy)

    first = desk.http.get(desk.app.state.staff_door.address)
    assert first.url.path == "/setup/owner"
    assert desk.save("owner", **MIRA) == "/setup/clinic"
    assert desk.save("clinic", **CLINIC) == "/setup/payers"
    regence = {"regence-": "in", "regence-since": "2015-01-01"}
    assert desk.save("payers", **regence) == "/setup/connect"

    desk.http.cookies.clear()  # left, and gone on with on another day
    assert desk.http.get("/setup").url.path == "/sign-in"
    desk.http.post("/sign-in", data={**MIRA, "then": "/setup"})
    assert desk.http.get("/setup").url.path == "/setup/connect"

    connect(desk, simulator, box)
    assert "Medical massage" in desk.see("/setup/services")
    assert desk.save("services", **NAMED) == "/setup/bookings"
    until(lambda: desk.states()["bookings"] == "Done")
    assert "2 bookings were taken in" in desk.see("/setup/bookings")

    for words in ("Ada Test", "Would be held", "Watching only"):
        assert words.casefold() in seen(desk, 9).casefold()
    assert "Cy Young" in seen(desk, 8)
    take_in_charts(desk)
    done = desk.states()
    assert {step for step, state in done.items() if state == "To do"} == set()
    assert done["people"] == "Now"  # the owner alone signs in
    for uid, state in ((insured, "pending"), (relaxed, "accepted")):
        assert simulator.changes(uid) == [("new", state, "attendee")]


def connect(desk: Desk, simulator: Simulator, box: Mailbox) -> None:
    """The platform, by a wrong key and by the right one, and its first delivery."""
    wrong = {"connector": "calcom", "name": "front-desk", "set-base_url": simulator.url}
    form = {**desk.fields(), **wrong, "set-api_key": "another"}
    assert "does not take the account" in desk.http.post("/setup/connect", data=form).text
    assert not load_settings(None).accounts
    to = desk.save("connect", **wrong, **{"set-api_key": KEY})
    connected = desk.see(to if to.startswith("/") else f"/setup/{to}")
    assert "The key works: it belongs to Example Massage" in connected
    assert desk.states()["connect"] == "Waiting"

    secret = re.search(r'id="hooksecret">([^<]+)<', connected)
    assert secret is not None
    simulator.control("POST", "settings", secret=secret[1])
    simulator.control("POST", "ping")
    heard = until(lambda: next((one for one in box.arrived if b'"PING"' in one.raw), None))
    taken = desk.http.post("/webhooks/front-desk", content=heard.raw, headers=heard.headers)
    assert taken.is_success
    until(lambda: desk.states()["connect"] == "Done")


def seen(desk: Desk, days: int) -> str:
    """That day's page."""
    return desk.see(f"/today?day={at(days)[:10]}")


def take_in_charts(desk: Desk) -> None:
    """One line is right and confirms what the client told, the other is named with its cure."""
    fields = desk.fields("/clients/file")
    file = {"file": ("clients.csv", CHARTS.encode(), "text/csv")}
    page = desk.http.post("/clients/file", data=fields, files=file).text
    for words in ("1 line is ready, 1 is not", "is no day; write it like", "did you mean Regence?"):
        assert words in page
    form: Any = Page(page).fields
    done = desk.http.post("/clients/file/take-in", data=form).text
    assert "1 chart on file says more." in done
    client = re.search(r'href="(/clients/pat_\w+)"', desk.see("/clients"))
    assert client is not None
    assert "ZZZ1" in desk.see(client[1])
