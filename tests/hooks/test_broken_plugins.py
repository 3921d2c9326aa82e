"""Broken plugins as they are met: installed distributions. None frees a booking, none cancels
one, none silences another, and none stops the process."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.hooks.distributions import VERSION, assert_held_for, decide, failures, install

from massage_ins_bridge.testing.requests import request, requirement

pytestmark = pytest.mark.slow  # processes of their own, or a whole service

#: What a broken plugin does, and what the reason must say. ``{name}`` is the plugin's own name.
BROKEN = {
    "raises": (
        "@hookimpl\ndef on_booking(case):\n    raise ValueError(case.patient.name)\n",
        ["ValueError", "__init__.py"],
    ),
    "exits": ("@hookimpl\ndef on_booking(case):\n    sys.exit(0)\n", ["SystemExit"]),
    "interrupts": (
        "@hookimpl\ndef on_booking(case):\n    raise KeyboardInterrupt\n",
        ["KeyboardInterrupt"],
    ),
    "answers-text": ('@hookimpl\ndef on_booking(case):\n    return "allow"\n', ["str", "Answer"]),
    "answers-list": ("@hookimpl\ndef on_booking(case):\n    return [1]\n", ["list", "Answer"]),
    "speaks-for-another": (
        (
            "@hookimpl\ndef on_booking(case):\n"
            '    return Answer((note("prior-authorization", "regence"),))\n'
        ),
        ["in the name of 'regence'"],
    ),
    "waives-for-another": (
        (
            "@hookimpl\ndef on_booking(case):\n    return Answer(waivers=("
            'Waiver("prior-authorization", "EX-01", "uniform", "firm", "So.", "a test"),))\n'
        ),
        ["in the name of 'uniform'"],
    ),
    "foreign-key": (
        (
            "@hookimpl\ndef on_booking(case):\n"
            '    return Answer((note("regence.mood", "foreign-key"),))\n'
        ),
        ["'regence.mood'", "'foreign-key.'"],
    ),
    "import-error": ("import no_such_module_anywhere\n", ["imported", "ModuleNotFoundError"]),
    "syntax-error": ("def on_booking(:\n", ["imported", "SyntaxError"]),
    "exit-on-import": ('sys.exit("goodbye")\n', ["imported", "SystemExit"]),
    "system-exit": ("raise SystemExit(3)\n", ["imported", "SystemExit"]),
    "misspelt": ("@hookimpl\ndef on_bookin(case): ...\n", ["'on_bookin'", "'on_booking'"]),
    "answers-twice": (
        (
            "@hookimpl\ndef on_booking(case): ...\n"
            '@hookimpl(specname="on_booking")\ndef on_booking_too(case): ...\n'
        ),
        ["more than once", "on_booking and on_booking_too"],
    ),
    "wrong-arguments": ("@hookimpl\ndef on_booking(kase): ...\n", ["hooks do not fit", "kase"]),
    "payers-raise": ("@hookimpl\ndef payers():\n    raise OSError('x')\n", ["payers()", "OSError"]),
    "payers-invalid": ("@hookimpl\ndef payers():\n    return 7\n", ["payers()"]),
    "rules-raise": ("@hookimpl\ndef rules():\n    raise KeyError('x')\n", ["rules()", "KeyError"]),
    "rules-invalid": ("@hookimpl\ndef rules():\n    return {}\n", ["rules()", "RuleBook"]),
}
HANGS = {
    "hangs": ("@hookimpl\ndef on_booking(case):\n    time.sleep(3600)\n", ["0.2 s"]),
    "spins": ("@hookimpl\ndef on_booking(case):\n    while True: pass\n", ["0.2 s"]),
    "hangs-on-import": ("time.sleep(3600)\n", ["imported", "1 s"]),
    "payers-hang": ("@hookimpl\ndef payers():\n    time.sleep(3600)\n", ["payers()", "1 s"]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plugin_holds_and_is_named(name: str, tmp_path: Path) -> None:
    code, words = BROKEN[name]
    install(tmp_path, name, code)
    run = decide(tmp_path, request("regence"), request("regence", **{"booking.self_pay": True}))
    insured, self_paid = run.decisions
    assert_held_for(insured, name, *words)
    assert failures(insured).keys() == {name}
    assert self_paid["outcome"] == "allow"
    assert not self_paid["requirements"]
    assert run.plugins[name][0]["version"] == VERSION


@pytest.mark.parametrize("name", HANGS)
def test_a_hanging_plugin_costs_its_time_once_and_the_process_ends(
    name: str, tmp_path: Path
) -> None:
    code, words = HANGS[name]
    install(tmp_path, name, code)
    insured = request("regence")
    run = decide(tmp_path, insured, insured, insured, time_limit=0.2)
    for decision in run.decisions:
        assert_held_for(decision, name, *words)
    assert max(run.waits[1:]) < 0.2
    assert run.seconds < 20


def test_a_block_is_held_too_while_a_plugin_fails(tmp_path: Path) -> None:
    install(tmp_path, "raises", BROKEN["raises"][0])
    blocked = request("regence", **{"prescriptions.0.purpose": "maintenance"})
    (decision,) = decide(tmp_path, blocked).decisions
    assert decision["outcome"] == "hold"
    shown = requirement(decision, "medical-necessity")
    assert shown is not None
    assert shown["effect"] == "block"


def test_all_broken_plugins_at_once_are_each_named(tmp_path: Path) -> None:
    for name, (code, _) in (BROKEN | HANGS).items():
        if name != "spins":  # it would take the processor from the others
            install(tmp_path, name, code)
    run = decide(tmp_path, request("regence"), request("lni"), time_limit=1)
    expected = (BROKEN | HANGS).keys() - {"spins"}
    for decision in run.decisions:
        assert failures(decision).keys() == expected
        assert decision["outcome"] == "hold"


def test_two_plugins_of_one_name_hold(tmp_path: Path) -> None:
    for distribution in ("one", "two"):
        body = "@hookimpl\ndef on_booking(case): ...\n"
        install(tmp_path, "twin", body, distribution=distribution)
    run = decide(tmp_path, request("regence"))
    assert_held_for(run.decisions[0], "twin", "same name")
    assert [item["failure"] is None for item in run.plugins["twin"]] == [True, False]


def test_a_second_plugin_cannot_take_the_place_of_an_installed_one(tmp_path: Path) -> None:
    install(tmp_path, "regence", "@hookimpl\ndef on_booking(case): ...\n", distribution="impostor")
    (decision,) = decide(tmp_path, request("regence")).decisions
    assert decision["outcome"] == "hold"
    assert "same name" in failures(decision)["regence"]


def test_a_disabled_plugin_is_not_even_imported(tmp_path: Path) -> None:
    install(tmp_path, "exit-on-import", BROKEN["exit-on-import"][0])
    run = decide(tmp_path, request("regence"), disabled=["exit-on-import"])
    assert run.decisions[0]["outcome"] == "allow"
    (found,) = run.plugins["exit-on-import"]
    assert found["disabled"]
    assert found["failure"] is None


def test_a_disabled_payer_is_served_no_more(tmp_path: Path) -> None:
    run = decide(tmp_path, request("lni"), disabled=["lni"])
    (decision,) = run.decisions
    assert decision["outcome"] == "hold"
    coverage = requirement(decision, "coverage")
    assert coverage is not None
    assert coverage["status"] == "unknown"
    assert not failures(decision)


def test_a_sound_plugin_from_outside_is_heard(tmp_path: Path) -> None:
    code = '@hookimpl\ndef on_booking(case):\n    return Answer((note("sound.mood", "sound"),))\n'
    install(tmp_path, "sound", code)
    (decision,) = decide(tmp_path, request("regence")).decisions
    assert decision["outcome"] == "allow"
    found = requirement(decision, "sound.mood")
    assert found is not None
    assert found["plugin"] == "sound"


def test_a_plugin_of_one_payer_fails_for_that_payer_alone(tmp_path: Path) -> None:
    code = '@hookimpl\ndef payers():\n    return ["regence"]\n' + BROKEN["raises"][0]
    install(tmp_path, "picky", code)
    ours, others = decide(tmp_path, request("regence"), request("cigna")).decisions
    assert failures(ours).keys() == {"picky"}
    assert not failures(others)
    assert others["outcome"] == "allow"
