"""The pages are for browsers that were let in, and the demonstration's clock for no stranger's
page: asked on real sockets, as a proxy, a browser or a script asks."""

import json
import re
from pathlib import Path

import pytest
from tests.web.sockets import ask, listening, serving

from massage_ins_bridge.settings import Settings
from massage_ins_bridge.store.vault import Vault
from massage_ins_bridge.web.app import create_app
from massage_ins_bridge.web.door import access
from massage_ins_bridge.web.door.access import StaffDoor

FACTS = "/mark"
#: What a proxy or another site's page adds, each enough to be a stranger.
STRANGERS = [
    *({"via": "1.1 proxy"}, {"x_forwarded_proto": "https"}, {"forwarded": "for=203.0.113.9"}),
    *({"origin": "https://evil.example"}, {"origin": "null"}, {"host": "evil.example"}),
    *({"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}),
    *({f"{name}_ip": "203.0.113.9"} for name in ("x_real", "x_client", "true_client")),
    *({name: "203.0.113.9"} for name in ("x_forwarded_for", "cf_connecting_ip")),
]


@pytest.mark.slow
def test_one_browser_is_let_in_and_nobody_else(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        for path in ("/today", FACTS):  # so asks nginx as it is installed, for anyone
            refused = service.ask(path, host=f"127.0.0.1:{service.port}")
            assert (refused.status, refused.getheader("location", "")[:8]) == (303, "/sign-in")
        address = re.findall(r"this machine: http://127.0.0.1:\d+(/\S+)", service.log)[-1]
        assert service.ask(address, via="1.1 proxy").status == 403
        let_in = service.ask(address)
        assert (let_in.status, let_in.getheader("location")) == (303, "/")
        cookie, *rest = (let_in.getheader("set-cookie") or "").split("; ")
        assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(rest)
        assert service.ask(address).status == 403  # good once
        assert service.log.count("this machine: http") == 2  # the next one is told
        for path in ("/today", FACTS):
            assert service.ask(path, cookie=cookie).status == 200
        assert service.ask(FACTS, cookie=f"{cookie}0").status == 303
        for headers in STRANGERS:
            assert service.ask(FACTS, cookie=cookie, **headers).status == 403, headers


def test_a_browser_stays_let_in_over_a_start_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = StaffDoor(Vault([b"1" * 32])).session()
    again = StaffDoor(Vault([b"2" * 32, b"1" * 32]))
    assert again.knows(session)
    assert not StaffDoor(Vault([b"2" * 32])).knows(session)
    for odd in ("", ".", "1", "\u0661.x", "9" * 30 + ".x", session.replace(".", ".0")):
        assert not again.knows(odd)
    monkeypatch.setattr(access, "SESSION_SECONDS", -1)
    assert not again.knows(session)


def test_the_demonstration_is_open_and_its_clock_is_not_moved_by_strangers(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, demo_clock=True))
    now = json.dumps({"now": "2026-12-01T00:00:00+00:00"})
    with listening(app) as port:
        assert ask(port, FACTS).status == 200
        assert ask(port, "/demo/clock", "POST", now, content_type="text/plain").status == 415
        assert ask(port, "/demo/clock", "POST", now).status == 415
        for headers in STRANGERS:
            kind = {"content_type": "application/json", **headers}
            assert ask(port, "/demo/clock", "POST", now, **kind).status == 403, headers
        good = {"content_type": "application/json", "sec_fetch_site": "same-origin"}
        good["origin"] = f"http://127.0.0.1:{port}"
        assert ask(port, "/demo/clock", "POST", now, **good).status == 200
    app.state.worker.installation.close()
