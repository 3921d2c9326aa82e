"""Kay Moss, who is on file, and Katie Moss, who may be her: what staff says of the two."""

from datetime import timedelta
from typing import Any

from tests.desk.bridge import Bridge

from massage_ins_bridge.desk import settle_who
from massage_ins_bridge.desk.receipts import undo
from massage_ins_bridge.testing.bookings import NOW

SOON = NOW + timedelta(days=2)
KAY: dict[str, Any] = {"name": "Kay Moss", "email": "kay@x.org", "phone": "206-555-0900"}
KATIE: dict[str, Any] = {**KAY, "name": "Katie Moss", "email": "katie@y.org"}
COVERAGE = {"payer": "regence", "staff_confirmed": True}


def kay_and_katie(bridge: Bridge) -> Bridge:
    """Kay Moss is on file and cured; Katie Moss booked with her telephone."""
    bridge.take("kay", **KAY)
    bridge.confirm_coverage("kay")
    bridge.take("b1", start=SOON, **KATIE)
    return bridge


def settle(bridge: Bridge, act: str, *arguments: str | None) -> str:
    """One act of staff with all that follows; the id of its receipt."""
    with bridge.installation.write() as record:
        row = getattr(settle_who, act)(record, *arguments, "Pat")
        made = str(row.id)
    bridge.work()
    return made


def take_back(bridge: Bridge, receipt_id: str) -> None:
    """An act is undone, and once more."""
    with bridge.installation.write() as record:
        undo(record, receipt_id, "Kim")
        undo(record, receipt_id, "Lou")
    bridge.work()


def owner(bridge: Bridge, ref: str) -> str:
    """The client whose booking it is."""
    return bridge.row(ref).patient_id


def doubtful(bridge: Bridge, ref: str) -> bool:
    """Whether it is in doubt who that client is."""
    with bridge.installation.read() as record:
        client = record.clients.get(owner(bridge, ref))
        assert client is not None
        return client.doubtful
