"""The bridge's own service, receiving and storing only: durable runs and schedules are not started,
so that intake is measured alone. ``python -m benchmarks.paused CONFIG``."""

from __future__ import annotations

import sys
from pathlib import Path

from massage_ins_bridge.web.logs import configure_logs
from massage_ins_bridge.workflows.runner import Runner
from massage_ins_bridge.workflows.sweeps import Sweeper
from massage_ins_bridge.workflows.worker import Worker

from massage_ins_bridge.cli.serve import SWITCH_SECONDS
from massage_ins_bridge.settings import load_settings
from massage_ins_bridge.web.app import create_app

from .processes import serve


class NoRuns(Runner):
    """Starts nothing."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class NoSweeps(Sweeper):
    """Looks at nothing."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


def main(config: Path) -> None:
    """Serve until stopped."""
    configure_logs()
    sys.setswitchinterval(SWITCH_SECONDS)
    app = create_app(load_settings(config, environ={}))
    worker: Worker = app.state.worker
    worker.runner = NoRuns(worker.service)
    worker.sweeper = NoSweeps(worker.service, worker.runner)
    serve(app)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
