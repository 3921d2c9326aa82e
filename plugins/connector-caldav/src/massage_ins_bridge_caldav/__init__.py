"""CalDAV for massage-ins-bridge: bookings that stand as events in a calendar. A hold is a tentative
event, a confirmation a confirmed one, a refusal a cancelled one."""

from __future__ import annotations

from massage_ins_bridge.api import hookimpl


@hookimpl
def connectors() -> list[type]:
    """The connector that this plugin brings; loaded when asked, for it loads an HTTP client."""
    from .connector import CaldavConnector

    return [CaldavConnector]
