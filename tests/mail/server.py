"""A real SMTP server in a process of its own, which keeps what it takes.

What an address begins with says what the server does: ``refused`` is refused for good, ``later``
for now, and at ``broken`` the connection breaks after the e-mail was handed over.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP
from tests.web.sockets import until

ROOT = Path(__file__).parents[2]


class Keeps:
    """Appends each e-mail to a file, as one line of JSON."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def handle_RCPT(  # noqa: N802 - the server calls it so
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address.startswith("refused"):
            return "550 5.1.1 there is nobody of that name"
        if address.startswith("later"):
            return "451 4.3.0 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        kept = {"to": envelope.rcpt_tos, "from": envelope.mail_from}
        line = json.dumps({**kept, "raw": envelope.content.decode()})
        with self._file.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        if any(address.startswith("broken") for address in envelope.rcpt_tos):
            server.transport.abort()
        return "250 OK"


@dataclass
class MailServer:
    """Where it listens, and what it took."""

    port: int
    file: Path
    process: subprocess.Popen[bytes]

    @property
    def took(self) -> list[tuple[list[str], EmailMessage]]:
        """Each e-mail with the addresses that it was given to, oldest first. What is just being
        written is none yet."""
        found = []
        for line in self.file.read_text("utf-8").split("\n")[:-1]:
            kept = json.loads(line)
            raw = kept["raw"].replace("\r\n", "\n").encode()
            found.append((kept["to"], message_from_bytes(raw, EmailMessage, policy=policy.default)))
        return found

    @property
    def subjects(self) -> list[str]:
        return [str(message["subject"]) for _, message in self.took]

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def mail_server(folder: Path) -> Iterator[MailServer]:
    """One that listens on this machine, until the end of the ``with``."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        file, number = folder / f"mails-{port}.jsonl", listening.fileno()
        file.touch()
        command = [sys.executable, "-m", "tests.mail.server", str(number), str(file)]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=ROOT, env=environ, pass_fds=[number])
    server = MailServer(port, file, process)
    try:
        until(lambda: _answers(port))
        yield server
    finally:
        server.stop()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            return connection.recv(3) == b"220"
    except OSError:
        return False


async def _serve(listening: socket.socket, file: Path) -> None:
    keeps = Keeps(file)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(keeps, hostname="mail.test"), sock=listening)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))
