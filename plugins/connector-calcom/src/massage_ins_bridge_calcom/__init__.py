"""Cal.com for massage-ins-bridge: the platform with a true hold, since a booking that asks for
confirmation stays pending until the bridge confirms or declines it."""

from __future__ import annotations

from massage_ins_bridge.api import hookimpl

from .connector import CalcomConnector

__all__ = ["CalcomConnector", "connectors"]


@hookimpl
def connectors() -> list[type]:
    """The connector that this plugin brings."""
    return [CalcomConnector]
