"""``rules``: those of a day or of a payer, one explained, and what is to be read again."""

import pytest
from tests.cli.conftest import Run

from massage_ins_bridge.cli import rules


def ids(run: Run, *arguments: str) -> set[str]:
    return {rule["id"] for rule in run("rules", *arguments, "--json").json}


def test_rules_of_a_day(run: Run) -> None:
    early, late = (ids(run, "wa-law", "--on", f"2018-06-0{day}") for day in (6, 7))
    both = {"LAW-00", "LAW-01"}
    assert (early & both, late & both) == ({"LAW-00"}, {"LAW-01"})
    assert {"REG-03", "EX-07", "LNI-05", "PIP-03"} <= ids(run, "--on", "2026-11-22")


def test_rules_of_a_payer_by_any_of_its_names(run: Run) -> None:
    assert "KPW-01" in ids(run, "Group Health")
    done = run("rules", "regenc")
    assert done.code == 2
    assert "did you mean 'regence'?" in done.err


def test_review_tells_what_is_overdue(run: Run) -> None:
    """As a lint does, by its exit code; by rule, with what it was read in and both days."""
    before = run("rules", "review", "--on", "2017-08-01")
    assert before.code == 0
    assert "Nothing is overdue for review; the next is due by 2017-08-01." in before.out
    late = run("rules", "review", "--on", "2017-08-02", "--json")
    assert late.code == 1
    (rule,) = (rule for rule in late.json if rule["id"] == "REG-03")
    assert rule["source"] == {
        "title": "A massage therapist's page on Regence and prior authorization",
        "href": None,
        "read_on": "2017-05-03",
        "sure": "read",
    }
    assert (rule["review_by"], rule["overdue"]) == ("2017-08-01", True)
    assert {rule["source"]["title"] for rule in late.json} == {rule["source"]["title"]}
    shown = run("rules", "review", "--on", "2017-08-02").out
    for word in ("REG-03", "therapist", "2017-05-03", "2017-08-01"):
        assert word in shown, word


def test_review_looks_ahead(run: Run) -> None:
    """What is due within some days is listed and fails nothing."""
    soon = run("rules", "review", "--on", "2017-07-20", "--within", "30", "--json")
    assert (soon.code, bool(soon.json)) == (0, True)
    assert not any(rule["overdue"] for rule in soon.json)
    none = run("rules", "review", "--on", "2017-07-01", "--within", "30")
    assert "Nothing is overdue for review within 30 days" in none.out


def test_the_rules_of_a_day_show_source_link_and_what_is_overdue(run: Run) -> None:
    rules = {rule["id"]: rule for rule in run("rules", "--json").json}
    assert rules["REG-03"]["overdue"]
    assert rules["LNI-03"]["source"]["href"].startswith("https://app.leg.wa.gov/")
    shown = "".join(run("rules", "regence").out.split())
    assert "2017-08-01" in shown
    assert "(overdue)" in shown


def test_explain_one_rule(run: Run) -> None:
    said = run("rules", "explain", "lni-08").out
    assert "112.09" in said
    assert "look it up" in said
    cited = run("rules", "explain", "REG-03").out
    for words in ("read on 2017-05-03", "“within 7 days after your 1st visit”", "(overdue)"):
        assert words in cited
    assert "how sure: read in the source itself" in cited
    assert "https://app.leg.wa.gov/" in run("rules", "explain", "LNI-03").out
    missing = run("rules", "explain", "REG-33")
    assert missing.code == 2
    assert "REG-03" in missing.err


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_ids_are_whole_however_narrow_the_screen_is(
    run: Run, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setattr(rules, "width", lambda: int(columns))
    for which in (("regence",), ("review", "--on", "2030-01-01")):
        listed, shown = run("rules", *which, "--json").json, run("rules", *which).out
        assert {rule["id"] for rule in listed} <= set(shown.split()), which
    assert max(map(len, run("rules", "regence").out.splitlines())) <= max(int(columns), 100)
