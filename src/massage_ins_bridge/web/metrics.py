"""``/metrics``: figures for Prometheus. They name accounts, outcomes and kinds of errors, never a
person or anything about one. A key opens them, as it does ``/v1``.

Counters are those of this process and begin at 0 with it; what is undone is the database's.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from .. import __version__
from ..desk import counted
from ..desk.decide import DECISIONS
from ..desk.health import Undone, undone
from ..desk.installation import Installation
from .door.access import api_clinic
from .door.probes import Prober
from .door.webhooks import DELIVERIES

_COUNTERS = {
    DELIVERIES: ("Deliveries by account and what became of them.", ("account", "result")),
    DECISIONS: ("Decisions that were another one than the last, by outcome.", ("outcome",)),
    counted.CALLS: ("Calls to platforms by account and call.", ("account", "call")),
    counted.ERRORS: ("Calls to platforms that failed, by account and kind.", ("account", "kind")),
}
_KINDS = {
    "deliveries": "deliveries",
    "wakeups": "wakeups",
    "untried": "writes",
    "refused": "writes that a platform did not take",
}


class Figures(Collector):
    """What is counted here, and what ``undone`` says; nothing of that where the database is
    silent."""

    def __init__(self, installation: Installation, found: Undone | None) -> None:
        self._installation = installation
        self._found = found

    def collect(self) -> Iterator[Metric]:
        made = GaugeMetricFamily("mib_build", "The release.", labels=("version",))
        made.add_metric([__version__], 1)
        yield made
        for name, (about, labels) in _COUNTERS.items():
            counter = CounterMetricFamily(f"mib_{name}", about, labels=labels)
            for known, number in self._installation.counts.of(name).items():
                values = dict(known)
                counter.add_metric([values[label] for label in labels], number)
            yield counter
        answers = int(self._found is not None)
        yield GaugeMetricFamily("mib_database_up", "Whether the database answers.", answers)
        if self._found is not None:
            yield from self._waiting(self._found)

    def _waiting(self, found: Undone) -> Iterator[Metric]:
        now = self._installation.clock.now()
        number = GaugeMetricFamily("mib_undone", "What is still to be done.", labels=("kind",))
        oldest = GaugeMetricFamily(
            "mib_undone_oldest_seconds", "How long the oldest of it waits.", labels=("kind",)
        )
        for field, kind in _KINDS.items():
            waiting = getattr(found, field)
            number.add_metric([kind], waiting.number)
            oldest.add_metric([kind], waiting.age(now).total_seconds())
        yield from (number, oldest)


def router(installation: Installation) -> APIRouter:
    """The route over one installation."""
    made = APIRouter(include_in_schema=False)
    prober = Prober()
    usual = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=usual)

    @made.get("/metrics")
    async def metrics(request: Request, _key: Annotated[str, Depends(api_clinic)]) -> Response:
        """All figures in the format that is asked for."""
        registry = CollectorRegistry()
        found = await prober.asked(partial(_undone, installation), None)
        registry.register(Figures(installation, found))
        encode, kind = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry) + encode(usual), media_type=kind)

    return made


def _undone(installation: Installation) -> Undone | None:
    with installation.read() as record:
        return undone(record)
