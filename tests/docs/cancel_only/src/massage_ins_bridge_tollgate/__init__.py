"""Tollgate for massage-ins-bridge."""

from __future__ import annotations

from collections.abc import Sequence

from massage_ins_bridge.api import hookimpl

requires_api = "1.0"


@hookimpl
def connectors() -> Sequence[type]:
    """Loaded when they are asked for: deciding needs none."""
    from .connector import TollgateConnector

    return [TollgateConnector]
