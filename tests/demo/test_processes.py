"""What the demonstration needs is named where it is missing."""

import os
import signal
from io import StringIO
from types import SimpleNamespace

import pytest
from rich.console import Console

from massage_ins_bridge.demo import processes
from massage_ins_bridge.demo.processes import Interrupts
from massage_ins_bridge.demo.run import run
from massage_ins_bridge.settings import StartError


def test_missing_plugins_are_named_with_their_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [name for name in processes.NEEDED if name != "calcom"]
    points = [SimpleNamespace(name=name) for name in names]
    monkeypatch.setattr(processes, "entry_points", lambda group: points)
    monkeypatch.setattr(processes, "SIMULATOR", "nobody_installed_this")
    with pytest.raises(StartError) as caught:
        run(once=True, console=Console(file=StringIO()))
    assert str(caught.value) == (
        "the demo needs plugins that are not installed; pip install "
        "massage-ins-bridge-connector-calcom massage-ins-bridge-simulator-calcom "
        "(in a clone: pip install ./plugins/connector-calcom ./plugins/simulator-calcom)"
    )


def test_an_impatient_second_signal_does_not_cut_the_end_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "SAME_SECONDS", 600.0)  # however slow the machine is
    interrupts, ended = Interrupts(), list[str]()

    def press_twice() -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
        finally:
            os.kill(os.getpid(), signal.SIGINT)  # nothing holds it yet
            with interrupts.held():
                ended.append("in order")

    with pytest.raises(KeyboardInterrupt), interrupts.caught():
        press_twice()
    assert ended == ["in order"]
