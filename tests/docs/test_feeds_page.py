"""What the page about calendar feeds says to write works as it stands there."""

import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from massage_ins_bridge.desk.clock import SystemClock
from massage_ins_bridge.desk.first_look import first_look
from massage_ins_bridge.desk.installation import build_installation
from massage_ins_bridge.settings import load_settings
from massage_ins_bridge.testing.feeds import FeedServer
from massage_ins_bridge_ics.options import OPTIONS

PAGE = (Path(__file__).parents[2] / "docs" / "connectors" / "ics.md").read_text(encoding="utf-8")


def test_its_settings_read_a_feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (account,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    with FeedServer() as feed:
        feed.clock = lambda: datetime.now(UTC)
        Path("jane-calendar-link").write_text(f"{feed.url}\n", encoding="utf-8")
        clinic = '[clinic]\n[[clinic.practitioners]]\nkey = "mira"\nname = "Mira Example"\n'
        Path("massage-ins-bridge.toml").write_text(
            f'secret_key = "{b64encode(bytes(32)).decode()}"\n{clinic}{account}', encoding="utf-8"
        )
        settings = load_settings()
        soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
        massage = feed.book(soon, client="Ada Test", service="Massage 60")
        other = feed.book(soon + timedelta(hours=2), client="Bo Test", service="Yoga")
        made = build_installation(settings, SystemClock())
        first_look(made, "jane")
        with made.read() as record:
            row = record.bookings.by_ref("jane", massage)
            assert row is not None
            details = record.bookings.details(row)
            assert (details.service, details.practitioner) == ("medical-massage", "mira")
            assert details.person["name"] == "Ada Test"
            assert record.bookings.by_ref("jane", other) is None
        made.close()


def test_it_names_every_option() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == set(OPTIONS)
