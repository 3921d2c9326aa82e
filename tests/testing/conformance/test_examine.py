"""Each kind of violation is found where it is, and the plugins of this repository have none."""

import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.testing.conformance import wrong

from massage_ins_bridge.gate.answer_days import Loading
from massage_ins_bridge.testing.conformance import in_time
from massage_ins_bridge.testing.conformance.again import asked_elsewhere
from massage_ins_bridge.testing.conformance.examine import examine, kinds_of
from massage_ins_bridge.testing.conformance.found import ASKED, Findings
from massage_ins_bridge.testing.conformance.subject import Subject, find_subject

ROOT = Path(__file__).parents[3]
PROJECTS = sorted(ROOT.glob("plugins/*/pyproject.toml"))
SHIPPED = {p.parent.name: p.parent for p in PROJECTS if "simulator" not in p.parent.name}
#: One request in so many is enough here.
EVERY = 7


@dataclass(frozen=True)
class Wrong:
    code: str
    rules: str = ""


CASES = {
    "impure": Wrong(wrong.IMPURE),
    "fickle": Wrong(wrong.FICKLE),
    "unjust": Wrong(wrong.UNJUST, wrong.UNJUST_RULES),
    "broken": Wrong("", wrong.BROKEN_RULES),
    "bridging": Wrong(wrong.CONNECTOR),
}


def found_in(findings: Findings) -> set[tuple[str, int, str]]:
    return {(v.file.name, v.line, v.asked) for v in findings.violations}


@pytest.mark.parametrize("name", CASES)
def test_what_is_marked_is_found_at_its_line_and_nothing_else(name: str, tmp_path: Path) -> None:
    file = wrong.written(tmp_path, name, CASES[name].code, CASES[name].rules)
    findings = examine(find_subject(str(file)), elsewhere=None, every=EVERY)
    beside = {"loads"} if name == "broken" else {"unasked"} if name != "unjust" else set()
    beside |= {"connector-tried"} if name == "bridging" else set()
    found = found_in(findings)
    assert wrong.marked(file) - found == set()
    assert {asked for _, _, asked in found - wrong.marked(file)} <= beside
    for violation in findings.violations:
        assert (violation.cure or ASKED[violation.asked].cure) in str(violation)


def test_what_differs_from_process_to_process_is_found(tmp_path: Path) -> None:
    """The order of a set: within one process it stays the same."""
    file = wrong.written(tmp_path, "scattered", wrong.SCATTERED)
    findings = examine(find_subject(str(file)), str(file), every=200)
    assert wrong.marked(file) == found_in(findings)


def test_a_plugin_that_does_not_load_passes_nothing(tmp_path: Path) -> None:
    """Neither what cannot be judged is well, nor is the line lost."""
    unmarked = wrong.written(tmp_path, "unmarked", wrong.UNMARKED)
    findings = examine(find_subject(str(unmarked)), elsewhere=None)
    (said,) = findings.of("loads")
    assert "'on_booking' is named like a hook and has no @hookimpl" in said
    line = unmarked.read_text(encoding="utf-8").partition("def on_booking")[0].count("\n") + 1
    assert f"unmarked.py:{line}: " in said
    assert kinds_of(findings) == ("loads", "rule-data"), "one line, and not one for each thing"
    (said,) = findings.of("unknown-frees")
    assert said == "unknown-frees: not judged: the plugin does not load"
    slip = wrong.written(tmp_path, "slip", "import nowhere_at_all\n")
    (said,) = examine(find_subject(str(slip)), elsewhere=None).of("loads")
    assert f"slip.py:{len(wrong.HEAD.splitlines()) + 1}: loads: it cannot be imported" in said


def test_one_that_takes_too_long_is_not_asked_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_time, "LIMIT", 1.0)  # until then it is asked, on a busy machine too
    file = wrong.written(tmp_path, "slow", wrong.SLOW)
    findings = examine(find_subject(str(file)), elsewhere=None)
    assert found_in(findings) == wrong.marked(file)
    assert kinds_of(findings)[-2:] == ("in-time", "rule-data")


def test_what_the_host_itself_loads_is_not_the_plugins_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The holidays, on a busy machine."""
    monkeypatch.setattr(in_time, "LIMIT", 0.02)
    monkeypatch.setattr(Loading, "going", True)
    with in_time.in_time():
        time.sleep(0.05)
    monkeypatch.setattr(Loading, "going", False)
    with pytest.raises(in_time.TooSlowError), in_time.in_time():
        time.sleep(0.05)


def test_the_limit_of_a_whole_test_stays() -> None:
    whole = signal.setitimer(signal.ITIMER_REAL, 60)
    try:
        with in_time.in_time():
            pass
        assert signal.getitimer(signal.ITIMER_REAL)[0] > in_time.LIMIT
    finally:
        signal.setitimer(signal.ITIMER_REAL, *whole)


def test_one_that_defines_a_payer_of_an_installed_one_is_told_so(tmp_path: Path) -> None:
    file = wrong.written(tmp_path, "rival", "")
    rules = file.with_suffix(".toml")
    text = rules.read_text(encoding="utf-8").replace('key = "rival"', 'key = "pip"')
    rules.write_text(text, encoding="utf-8")
    (said,) = examine(find_subject(str(file)), elsewhere=None).of("loads")
    assert "the payer 'pip' is defined by the plugins pip and rival" in said


def test_one_that_names_a_payer_of_nobody_is_told_so(tmp_path: Path) -> None:
    """By itself a stand-in would define it."""
    file = tmp_path / "beside.py"
    code = "@hookimpl\ndef payers():\n    return ['pip', 'primera']\n"
    file.write_text(f"from massage_ins_bridge.api import hookimpl\n\n\n{code}", encoding="utf-8")
    (said,) = examine(find_subject(str(file)), elsewhere=None).of("loads")
    told = "names the payer 'primera', which no installed plugin defines; did you mean 'premera'"
    assert told in said


def test_a_value_that_its_rule_has_not_is_named_with_its_own_cure(tmp_path: Path) -> None:
    code = "@hookimpl\ndef on_booking(case):\n    return case.rules['ODD-01'].values['visists']\n"
    file = wrong.written(tmp_path, "larch", code)
    said = " ".join(examine(find_subject(str(file)), elsewhere=None, every=40).of("raises"))
    assert "the rule 'ODD-01' has no value 'visists'; did you mean 'visits'" in said
    assert "give the rule that value in rules.toml" in said


@pytest.mark.parametrize("name", SHIPPED)
def test_the_plugins_of_this_repository_pass(name: str) -> None:
    subject = Subject(find_subject(name.partition("-")[2]).point, SHIPPED[name])
    findings = examine(subject, elsewhere=None, every=5 * EVERY)
    assert [one for asked in kinds_of(findings) for one in findings.of(asked)] == []


def test_another_process_answers_the_same() -> None:
    findings = examine(find_subject("pip"), "pip", elsewhere=asked_elsewhere, every=40)
    assert list(findings.of("same-again")) == []
