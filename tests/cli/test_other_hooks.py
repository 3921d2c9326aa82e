"""``check --visit-complete`` and ``check --upload``: what the other two hooks say."""

from datetime import date
from typing import Any

import pytest
from tests.cli.conftest import Run, Text
from tests.hooks.doubles import Point, plugin

from massage_ins_bridge.api import ALL_PAYERS, Action
from massage_ins_bridge.hooks import host as host_module
from massage_ins_bridge.hooks.loading import installed

SELF = {"coverages.0.funding": "self_insured"}
#: A second paper, and a first one that nobody signed.
PAPERS = {
    "prescriptions.1": {
        "id": "rx2",
        "signed": True,
        "staff_confirmed": True,
        "signed_on": "2026-11-02",
    }
}
UNSIGNED = {"prescriptions.0.signed": False}


def every() -> list[str]:
    return [ALL_PAYERS]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin that fails, and whose error holds what it was working on."""

    def on_visit_complete(case: Any) -> Any:
        raise ValueError(case.patient.name)

    hooks = plugin(payers=every, on_visit_complete=on_visit_complete)
    points = (*installed(), Point("broken", hooks))
    monkeypatch.setattr(host_module, "installed", lambda: points)


def test_what_is_owed_after_the_visit(run: Run, text: Text) -> None:
    told = run("check", "-", "--visit-complete", "--json", input=text(**SELF)).json
    assert told.keys() == {"actions", "failed"}
    (due,) = [item["due"] for item in told["actions"] if item["kind"] == "request-authorization"]
    assert date.fromisoformat(due) > date(2026, 12, 8)
    done = run("check", "-", "--visit-complete", input=text(**SELF))
    assert done.code == 0
    assert "Owed after the visit:" in done.out
    assert f"(by {due}) [request-authorization; REG-03]" in " ".join(done.out.split())


def test_nothing_may_be_owed(run: Run, text: Text) -> None:
    done = run("check", "-", "--visit-complete", input=text(**{"booking.self_pay": True}))
    assert (done.code, done.out) == (0, "Nothing is owed after the visit.\n")


@pytest.mark.usefixtures("broken")
def test_a_plugin_that_fails_is_named_and_costs_the_exit_code(run: Run, text: Text) -> None:
    done = run("check", "-", "--visit-complete", input=text(**SELF))
    assert done.code == 3
    assert "The plugin 'broken' could not answer: it raised ValueError" in done.out
    assert "Owed after the visit" in done.out
    assert "Test Patient" not in done.out + done.err
    told = run("check", "-", "--visit-complete", "--json", input=text(**SELF)).json
    assert [item["plugin"] for item in told["failed"]] == ["broken"]


@pytest.mark.usefixtures("broken")
def test_the_authors_traceback_is_shown_on_demand(run: Run, text: Text) -> None:
    done = run("check", "-", "--visit-complete", "--traceback", input=text(**SELF))
    assert "ValueError: Test Patient" in done.err
    assert "test_other_hooks.py" in done.err
    assert "Traceback" not in done.out


def test_an_upload_is_that_of_the_first_prescription_or_the_one_named(run: Run, text: Text) -> None:
    given = text(**UNSIGNED, **PAPERS)
    first = run("check", "-", "--upload", "--json", input=given).json
    assert first["prescription"] == "rx1"
    stands = {item["field"]: item["status"] for item in first["findings"]}
    assert stands["prescription.signature"] == "unmet"
    second = run("check", "-", "--upload", "--prescription", "rx2", "--json", input=given).json
    stands = {item["field"]: item["status"] for item in second["findings"]}
    assert (second["prescription"], stands["prescription.signature"]) == ("rx2", "met")
    assert "prescription.signature" in second["may_cure"]


def test_an_upload_in_words(run: Run, text: Text) -> None:
    done = run("check", "-", "--upload", input=text(**UNSIGNED))
    assert done.code == 0
    for said in ("Prescription rx1, signed on 2026-10-29:", "prescription.signature is unmet: "):
        assert said in done.out
    assert "cure: " in done.out
    assert "May cure: " in done.out


@pytest.mark.parametrize(
    ("papers", "said"),
    [
        ([], "prescriptions: none is given, and --upload looks at one"),
        ([{"id": "a"}, {}], "prescriptions: none has the id 'rx9'; there are 'a', None"),
    ],
)
def test_a_prescription_that_is_not_there_is_one_line(
    run: Run, text: Text, papers: list[Any], said: str
) -> None:
    done = run("check", "-", "--upload", "--prescription", "rx9", input=text(prescriptions=papers))
    assert (done.code, done.out, done.err) == (2, "", f"massage-ins-bridge: {said}\n")


def test_a_declared_action_is_shown_by_its_label(
    run: Run, text: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.hooks.test_plugins_words import book

    def on_visit_complete() -> list[Action]:
        return [Action("trial.return-records", "T-2", "Do.")]

    hooks = plugin(rules=book, payers=every, on_visit_complete=on_visit_complete)
    points = (*installed(), Point("trial", hooks))
    monkeypatch.setattr(host_module, "installed", lambda: points)
    done = run("check", "-", "--visit-complete", input=text())
    assert "- Do. [trial.return-records, Return the records; T-2]" in done.out
