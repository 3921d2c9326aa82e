"""``user``: letting people in at the desk, and shutting them out."""

import re
from pathlib import Path

import pytest
from tests.cli.conftest import Run

EMAIL = "dana@example.com"


pytestmark = pytest.mark.usefixtures("data_folder")


def test_somebody_is_let_in_listed_and_shut_out(run: Run) -> None:
    owner = run("user", "add", "mira@example.com", "--name", "Mira Olsen", "--role", "owner")
    assert re.fullmatch(r"http://127.0.0.1:8766/invite/[\w-]{32}", owner.out.strip())
    public = {"MIB_PUBLIC_URL": "https://desk.example"}
    made = run("user", "add", EMAIL, "--name", "Dana Ruiz", **public, MIB_STAFF_PAGE="sign-in")
    assert made.out.startswith("https://desk.example/invite/")
    local = run("user", "invite", EMAIL, **public)  # its pages open on this machine alone
    assert local.out.startswith("http://127.0.0.1:8766/invite/")
    changed = run("user", "change", EMAIL, "--role", "read-only")
    assert changed.out == "Dana Ruiz is read only, and was front desk.\n"
    assert run("user", "change", EMAIL, "--role", "front-desk").code == 0
    assert run("user", "list").out.splitlines()[1] == f"{EMAIL}\tDana Ruiz\tfront-desk\tinvited"
    assert run("user", "invite", EMAIL).out != made.out
    assert run("user", "remove", EMAIL).out == f"{EMAIL} is shut out\n"
    assert "removed" in run("user", "list").out
    refused = run("user", "remove", "mira@example.com")
    assert (refused.code, "only owner" in refused.err) == (2, True)


def test_the_first_is_the_owner(run: Run) -> None:
    refused = run("user", "add", EMAIL, "--name", "Dana Ruiz")
    assert (refused.code, refused.err.startswith("role: the first one is the owner")) == (2, True)
    assert run("user", "list").out == ""


def test_where_the_port_is_not_known_nobody_is_let_in_by_a_link_to_none(run: Run) -> None:
    refused = run("user", "add", EMAIL, "--name", "Dana", "--role", "owner", MIB_PORT="0")
    assert (refused.code, refused.err.startswith("port: is 0")) == (2, True)
    assert run("user", "list").out == ""


def test_what_cannot_be_is_said_in_one_line(run: Run) -> None:
    done = run("user", "add", "dana", "--name", "Dana")
    assert (done.code, done.err.startswith("email: is no e-mail address")) == (2, True)
    assert run("user", "invite", "nobody@example.com").err == "There is no such user.\n"
    assert run("user", "add", EMAIL, "--name", "D", "--role", "boss").code == 2


def test_a_therapist_is_one_of_the_practitioners(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "clinic.toml"
    file.write_text('[clinic]\nname = "Alder"\n[[clinic.practitioners]]\nkey = "mira"\n', "utf-8")
    add = ("user", "add", EMAIL, "--name", "Mira", "--role", "owner", "--config", str(file))
    refused = run(*add, "--practitioner", "mirra")
    said = "practitioner: is no practitioner of the clinic; known are mira\n"
    assert (refused.code, refused.err) == (2, said)
    assert run(*add, "--practitioner", "mira").code == 0
