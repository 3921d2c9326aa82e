"""``check-plugin`` runs the suite, and its exit code says how it came out."""

import pytest

from massage_ins_bridge.cli import check_plugin
from massage_ins_bridge.settings import StartError


def test_one_that_is_not_there(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    assert check_plugin.run(plugin="premere") == 2
    assert "did you mean 'premera'" in capfd.readouterr().err


def test_without_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_plugin, "find_spec", lambda name: None)
    with pytest.raises(StartError, match="pip install pytest"):
        check_plugin.run(plugin="premera")
