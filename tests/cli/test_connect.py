"""``connect`` against the simulated Cal.com: asked and told, left and gone on with, run again."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Run
from tests.web.sockets import end, until
from typer.testing import CliRunner

from massage_ins_bridge.cli import connect as command
from massage_ins_bridge.cli.app import app
from massage_ins_bridge.desk import connecting
from massage_ins_bridge.settings import load_settings
from massage_ins_bridge_calcom_simulator.testing import Simulator

KEY = "cal_test_key"


@pytest.fixture
def platform() -> Iterator[Simulator]:
    with Simulator("--api-key", KEY, "--unlike", "webhook-public", "--team-admin") as simulator:
        yield simulator


def webhooks(platform: Simulator) -> list[dict[str, Any]]:
    answer = platform.http.get("/v2/webhooks", headers={"authorization": f"Bearer {KEY}"})
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


@pytest.fixture
def told(platform: Simulator, tmp_path: Path) -> list[str]:
    """Every answer, as options."""
    (tmp_path / "key").write_text(KEY, encoding="utf-8")
    return [
        *("front-desk", "--yes", "--set", f"base_url={platform.url}", "--secret", "api_key=key"),
        *("--connector", "calcom"),
        *("--service", "30412=medical-massage", "--service", "30413=rest:self-pay"),
        *("--host", "5=mira", "--public-url", "http://127.0.0.1:8766/"),
    ]


def test_a_script_connects_an_account_and_again_without_harm(
    run: Run, platform: Simulator, told: list[str], tmp_path: Path
) -> None:
    days = [datetime.now(UTC) + timedelta(days=day) for day in (1, 2, 3)]
    uids = {platform.book(start=day.isoformat()) for day in days}
    platform.catch_up()
    done = run("connect", *told)
    assert (done.code, done.err) == (0, "")
    for said in (
        "The key belongs to Example Massage (desk@clinic.example).",
        "The webhook was made.",
        "all bookings were taken in (3)",
        "front-desk is connected",
        "It observes.",
    ):
        assert said in done.out
    settings = load_settings(tmp_path / "massage-ins-bridge.toml", {})
    [account] = settings.accounts
    assert account.api_key.get_secret_value() == KEY
    assert {ref: s.self_pay for ref, s in account.services.items()} == {
        "30412": False,
        "30413": True,
    }
    assert account.practitioners == {"5": "mira"}
    assert account.form_fields == {"insurance": "payer", "member-id": "member_id"}
    assert settings.public_url == "http://127.0.0.1:8766"
    [webhook] = webhooks(platform)
    assert webhook["subscriberUrl"] == "http://127.0.0.1:8766/webhooks/front-desk"
    assert webhook["secret"] == account.webhook_secret.get_secret_value()
    assert KEY not in (tmp_path / "massage-ins-bridge.toml").read_text("utf-8")
    assert len(uids) == 3

    before = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()}
    again = run("connect", "front-desk", "--yes")
    assert again.code == 0
    assert "The webhook is there already." in again.out
    assert "Written" not in again.out
    assert webhooks(platform) == [webhook]
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()} == before
    assert not platform.journal(kind="change", by="api")


def test_whoever_is_asked_may_err_and_go_on(
    platform: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answers = [
        *("Front Desk", "front-desk", "calendly", "calcom", "", platform.url, "cal_wrong", ""),
        *("y", "", KEY, ""),  # entered anew
        *("", "rest:free", "rest:self-pay"),  # services
        *("mira", "-", "", "-"),  # hosts, questions
        *("bridge", "http://127.0.0.1:8766", "n"),
    ]
    done = CliRunner().invoke(app, ["connect"], input="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    for said in (
        "use lower-case letters",
        "'calendly' is none of",
        "does not take the account's key",
        "write rest:self-pay",
        "'bridge' is no address",
        "The webhook was made.",
    ):
        assert said in done.output
    assert KEY not in done.output
    [account] = load_settings(tmp_path / "massage-ins-bridge.toml", {}).accounts
    assert account.services["30412"].service == "medical-massage"
    assert account.services["30413"].self_pay
    assert account.practitioners == {"5": "mira"}
    assert account.form_fields == {"insurance": "payer"}


def test_it_can_be_left_and_gone_on_with(
    platform: Simulator, run: Run, told: list[str], tmp_path: Path
) -> None:
    platform.control("POST", "faults", kind="status", action="event-types", status=403)
    done = run("connect", *told)
    assert done.code == 1
    settings = load_settings(tmp_path / "massage-ins-bridge.toml", {})
    assert settings.accounts[0].api_key.get_secret_value() == KEY
    assert settings.accounts[0].services == {}
    assert run("connect", *told).code == 0
    assert len(webhooks(platform)) == 1


def test_a_key_that_is_not_taken_leaves_nothing_behind(
    platform: Simulator, run: Run, told: list[str], tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("cal_wrong", encoding="utf-8")
    done = run("connect", *told)
    assert done.code == 1
    assert "does not take the account's key" in done.err
    assert {path.name for path in tmp_path.iterdir()} == {"key"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--yes"], "--set api_key=… is needed: API key"),
        (["--yes", "--set", "api_key"], "--set api_key: write it as NAME=VALUE"),
        (["--yes", "--secret", "api_key=nowhere"], "--secret nowhere: cannot be read"),
        (["--yes", "--connector", "calcon"], "'calcon' is none of"),
        (["--yes", "--enforcement", "watch"], "'watch' is neither observe nor enforce"),
        (["Desk", "--yes"], "use lower-case letters"),
    ],
)
def test_what_a_script_forgets_is_named(
    run: Run, tmp_path: Path, options: list[str], said: str
) -> None:
    connector = [] if "--connector" in options else ["--connector", "calcom"]
    done = run("connect", *options, *connector)
    assert done.code == 2
    assert said in done.err
    assert list(tmp_path.iterdir()) == []


def test_ids_that_the_platform_does_not_list_are_named_all_the_same(
    run: Run, told: list[str], tmp_path: Path
) -> None:
    more = ("--service", "77=cupping", "--host", "9=noa", "--question", "plan=plan")
    assert run("connect", *told, *more, "--no-take-in").code == 0
    [account] = load_settings(tmp_path / "massage-ins-bridge.toml", {}).accounts
    assert account.services["77"].service == "cupping"
    assert (account.practitioners["9"], account.form_fields["plan"]) == ("noa", "plan")


def test_without_an_address_the_webhook_waits(run: Run, told: list[str]) -> None:
    done = run("connect", *told[:-2], "--no-take-in")
    assert done.code == 0
    assert "run this again with --public-url" in done.out


def test_an_address_that_the_platform_does_not_reach(run: Run, told: list[str]) -> None:
    with Simulator("--api-key", KEY) as strict:
        options = [part.replace(told[3], f"base_url={strict.url}") for part in told]
        done = run("connect", *options)
    assert done.code == 1
    assert "only HTTPS URLs to public hosts are permitted" in done.err


def test_the_first_delivery_is_waited_for(
    run: Run, platform: Simulator, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "WATCH_SECONDS", 0.05)
    done = run("connect", *told, "--wait", "0.1")
    assert "None came so far; run this again to wait." in done.out
    with serving(tmp_path) as address:
        platform.control("POST", "settings", webhook_url=f"{address}/webhooks/front-desk")
        platform.control("POST", "ping")
        options = [*told[:-2], "--public-url", address]
        done = run("connect", *options, "--wait", "20")
    assert done.code == 0
    assert "The first delivery came." in done.out or "Deliveries come" in done.out
    assert "front-desk: all bookings were taken in" in done.out


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The service over the settings that stand in the folder."""
    log = folder / "serve.log"
    options = [sys.executable, "-m", "massage_ins_bridge.cli.main", "serve", "--port", "0"]
    with log.open("w") as out, subprocess.Popen(options, cwd=folder, stderr=out) as process:
        try:
            until(lambda: "listens on " in log.read_text() or process.poll() is not None)
            yield log.read_text().partition("listens on ")[2].split()[0]
        finally:
            end(process)


def test_a_secret_that_is_needed_is_made(run: Run, tmp_path: Path) -> None:
    """And said to stand where it does: on this platform a person enters it."""
    (tmp_path / "decisions").write_text(connecting.new_secret(), encoding="utf-8")
    options = ("--set", "base_url=https://platform.example/in", "--secret", "api_key=decisions")
    named = ("--service", "massage=medical-massage", "--public-url", "https://bridge.example")
    done = run("connect", "door", "--yes", "--connector", "webhook", *options, *named)
    assert (done.code, done.err) == (0, "")
    assert "have deliveries sent to https://bridge.example/webhooks/door" in done.out
    [account] = load_settings(tmp_path / "massage-ins-bridge.toml", {}).accounts
    assert account.webhook_secret.get_secret_value().startswith("whsec_")
    assert str(tmp_path / "door-webhook_secret") in done.out
