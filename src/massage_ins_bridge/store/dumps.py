"""PostgreSQL's own tools for copies: ``pg_dump`` and ``pg_restore``, and reading what they made."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Connection, text

from ..settings import StartError
from .archive import Tell
from .copies import Shape

_WHERE = Path("/usr/lib/postgresql")
_COPY = re.compile(rb'COPY (?:"[^"]+"|\w+)\.("[^"]+"|\w+) ')
_OWNED_BY_WHOEVER = ("--no-owner", "--no-privileges", "--no-password")
_NEWER = ("version mismatch", "unsupported version")


def server_version(connection: Connection) -> int:
    """The server's major version."""
    return int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000


def schema_of(connection: Connection) -> str:
    return str(connection.execute(text("SELECT current_schema()")).scalar_one())


def find_tool(name: str, least: int) -> str:
    """A tool that is good for a server of that major version. Raises ``StartError``."""
    on_path = shutil.which(name)
    beside = sorted(_WHERE.glob(f"*/bin/{name}"), key=lambda p: int(p.parts[-3]), reverse=True)
    best = 0
    for found in ([on_path] if on_path else []) + [str(path) for path in beside]:
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found above
        major = re.search(r"\) (\d+)", said.stdout)
        best = max(best, int(major[1]) if major else 0)
        if major and int(major[1]) >= least:
            return found
    have = f"only that of version {best} is" if best else "it is not"
    raise StartError(
        f"{name}: {have} installed, and the server has version {least}; install PostgreSQL's "
        f"client programs of version {least} or newer (Debian: postgresql-client-{least})"
    )


def dump(connection: Connection, url: URL, to: Path, tell: Tell) -> None:
    """Write what ``connection`` sees in its schema, its transaction being ``REPEATABLE READ``. The
    engine's own record lies in another one. Raises ``StartError``."""
    snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
    tool = find_tool("pg_dump", server_version(connection))
    options = (
        "--format=custom",
        "--compress=1",  # most of it is sealed, and does not shrink
        *_OWNED_BY_WHOEVER,
        f'--schema="{schema_of(connection)}"',  # a pattern, unless quoted
        f"--snapshot={snapshot}",
        f"--file={to}",
    )
    _run([tool, *options], url, to, tell)


def restore(url: URL, tool: str, schema: str, dumped: Path, tell: Tell) -> None:
    """Put a dump into the database, all of it or nothing. Raises ``StartError``."""
    whole = ("--single-transaction", "--exit-on-error")
    _run([tool, *whole, *_OWNED_BY_WHOEVER, f"--schema={schema}", str(dumped)], url, None, tell)


def read_dump(tool: str, dumped: Path) -> Shape:
    """What a dump holds, found by reading all of it. Raises ``StartError``."""
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603 - found by ``find_tool``
            [tool, "--file=-", str(dumped)], stdout=subprocess.PIPE, stderr=said
        ) as reading,
    ):
        assert reading.stdout is not None
        found = _count(reading.stdout)
        if reading.wait():
            raise _refused(said)
    return found


def _count(lines: Iterable[bytes]) -> Shape:
    """A row is a line between ``COPY …`` and the line that ends it."""
    rows: dict[str, int] = {}
    revision, table = None, ""
    for line in lines:
        if not table:
            begun = _COPY.match(line)
            table = begun[1].decode().strip('"') if begun else ""
            rows |= {table: 0} if begun else {}
        elif line == b"\\.\n":
            table = ""
        else:
            rows[table] += 1
            revision = line.decode().strip() if table == "alembic_version" else revision
    rows.pop("alembic_version", None)
    return Shape(revision, rows)


def _run(command: list[str], url: URL, grows: Path | None, tell: Tell) -> None:
    """The address goes with the command, the password by its environment: anyone on the machine
    can read a command."""
    words = {**url.translate_connect_args(username="user", database="dbname"), **url.query}
    password = words.pop("password", None)
    plain = {k: ",".join(v) if isinstance(v, tuple) else v for k, v in words.items()}
    environ = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603 - found by ``find_tool``
            [*command, f"--dbname={make_conninfo(**plain)}"],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
        ) as running,
    ):
        try:
            while running.poll() is None:
                time.sleep(0.05)
                done = grows.stat().st_size if grows is not None and grows.exists() else 0
                tell(f"{Path(command[0]).name} is at work", done, 0)
        finally:
            running.terminate()  # where it still runs, somebody stopped us
        if running.returncode:
            raise _refused(said)


def _refused(said: IO[bytes]) -> StartError:
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").strip().splitlines() or ["it failed"]
    first = lines[0].strip()[:300]
    cure = "see that the server runs, that there is room, and that the user may read all of it"
    if any(sign in first for sign in _NEWER):
        cure = "install PostgreSQL's client programs of the server's version, or newer"
    return StartError(f"{first}; {cure}")
