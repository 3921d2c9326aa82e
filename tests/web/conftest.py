"""The whole service in this process: application, durable runs, schedules."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from tests.desk.bridge import fake_settings
from tests.two_rules import KNOBS, Knobs, two_rules_host
from tests.web.sockets import until

from massage_ins_bridge.desk.clock import DemoClock
from massage_ins_bridge.desk.first_look import first_look
from massage_ins_bridge.desk.installation import Installation
from massage_ins_bridge.engine.worker import Worker
from massage_ins_bridge.store.keys import add_key
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.fake_connector import FakeConnector, delivery, signed
from massage_ins_bridge.testing.platform import PLATFORMS, FakePlatform
from massage_ins_bridge.web.app import create_app
from massage_ins_bridge.web.door import probes

with warnings.catch_warnings():  # it would rather have another HTTP client than the one we ship
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

__all__ = ["Site", "TestClient", "open_site", "problem"]


def problem(answer: Any, status: int) -> dict[str, Any]:
    """What a refusal says: a problem document, whatever is refused."""
    said: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, said["status"], bool(said["title"])) == (status, status, True)
    return said


@dataclass(repr=False)
class Site:
    """A running service as its callers see it."""

    http: TestClient
    worker: Worker
    platform: FakePlatform
    key: str
    knobs: Knobs

    @property
    def installation(self) -> Installation:
        return self.worker.installation

    def post(self, raw: bytes) -> Any:
        """A delivery as the platform signs it."""
        return self.http.post("/webhooks/desk", content=raw, headers=signed(raw))

    def send(self, ref: str, kind: str = "requested", **values: Any) -> Any:
        """A signed delivery; the platform then has the booking in that state."""
        about = {k: v for k, v in values.items() if k not in ("sent_at", "previous")}
        self.platform.put(ref, **about)
        values.setdefault("sent_at", self.installation.clock.now())
        return self.post(delivery(ref, kind, **values))

    def api(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        headers["authorization"] = f"Bearer {self.key}"
        return self.http.request(method, path, json=data, headers=headers)

    def booking(self, ref: str) -> dict[str, Any]:
        found = self.api("GET", f"/v1/bookings?ref={ref}").json()["bookings"]
        return found[0] if found else {}

    until = staticmethod(until)

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every piece of a list."""
        cursor: str | None = ""
        while cursor is not None:
            yield (page := self.api("GET", path + cursor).json())
            cursor = f"&cursor={page['next']}" if page["next"] else None

    def until_state(self, ref: str, state: str, platform: str | None = None) -> dict[str, Any]:
        def there() -> dict[str, Any] | None:
            found = self.booking(ref)
            good = found.get("state") == state
            return found if good and platform in (None, found["platform_status"]) else None

        return cast("dict[str, Any]", self.until(there))


def open_site(folder: Path, **changes: Any) -> Iterator[Site]:
    account, host = changes.pop("account", {}), changes.pop("host", None)
    settings = fake_settings(folder, changes.pop("url", None), **account).model_copy(update=changes)
    app = create_app(settings, host or two_rules_host(), DemoClock(NOW), {"fake": FakeConnector})
    worker: Worker = app.state.worker
    first_look(worker.installation, "desk")
    key = add_key(worker.installation.store, "default", "tests", datetime.now(UTC))
    with TestClient(
        app, "http://127.0.0.1", raise_server_exceptions=False, client=("127.0.0.1", 5)
    ) as http:
        yield Site(http, worker, PLATFORMS[str(folder)], key, KNOBS)


@pytest.fixture(autouse=True)
def _answers_in_time() -> Iterator[None]:
    """A machine that is busy is not what is meant by a database that does not answer."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(probes, "SECONDS", 30.0)
        yield


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    yield from open_site(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One service for all tests of a module: for those that do not mind each other."""
    yield from open_site(tmp_path_factory.mktemp("shared"))
