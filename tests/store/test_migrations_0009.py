"""A database of the release before the second edition of the rules is brought on and decided again.

``installation-0009.json.gz`` was made on a Sunday: eighteen synthetic clients, some of whose
bookings wait for the platform's confirmation, and an account that writes.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.databases import settings_of
from tests.desk.bridge import HandClock

from massage_ins_bridge.desk.daily import look_at_the_day, look_where_others_decide
from massage_ins_bridge.desk.decide import decide_again
from massage_ins_bridge.desk.going_live import go_live
from massage_ins_bridge.desk.installation import Installation, build_installation
from massage_ins_bridge.store.bookings import LIVE
from massage_ins_bridge.store.record import Work
from massage_ins_bridge.store.task_models import WakeupRow
from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.testing.fake_connector import FakeConnector
from massage_ins_bridge.testing.platform import PLATFORMS, FakePlatform

from .earlier import DATABASES, FOLDER, database, lay_down, read_out, rows_of

FILE = FOLDER / "installation-0009.json.gz"
PLATFORM = "http://127.0.0.1:45883"


@pytest.fixture(params=DATABASES)
def former(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """An installation whose bookings were decided by the first edition of the rules, brought on and
    served by this release on the Sunday on which it was left."""
    before = read_out(FILE)
    (tmp_path / "secret.key").write_text(before["key"], encoding="ascii")
    service = {"service": "medical-massage", "self_pay": False}
    relaxing = {"service": "relaxation-massage", "self_pay": True}
    services = {"30412": service, "30413": relaxing, "30414": service}
    account = {"name": "front-desk", "connector": "calcom", "enforcement": "enforce"}
    PLATFORMS[str(tmp_path)] = FakePlatform()
    options = {"platform": str(tmp_path)}
    written = {"base_url": PLATFORM, "services": services, "options": options}
    account |= {"webhook_secret": "0123456789abcdef0123456789abcdef"}
    network = {"regence": [{"status": "in"}], "lni": [{"status": "in"}]}
    with database(request) as url:
        settings = settings_of(
            tmp_path, url, accounts=[{**account, **written}], clinic={"network": network}
        )
        lay_down(settings, before)
        clock = HandClock(datetime(2026, 12, 6, 17, tzinfo=UTC))
        host = installed_host()
        made = build_installation(settings, clock, host, {"calcom": FakeConnector})
        yield made
        made.close()


def decide_all_again(installation: Installation) -> None:
    """As the start, and the minute after it, do."""
    go_live(installation)
    look_where_others_decide(installation)
    look_at_the_day(installation)
    with installation.read() as record:
        woken = list(record.session.scalars(select(WakeupRow).where(WakeupRow.done_at.is_(None))))
    for wakeup in woken:
        assert not decide_again(installation, wakeup.id)


def test_the_second_edition_refuses_nothing_by_itself(former: Installation) -> None:
    """What it would not let stand, and the first one held, waits for staff to have had an open
    day."""
    with former.write() as record:  # the one that was refused already, as if it had been held
        (waits,) = record.writes.waiting()
        row = record.bookings.get(waits.subject)
        assert row is not None
        row.outcome, waits.state, waits.by_clock = "hold", "superseded", False
    before = {b["id"]: b["platform_status"] for b in rows_of(former.store, "bookings")}
    started: list[Work] = []
    former.start = started.extend
    decide_all_again(former)
    now = former.clock.now().replace(tzinfo=None)
    tuesday = datetime(2026, 12, 8, 8, tzinfo=UTC).replace(tzinfo=None)
    bookings = {b["id"]: b for b in rows_of(former.store, "bookings")}
    assert {key: b["platform_status"] for key, b in bookings.items()} == before
    standing = (b for b in bookings.values() if b["platform_status"] in LIVE)
    assert all(b["decided_at"] == now for b in standing if b["start_at"] > now)
    assert bookings[row.id]["outcome"] == "block"
    writes = {w["id"]: w for w in rows_of(former.store, "writes")}
    assert writes[waits.id]["state"] == "waiting"
    assert writes[waits.id]["by_clock"]
    assert writes[waits.id]["due_at"] >= tuesday
    blocks = [w for w in writes.values() if w["kind"] == "block"]
    assert not [w for w in blocks if w["state"] == "queued" and w["wanted_at"] == now]
    asked_for = {work.item for work in started if work.kind == "write"}
    assert asked_for.isdisjoint(w["id"] for w in blocks)
