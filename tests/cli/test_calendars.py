"""``calendar``: given out, exchanged and taken back from the command line."""

import pytest
from tests.cli.conftest import Run


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIB_DATA_DIR", "data")
    monkeypatch.setenv("MIB_PUBLIC_URL", "https://bridge.example")


def test_a_calendar_comes_and_goes(run: Run) -> None:
    first = run("calendar", "add", "Deadlines", "--deadlines").out.strip()
    assert first.startswith("https://bridge.example/calendars/")
    listed = run("calendar", "list").out
    assert listed.startswith("Deadlines\tdeadlines of the clinic\taddress of ")
    assert first not in listed
    second = run("calendar", "rotate", "Deadlines").out.strip()
    assert second.startswith("https://bridge.example/calendars/")
    assert second != first
    assert run("calendar", "remove", "Deadlines").out == "Deadlines is removed\n"
    assert run("calendar", "list").out == ""


def test_what_cannot_be_is_one_line(run: Run) -> None:
    done = run("calendar", "add", "Mira", "--practitioner", "mira")
    assert done.code == 2
    assert done.err.startswith("massage-ins-bridge: practitioner: 'mira' is no key")
    done = run("calendar", "rotate", "Mira")
    assert (done.code, done.err) == (2, "massage-ins-bridge: There is no such calendar.\n")
