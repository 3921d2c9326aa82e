"""``key``: keys of the HTTP API come and go, and are shown once."""

import pytest
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.mark.parametrize("name", ["", " ", "two\nlines", "x" * 201])
def test_names_that_no_key_can_have(run: Run, name: str) -> None:
    done = run("key", "add", name)
    assert done.code == 2
    assert done.err.startswith("NAME: must be one line of 1 to 200 characters")
    assert run("key", "list").out == ""


def test_keys_come_and_go(run: Run) -> None:
    made = run("key", "add", "desk")
    assert (made.code, made.out[:4]) == (0, "mib_")
    assert run("key", "add", "desk").code == 2
    listed = run("key", "list").out
    assert "good" in listed
    assert made.out.strip() not in listed
    assert run("key", "revoke", "desk").code == 0
    assert "revoked" in run("key", "list").out
    assert run("key", "revoke", "nobody").code == 2
