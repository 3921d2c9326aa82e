"""What a start tells all the same: settings that hardly anybody can have meant."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.cli.conftest import ACCOUNT, Run

from massage_ins_bridge.cli.start_warnings import (
    missing_secrets,
    settings_warnings,
    start_warnings,
)
from massage_ins_bridge.hooks.configured import load_host
from massage_ins_bridge.settings import Settings, load_settings

MISSING = "set it, or webhook_secret_file: without it every delivery is refused"
UNSERVED = "no installed plugin serves such a payer"


def test_what_nobody_meant_is_told_at_the_start(run: Run, configured: Callable[..., Path]) -> None:
    network = "[clinic.network]\nregense = [{status = 'in'}]\nzzz = [{status = 'out'}]\n"
    fees = "[clinic.fees]\npipp = '120.00'\n"
    file = configured(f"api_key = 'cal_0123456789abcdef'\n{network}{fees}")
    settings = load_settings(file)
    host = load_host(settings)
    assert [f"{c.subject}: {c.message}" for c in start_warnings(settings, file, host)] == [
        f"account desk: webhook_secret is missing; {MISSING}",
        f"clinic.network.regense: {UNSERVED}; did you mean 'regence'?",
        f"clinic.network.zzz: {UNSERVED}; `mib plugins` lists who is served",
        f"clinic.fees.pipp: {UNSERVED}; did you mean 'pip'?",
    ]
    done = run("doctor", "--offline")
    assert done.code == 1
    assert "BAD  clinic.network.regense: " in done.out
    assert "note clinic.network.zzz: " in done.out


def test_a_connector_without_deliveries_needs_no_secret_for_them(
    configured: Callable[..., Path],
) -> None:
    """It asks for none."""
    file = configured('base_url = "https://dav.example"\n', connector="caldav")
    settings = load_settings(file)
    told = [w.message.split(";")[0] for w in missing_secrets(settings, load_host(settings))]
    assert told == ["api_key is missing"]


UNSAFE = [
    ('host = "0.0.0.0"', "BAD  host: 0.0.0.0 is reached from other machines, in plain text"),
    ('public_url = "http://bridge.example"', "BAD  public_url: begins with http://"),
    ("demo_clock = true", "BAD  demo_clock: is set, and an account is not of this machine"),
    ('[[accounts]]\nwebhook_secret = "a"', "BAD  account desk: webhook_secret has 1 characters"),
    ('[[accounts]]\nwebhook_secret = "0123456789"', "note account desk: webhook_secret has 10 "),
    ('[[accounts]]\napi_key = "abc"', "BAD  account desk: api_key has 3 characters"),
]


@pytest.mark.parametrize(("line", "said"), UNSAFE)
def test_both_tell_what_is_unsafe(
    run: Run, configured: Callable[..., Path], line: str, said: str
) -> None:
    before, _, own = line.partition("[[accounts]]")
    file = configured(f'base_url = "https://api.cal.com"\n{own}', before)
    assert said in run("doctor", "--offline").out
    told = [f"{w.subject}: {w.message}" for w in settings_warnings(load_settings(file), file)]
    assert said[5:] in "\n".join(told)
    assert all("\n" not in warning for warning in told)


def test_what_others_on_the_machine_may_read_is_told(tmp_path: Path) -> None:
    with TemporaryDirectory() as name:  # pytest keeps its own folders shut
        folder = Path(name)
        folder.chmod(0o755)
        data, file = folder / "data", folder / "bridge.toml"
        text = ACCOUNT.replace('"."', f'"{data}"')
        file.write_text(f'{text}api_key_file = "k"\nwebhook_secret_file = "k"\n', "utf-8")
        (folder / "k").write_text("s" * 20)
        (folder / "k").chmod(0o600)
        data.mkdir()

        def told() -> list[str]:
            with contextlib.chdir(folder):
                return [w.message for w in settings_warnings(load_settings(file), file)]

        assert told() == []
        (data / "bridge.sqlite3").touch(0o644)
        assert "lets every user of this machine read bridge.sqlite3; run: chmod" in told()[0]
        data.chmod(0o700)
        assert told() == []
        data.chmod(0o777)
        assert "can be changed by every user of this machine" in told()[0]
        data.chmod(0o700)
        (folder / "plugins").mkdir()
        (folder / "plugins").chmod(0o777)
        file.write_text(f'plugins_dir = "{folder}/plugins"\n{file.read_text("utf-8")}', "utf-8")
        (said,) = told()
        assert "plugins can be changed by every user of this machine, and what is in it" in said
        file.write_text(f"{text}api_key = '{'k' * 20}'\nwebhook_secret_file = 'k'\n", "utf-8")
        assert "holds secrets and can be read by every user of this machine" in told()[0]
        file.chmod(0o600)
        assert told() == []
        (folder / "k").chmod(0o644)
        (said,) = told()
        assert said.startswith("k is a secret and can be read by every user of this machine")
        (folder / "k").chmod(0o640)
        file.write_text('[mail]\npassword = "p"\n', "utf-8")
        file.chmod(0o644)
        (warning,) = settings_warnings(Settings(data_dir=data), file)
        assert "holds secrets and can be read" in warning.message
