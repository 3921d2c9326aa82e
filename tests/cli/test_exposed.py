"""A proxy that shows the staff page to everybody is found, whatever the settings say."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.cli.conftest import Run


class _Proxy(BaseHTTPRequestHandler):
    """``/open/…`` is shown to anybody."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path.startswith("/open/") else 403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def proxy() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Proxy) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("path", "code", "said"),
    [
        ("/open", 1, "BAD  staff page: {}/open/mark shows the desk to anybody"),
        ("/shut", 0, "ok   staff page: is not shown to strangers (403 without a sign-in)"),
    ],
)
def test_doctor_asks_the_public_address_as_a_stranger_would(
    run: Run, proxy: str, path: str, code: int, said: str
) -> None:
    done = run("doctor", MIB_DATA_DIR="data", MIB_PUBLIC_URL=proxy + path)
    assert (done.code, said.format(proxy) in done.out) == (code, True), done.out
