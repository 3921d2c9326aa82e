"""``booking``: by telephone or at the desk, from the command line."""

import pytest
from tests.cli.conftest import Done, Run

WHEN = ("--start", "2099-12-08T10:00")
ANN = ("--name", "Ann Lee", "--email", "ann@example.com")


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIB_DATA_DIR", "data")


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
