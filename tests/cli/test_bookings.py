"""``booking``: by telephone or at the desk, from the command line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.conftest import Done, Run

from massage_ins_bridge.settings import load_settings
from massage_ins_bridge.store.bookings import Bookings
from massage_ins_bridge.store.database import open_store
from massage_ins_bridge.store.scope import Scope

WHEN = ("--start", "2099-12-08T10:00")
ANN = ("--name", "Ann Lee", "--email", "ann@example.com")


pytestmark = pytest.mark.usefixtures("data_folder")


def cells(done: Done) -> list[str]:
    assert done.code == 0, done.err
    return done.out.rstrip("\n").split("\t")


def test_a_booking_is_made_moved_and_cancelled(run: Run) -> None:
    made = cells(run("booking", "add", *WHEN, *ANN, "--self-pay"))
    assert made[1:] == ["Tue 2099-12-08 10:00", "allowed", "self-pay", "by hand"]
    moved = cells(run("booking", "move", made[0], "--start", "2099-12-09T11:30"))
    assert moved[:3] == [made[0], "Wed 2099-12-09 11:30", "allowed"]
    assert cells(run("booking", "cancel", made[0]))[2] == "cancelled"
    assert cells(run("booking", "open", made[0]))[2] == "allowed"
    assert run("booking", "list").out == ""


def test_what_no_platform_knows_is_said_and_taken_back(run: Run, tmp_path: Path) -> None:
    told = ("--place", "home", "--prescription", "rx1", "--episode", "knee", "--injury", "neither")
    booking = cells(run("booking", "add", *WHEN, *ANN, *told))[0]

    def known() -> tuple[str | None, ...]:
        store = open_store(load_settings(overrides={"data_dir": tmp_path / "data"}))
        with store.read() as session:
            bookings = Bookings(Scope(session, store.vault, "default", datetime.now(UTC), "UTC"))
            row = bookings.get(booking)
            assert row is not None
            found = bookings.details(row)
        store.close()
        return found.place, found.prescription, found.episode, found.injury

    assert known() == ("home", "rx1", "knee", "neither")
    cells(run("booking", "say", booking, "--episode", "", "--place", "clinic"))
    assert known() == ("clinic", "rx1", None, "neither")
    done = run("booking", "say", booking, "--injury", "knee")
    assert (done.code, done.err.startswith("massage-ins-bridge: injury: must be")) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", *WHEN), "patient: send the client's id, or the client as `client`"),
        (("add", "--start", "soon", *ANN), "--start: 'soon' is no time"),
        (("add", *WHEN, "--patient", "pat_none"), "There is no such patient."),
        (("complete", "bkg_none"), "There is no such booking."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    done = run("booking", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"massage-ins-bridge: {said}")


def test_a_visit_has_not_ended_before_it_began(run: Run) -> None:
    booking = cells(run("booking", "add", *WHEN, *ANN))[0]
    for ending in ("complete", "no-show"):
        done = run("booking", ending, booking)
        assert (done.code, "has not begun yet" in done.err) == (2, True)
