"""``check`` starts fast: it is told apart before anything large is loaded."""

import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Text

LARGE = {"fastapi", "sqlalchemy", "dbos", "typer", "pydantic", "httpx"}


def test_check_loads_neither_web_nor_database(text: Text, tmp_path: Path) -> None:
    (tmp_path / "request.json").write_text(text())
    script = (
        "import sys, runpy, atexit; sys.argv = ['mib', 'check', 'request.json']; "
        f"atexit.register(lambda: print(sorted({LARGE} & set(sys.modules)))); "
        "runpy.run_module('massage_ins_bridge.cli.main', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("ALLOW")
    assert done.stdout.splitlines()[-1] == "[]"
