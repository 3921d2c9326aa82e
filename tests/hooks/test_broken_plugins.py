"""Broken plugins as they are met: installed distributions. None frees a booking, none cancels
one, none silences another, and none stops the process."""

from pathlib import Path

import pytest
from tests.hooks.distributions import VERSION, assert_held_for, decide, failures, install

from massage_ins_bridge.testing.requests import request, requirement

pytestmark = pytest.mark.slow  # processes of their own, or a whole service

HOOK = "@hookimpl\ndef on_booking(case):\n    "
#: What a broken plugin does, and what the reason must say. ``test_loading`` and
#: ``test_validate_answers`` have the others, which need no process of their own.
BROKEN = {
    "raises": (f"{HOOK}raise ValueError(case.patient.name)\n", ["ValueError", "__init__.py"]),
    "exits": (f"{HOOK}sys.exit(0)\n", ["SystemExit"]),
    "interrupts": (f"{HOOK}raise KeyboardInterrupt\n", ["KeyboardInterrupt"]),
    "answers-text": (f'{HOOK}return "allow"\n', ["str", "Answer"]),
    "import-error": ("import no_such_module_anywhere\n", ["imported", "ModuleNotFoundError"]),
    "syntax-error": ("def on_booking(:\n", ["imported", "SyntaxError"]),
    "exit-on-import": ('sys.exit("goodbye")\n', ["imported", "SystemExit"]),
    "misspelt": ("@hookimpl\ndef on_bookin(case): ...\n", ["'on_bookin'", "'on_booking'"]),
}
HANGS = {
    "hangs": (f"{HOOK}time.sleep(3600)\n", ["1 s"]),
    "spins": (f"{HOOK}while True: pass\n", ["1 s"]),
    "hangs-on-import": ("time.sleep(3600)\n", ["imported", "5 s"]),
    "payers-hang": ("@hookimpl\ndef payers():\n    time.sleep(3600)\n", ["payers()", "5 s"]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plugin_holds_and_is_named(name: str, tmp_path: Path) -> None:
    code, words = BROKEN[name]
    install(tmp_path, name, code)
    run = decide(tmp_path, request("regence"), request("regence", **{"booking.self_pay": True}))
    insured, self_paid = run.decisions
    assert_held_for(insured, name, *words)
    assert failures(insured).keys() == {name}
    assert (self_paid["outcome"], self_paid["requirements"]) == ("allow", [])
    assert run.plugins[name][0]["version"] == VERSION


@pytest.mark.parametrize("name", HANGS)
def test_a_hanging_plugin_costs_its_time_once_and_all_ends(name: str, tmp_path: Path) -> None:
    code, words = HANGS[name]
    install(tmp_path, name, code)
    insured = request("regence")
    run = decide(tmp_path, insured, insured, insured, time_limit=1)
    for decision in run.decisions:
        assert_held_for(decision, name, *words)
    assert max(run.waits[1:]) < 1
    assert run.seconds < 20


def test_a_block_is_held_too_while_a_plugin_fails(tmp_path: Path) -> None:
    install(tmp_path, "raises", BROKEN["raises"][0])
    blocked = request("regence", **{"prescriptions.0.purpose": "maintenance"})
    (decision,) = decide(tmp_path, blocked).decisions
    shown = requirement(decision, "prescription.purpose") or {}
    assert (decision["outcome"], shown.get("effect")) == ("hold", "block")


def test_all_broken_plugins_at_once_are_each_named(tmp_path: Path) -> None:
    for name, (code, _) in (BROKEN | HANGS).items():
        if name != "spins":  # it would take the processor from the others
            install(tmp_path, name, code)
    run = decide(tmp_path, request("regence"), request("lni"), time_limit=1)
    expected = (BROKEN | HANGS).keys() - {"spins"}
    for decision in run.decisions:
        assert failures(decision).keys() == expected
        assert decision["outcome"] == "hold"


def test_a_sound_plugin_from_outside_is_heard(tmp_path: Path) -> None:
    install(tmp_path, "sound", f'{HOOK}return Answer((note("sound.mood", "sound"),))\n')
    (decision,) = decide(tmp_path, request("regence")).decisions
    found = requirement(decision, "sound.mood") or {}
    assert (decision["outcome"], found.get("plugin")) == ("allow", "sound")
