"""A bridge with Tollgate: a booking that the plan does not pay for is cancelled there."""

import hmac
import json
import secrets
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

sys.path.insert(0, str(Path(__file__).with_name("tests")))

from test_tollgate_conformance import Platform, booking

from massage_ins_bridge.testing.processes import Process, answers, stop

NAME, SECRET = "desk", secrets.token_hex(24)
#: It is this day, whatever the day: of the year of a visit money can only be spent before it.
NOW = datetime(2026, 12, 1, 17, tzinfo=UTC)
SETTINGS = """
port = 0
demo_clock = true
[clinic]
name = "Example Massage"
timezone = "America/Los_Angeles"
network = {{ larch = [{{ status = "in" }}] }}
[[accounts]]
name = "{name}"
connector = "tollgate"
enforcement = "enforce"
base_url = "{url}"
api_key = "{key}"
webhook_secret = "{secret}"
cancel_accepted = true
refuse_after_minutes = 0
refuse_in_office_hours = false
form_fields = {{ insurance = "payer" }}
services = {{ s1 = {{ service = "medical-massage", self_pay = false }} }}
"""


def run(folder: Path, *command: str) -> str:
    """A command of the bridge, and what it says."""
    line = ["massage-ins-bridge", *command]
    done = subprocess.run(line, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def send(url: str, body: Any, **headers: str) -> Any:
    """JSON to the bridge, and its answer."""
    method = "PATCH" if url.rpartition("/")[2].startswith("bkg_") else "POST"
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = Request(url, raw, {"content-type": "application/json", **headers}, method=method)  # noqa: S310
    with urlopen(sent) as answer:  # noqa: S310 - on this machine
        return json.load(answer)


def main(folder: Path) -> None:
    """What happens, in its order."""
    with Platform() as platform:
        text = SETTINGS.format(name=NAME, url=platform.url, key=SECRET, secret=SECRET)
        file = folder / "massage-ins-bridge.toml"
        file.write_text(text, encoding="utf-8")
        file.chmod(0o600)
        bridge = Process.start(folder, "bridge", "massage_ins_bridge.cli.main", "serve")
        try:
            mark = "massage-ins-bridge listens on "
            bridge.wait_until(lambda: mark in bridge.said())
            url = bridge.said().partition(mark)[2].split()[0]
            bridge.wait_until(lambda: answers(f"{url}/readyz"))
            send(f"{url}/demo/clock", {"now": NOW.isoformat()})
            run(folder, "sync", NAME, "--entered-by-hand")
            book(platform, url, {"authorization": f"Bearer {run(folder, 'key', 'add', 'me')}"})
            bridge.wait_until(lambda: platform.bookings["b1"]["state"] == "off")
            print("b1 is cancelled:", platform.reasons["b1"])
        finally:
            stop(bridge)
            platform.shutdown()


def book(platform: Platform, url: str, key: dict[str, str]) -> None:
    """A client whose plan's money is spent books; staff says what the visit costs."""
    start = NOW + timedelta(21)
    made = booking(platform.book("accepted"), "booked", start)
    client = {"intake_received": True, **made["client"]}
    patient = send(f"{url}/v1/patients", client, **key)["id"]
    covered = {"payer": "larch", "position": "primary", "staff_confirmed": True}
    send(f"{url}/v1/patients/{patient}/coverages", covered, **key)
    spent = {"larch": {"units": 4, "charge": "580.00"}}
    visit = {"on": f"{start:%Y}-01-04", "payer": "larch", "extra": spent}
    send(f"{url}/v1/patients/{patient}/visits", visit, **key)
    raw = json.dumps({"delivery": "d1", "booking": made}).encode()
    signed = hmac.digest(SECRET.encode(), raw, "sha256").hex()
    send(f"{url}/webhooks/{NAME}", raw, **{"x-signature": signed})
    found = wait_for(url, key)
    costs = {"extra": {"larch": {"charge": "110.00"}}}
    send(f"{url}/v1/bookings/{found}", costs, **key)


def wait_for(url: str, key: dict[str, str]) -> str:
    """The bridge's id of the booking, once it is there."""
    while True:
        with urlopen(Request(f"{url}/v1/bookings", headers=key)) as answer:  # noqa: S310
            found = json.load(answer)["bookings"]
        if found:
            return str(found[0]["id"])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(Path(made))
