"""Calendar feeds for massage-ins-bridge: the one way into booking platforms that offer no more than
a link to their appointments. It only reads; whatever is to be done there, staff does."""

from __future__ import annotations

from massage_ins_bridge.api import hookimpl


@hookimpl
def connectors() -> list[type]:
    """The connector that this plugin brings; loaded when asked, for it loads an HTTP client."""
    from .connector import IcsConnector

    return [IcsConnector]
