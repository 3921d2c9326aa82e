"""``doctor``: how an installation is."""

from tests.cli.conftest import Run


def test_on_a_fresh_folder(run: Run) -> None:
    done = run("doctor", "--offline", MIB_DATA_DIR="data")
    assert done.code == 0, done.out
    assert "database: is empty" in done.out
