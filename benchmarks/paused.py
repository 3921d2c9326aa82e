"""The bridge's own service, receiving and storing only: durable runs and schedules are not started,
so that the door is measured alone. ``python -m benchmarks.paused CONFIG``."""

from __future__ import annotations

import sys
from pathlib import Path

from massage_ins_bridge.cli.serve import SWITCH_SECONDS
from massage_ins_bridge.engine.engine import Engine
from massage_ins_bridge.engine.worker import Worker
from massage_ins_bridge.settings import load_settings
from massage_ins_bridge.web.app import create_app
from massage_ins_bridge.web.door.logs import configure_logs

from .processes import serve


class NoEngine(Engine):
    """Runs nothing; what a delivery leaves to be done is handed to nobody."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


def main(config: Path) -> None:
    """Serve until stopped."""
    configure_logs()
    sys.setswitchinterval(SWITCH_SECONDS)
    app = create_app(load_settings(config, environ={}))
    worker: Worker = app.state.worker
    worker.engine = NoEngine(worker.installation)
    serve(app)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
