"""A service that begins anew keeps its socket: who asks meanwhile waits, and is answered."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from tests.web.sockets import end

from massage_ins_bridge.cli.begin_again import LISTENING, inherited

SERVER = """
import asyncio, sys, uvicorn
from massage_ins_bridge.cli.begin_again import BeginAgain, inherited
from massage_ins_bridge.cli.serve import listen

again = None

async def app(scope, receive, send):
    if scope["path"] == "/again":
        again.ask()
        while not again.wanted:  # who asks after the answer, asks a socket that nobody serves
            await asyncio.sleep(0)
    headers = [(b"connection", b"close")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BORN})

class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        again.started()

found = inherited()
BORN = b"again" if found else b"first"
listening = found or listen("127.0.0.1", 0)
server = Server(uvicorn.Config(app, lifespan="off", log_level="error"))
again = BeginAgain(listening, server)
print(listening.getsockname()[1], flush=True)
server.run(sockets=[listening])
if again.wanted:
    again.go()
"""


def test_nobody_is_turned_away(tmp_path: Path) -> None:
    script = tmp_path / "serve.py"
    script.write_text(SERVER, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        url = f"http://127.0.0.1:{running.stdout.readline().strip()}"
        try:
            assert httpx.get(url, timeout=20).text == "first"
            said: list[str] = []
            assert httpx.get(f"{url}/again", timeout=20).text == "first"
            asking = [
                threading.Thread(target=lambda: said.append(httpx.get(url, timeout=30).text))
                for _ in range(3)
            ]
            for one in asking:
                one.start()
            for one in asking:
                one.join()
            assert said == ["again"] * 3
        finally:
            end(running)


@pytest.mark.parametrize("left", ["", "x", "987654"])
def test_what_is_no_socket_is_not_taken(left: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LISTENING, left)
    assert inherited() is None


def test_a_socket_that_does_not_listen_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    made = socket.socket()
    monkeypatch.setenv(LISTENING, str(os.dup(made.fileno())))
    assert inherited() is None
    assert LISTENING not in os.environ
    made.close()
