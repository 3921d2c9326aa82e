"""Cal.com for massage-ins-bridge: the platform with a true hold, since a booking that asks for
confirmation stays pending until the bridge confirms or declines it."""

from __future__ import annotations

from massage_ins_bridge.api import hookimpl


@hookimpl
def connectors() -> list[type]:
    """The connector that this plugin brings; loaded when asked, for it loads an HTTP client."""
    from .connector import CalcomConnector

    return [CalcomConnector]
