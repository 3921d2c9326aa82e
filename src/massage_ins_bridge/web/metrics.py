"""``/metrics``: figures for Prometheus. They name accounts, outcomes and kinds of errors, never a
person or anything about one. A key opens them, as it does ``/v1``.

Counters are those of this process and begin at 0 with it; what is undone is the database's. While
that is silent, a key that opened this before still does: who watches shall be told just then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Request, Response
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
from ..desk.ask_before import ANSWERS
from ..desk.counts import DELIVERIES
from ..desk.decide import DECISIONS
from ..desk.health import Undone, undone
from ..desk.installation import Installation
from ..engine.worker import Worker
from .door.access import api_key
from .door.probes import Prober
from .door.problems import ProblemError

_COUNTERS = {
    DELIVERIES: ("Deliveries by account and what became of them.", ("account", "result")),
    DECISIONS: ("Decisions that were another one than the last, by outcome.", ("outcome",)),
    ANSWERS: ("Answers to platforms that asked before they booked, by outcome.", ("outcome",)),
    counted.CALLS: ("Calls to platforms by account and call.", ("account", "call")),
    counted.ERRORS: ("Calls to platforms that failed, by account and kind.", ("account", "kind")),
}
_KINDS = {
    "deliveries": "deliveries",
    "wakeups": "wakeups",
    "untried": "writes",
    "refused": "writes that a platform did not take",
}


@dataclass(frozen=True, slots=True)
class Looked:
    """What the database says: what is undone, and whether durable runs do their work."""

    undone: Undone
    runs: bool


class Figures(Collector):
    """What is counted here, and what was looked at; nothing of that where the database is
    silent."""

    def __init__(self, installation: Installation, found: Looked | None) -> None:
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
            runs = int(self._found.runs)
            yield GaugeMetricFamily("mib_runs_up", "Whether durable runs do their work.", runs)
            yield from self._waiting(self._found.undone)

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


def router(worker: Worker) -> APIRouter:
    """The route over one running service."""
    made = APIRouter(include_in_schema=False)
    prober, let_in = Prober(), set[str]()
    usual = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=usual)

    @made.get("/metrics")
    async def metrics(request: Request) -> Response:
        """All figures in the format that is asked for."""
        registry = CollectorRegistry()
        key = hashlib.sha256(request.headers.get("authorization", "").encode()).hexdigest()
        found = None
        if await prober.asked(partial(api_key, request), None) is not None:
            let_in.add(key)
            found = await prober.asked(partial(_look, worker), None)
        elif key not in let_in:
            raise ProblemError(
                503, "The database does not answer, so that no key can be looked up."
            )
        registry.register(Figures(worker.installation, found))
        encode, kind = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry) + encode(usual), media_type=kind)

    return made


def _look(worker: Worker) -> Looked | None:
    with worker.installation.read() as record:
        found = undone(record)
    return Looked(found, not worker.trouble)
