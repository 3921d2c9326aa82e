"""The bridge's own service, receiving and storing only: durable runs and schedules are not started,
so that intake is measured alone. ``python -m benchmarks.paused CONFIG``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, cast

from massage_ins_bridge.cli.serve import SWITCH_SECONDS
from massage_ins_bridge.settings import load_settings
from massage_ins_bridge.web.app import create_app
from massage_ins_bridge.web.logs import configure_logs
from massage_ins_bridge.workflows.worker import Worker

from .processes import serve


class Idle:
    """Stands where the runs and the schedules do, and does nothing."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


def main(config: Path) -> None:
    """Serve until stopped."""
    configure_logs()
    sys.setswitchinterval(SWITCH_SECONDS)
    app = create_app(load_settings(config, environ={}))
    worker: Worker = app.state.worker
    worker.runner = cast(Any, Idle())
    worker.sweeper = cast(Any, Idle())
    serve(app)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
