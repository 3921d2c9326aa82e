"""The simulated Cal.com by itself: its command, its controls, its journal and its webhooks."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from massage_ins_bridge_calcom_simulator.command import main
from massage_ins_bridge_calcom_simulator.faults import Limiter
from massage_ins_bridge_calcom_simulator.testing import Mailbox, Simulator
from massage_ins_bridge_calcom_simulator.ways import WAYS

KEY = "cal_test_key"
API = {"authorization": f"Bearer {KEY}", "cal-api-version": "2024-08-13"}


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("simulator") / "journal.jsonl"


@pytest.fixture(scope="module")
def simulator(journal: Path) -> Iterator[Simulator]:
    with Simulator("--api-key", KEY, "--secret", "whsec", "--journal", str(journal)) as made:
        yield made


@pytest.fixture
def mailbox(simulator: Simulator) -> Iterator[Mailbox]:
    with Mailbox(simulator) as box:
        yield box


SCRIPT = [str(Path(sys.executable).with_name("calcom-simulator"))]
MODULE = [sys.executable, "-m", "massage_ins_bridge_calcom_simulator"]


@pytest.mark.slow
@pytest.mark.parametrize("command", [SCRIPT, MODULE], ids=["command", "module"])
def test_the_command_says_where_it_listens_and_ends_when_told(command: list[str]) -> None:
    options = ["--api-key", KEY, "--event-type", "7:cupping:30:instant"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        shown = httpx.get(f"{said['url']}/_standin/", trust_env=False, timeout=60).json()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) in (0, -signal.SIGTERM)
    assert (said["standin"], said["pid"]) == ("calcom", process.pid)
    assert shown["event_types"] == [{"id": 7, "slug": "cupping", "requires_confirmation": False}]


def test_a_target_that_is_down_loses_no_webhook_when_told(
    simulator: Simulator, mailbox: Mailbox
) -> None:
    simulator.control("POST", "settings", retry_for=60)
    mailbox.refusals.extend([503] * 3)
    uid = simulator.book()
    mailbox.wait_for("BOOKING_REQUESTED", uid)
    simulator.settle()
    results = [entry["result"] for entry in simulator.journal(kind="webhook", uid=uid)]
    assert results == [503, 503, 503, 202]
    assert len({(d.raw, d.headers["x-cal-signature-256"]) for d in mailbox.arrived}) == 1


def test_a_webhook_can_be_sent_again_as_it_was(simulator: Simulator, mailbox: Mailbox) -> None:
    uid = simulator.book()
    first = mailbox.wait_for("BOOKING_REQUESTED", uid)
    mailbox.arrived.clear()
    simulator.control("POST", "webhooks/resend", uid=uid)
    again = mailbox.wait_for("BOOKING_REQUESTED", uid)
    signature = "x-cal-signature-256"
    assert (again.raw, again.headers[signature]) == (first.raw, first.headers[signature])


def test_the_journal_on_disk_holds_all_and_no_one(simulator: Simulator, journal: Path) -> None:
    uid = simulator.book(name="Grace Hopper", email="grace@example.com")
    simulator.catch_up()
    simulator.http.post(f"/v2/bookings/{uid}/confirm", headers=API).raise_for_status()
    text = journal.read_text("utf-8")
    entries = [json.loads(line) for line in text.splitlines()]
    assert [e["seq"] for e in entries] == list(range(1, len(entries) + 1))
    changes = [e for e in entries if e["kind"] == "change" and e["uid"] == uid]
    assert [e["to"] for e in changes] == ["pending", "accepted"]
    assert "race" not in text.lower().replace("trace", "")


def test_the_platform_limits_calls_when_told() -> None:
    limiter = Limiter(2)
    assert [limiter.take()[0] for _ in range(3)] == [True, True, False]
    assert limiter.take()[1]["X-RateLimit-Remaining-Default"] == "0"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("bookings", {"start": "soon"}),
        ("bookings", {"start": "2026-12-08T10:00:00-08:00", "event_type": 1}),
        ("bookings", {"begin": "2026-12-08T10:00:00-08:00"}),
        ("bookings/none/cancel", {}),
        ("faults", {"kind": "earthquake"}),
        ("settings", {"webhook": "x"}),
        ("settings", {"triggers": ["BOOKING_EATEN"]}),
    ],
)
def test_controls_refuse_what_they_do_not_know(
    simulator: Simulator, path: str, body: dict[str, object]
) -> None:
    answer = simulator.http.post(f"/_standin/{path}", json=body)
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(("option", "code"), [(["--unlike", "list"], None), (["--help"], 0)])
def test_the_ways_are_told_with_their_files(
    capsys: pytest.CaptureFixture[str], option: list[str], code: int | None
) -> None:
    if code is None:
        main(option)
    else:
        with pytest.raises(SystemExit) as ended:
            main(option)
        assert ended.value.code == code
    told = capsys.readouterr().out
    assert all(way.name in told and way.file in told for way in WAYS.values())


def test_a_way_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--api-key", "x", "--unlike", "requested-plane"])
    assert "requested-plain" in capsys.readouterr().err


def test_the_readme_names_every_way() -> None:
    text = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    assert all(f"| `{way.name}` | {way.does} |" in text for way in WAYS.values())
