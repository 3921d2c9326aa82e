"""Any booking platform for massage-ins-bridge: it tells of its bookings by signed Standard
Webhooks, is told each decision the same way, and acts by itself."""

from __future__ import annotations

from massage_ins_bridge.api import hookimpl


@hookimpl
def connectors() -> list[type]:
    """The connector that this plugin brings; loaded when asked, for it loads an HTTP client."""
    from .connector import WebhookConnector

    return [WebhookConnector]
