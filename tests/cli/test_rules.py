"""``rules``: those of a day or of a payer, one explained, and what is to be read again."""

from tests.cli.conftest import Run


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


def test_review_tells_what_is_due_and_overdue(run: Run) -> None:
    assert "Nothing is due" in run("rules", "review", "--on", "2026-11-22").out
    soon = run("rules", "review", "--on", "2027-02-01", "--json")
    assert (soon.code, bool(soon.json)) == (0, True)
    assert run("rules", "review", "--on", "2027-03-01", "--json").code == 1


def test_explain_one_rule(run: Run) -> None:
    said = run("rules", "explain", "lni-08").out
    assert "112.09" in said
    assert "look it up" in said
    missing = run("rules", "explain", "REG-33")
    assert missing.code == 2
    assert "REG-03" in missing.err
