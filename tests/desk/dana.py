"""Dana, who owns the clinic and signs in."""

import base64
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.desk import sign_in
from massage_ins_bridge.desk.users import add_user, set_password

DANA = {"name": "Dana Ruiz", "email": "dana@example.com", "role": "owner"}
PASSWORD = "four words in a row"


def bridge_of_dana(folder: Path) -> Iterator[Bridge]:
    """An installation at which she has a password."""
    made = make_bridge(folder, None)
    with made.installation.write() as record:
        set_password(record, add_user(record, DANA), PASSWORD)
    yield made
    made.close()


def dana(bridge: Bridge) -> str:
    """Her id."""
    with bridge.installation.read() as record:
        return record.users.all()[0].id


def stop_the_apps_clock(patch: pytest.MonkeyPatch) -> None:
    """Code and its check are of one moment: else a half minute may end between them."""
    now = time.time()
    stopped = SimpleNamespace(time=lambda: now)
    patch.setattr(sign_in, "time", stopped)
    patch.setitem(globals(), "time", stopped)


def code_of(secret: str, ahead: int = 0) -> str:
    """What the app shows in so many half minutes."""
    app = TOTP(base64.b32decode(secret), 6, SHA1(), 30, enforce_key_length=False)  # noqa: S303 - what the apps use
    return app.generate(int(time.time()) + 30 * ahead).decode()
