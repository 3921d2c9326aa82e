"""A decision in plain words: why, and how to cure it."""

from dataclasses import replace

from massage_ins_bridge.cli.decision_text import in_words
from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.testing.requests import Json, chart_of, days, request, visits


def said(made: Json) -> str:
    """The words on one line."""
    return " ".join(in_words(installed_host().decide(chart_of(made))).split())


def test_plain_words_say_why_and_how_to_cure_it() -> None:
    changes = {"coverages.0.plan": "UMP", "coverages.0.staff_confirmed": False}
    made = request("regence", prescriptions=[], **changes)
    lines = in_words(installed_host().decide(chart_of(made))).splitlines()
    assert lines[0].startswith("HOLD")
    assert max(map(len, lines)) <= 96
    for part in (
        "Billed: regence (the clinic sends the claim)",
        "Visit: number 1 of the episode or claim",
        "Rules as of December 8, 2026 HOLDS prescription: No prescription is on file.",
        "last day: December 4, 2026 rule: RX-05 (",
        "RX-05 (A massage clinic's page on medical massage, read on 2019-07-27)",
        "To do: - ",
    ):
        assert part in said(made)
    assert "self-pay" not in said(made).casefold()


def test_the_one_cause_comes_first() -> None:
    """Block before hold, then the earlier last day, then the order of the keys."""
    rejected = {"coverages.0.claim.status": "rejected", "patient.intake_received": False}
    made = said(request("lni", **rejected))
    assert made.index("BLOCKS claim:") < made.index("HOLDS intake:")
    dated = {"booking.injury": "auto", "clinic.network": {}, "patient.intake_received": False}
    made = said(request("regence", prescriptions=[], **dated))
    places = [made.index(f"HOLDS {k}:") for k in ("intake", "prescription", "coordination")]
    assert places == sorted(places)


def test_a_doubtful_waiver_waives_nothing() -> None:
    changes = {"coverages.0.plan": "Regence Kent Fire", "coverages.0.funding": "self_insured"}
    made = said(request("regence", visits=visits("regence", "2026-11-10"), **changes))
    assert "in doubt prior-authorization: “Regence Kent Fire” may be an exempt plan" in made
    assert "waived" not in made
    sure = said(request("regence", **{"coverages.0.plan": "Kent Fire"}))
    assert "waived prior-authorization: “Kent Fire” is on a list of exempt plans." in sure


def test_a_primary_payer_is_named_where_it_asks() -> None:
    second = {"coverages.0.position": "secondary", "clinic.network.premera": [{"status": "in"}]}
    primary = {"payer": "premera", "position": "primary", "staff_confirmed": True}
    made = request("regence", visits=visits("premera", *days(6)), **second)
    made["coverages"].append(primary | {"funding": "fully_insured"})
    assert "HOLDS prior-authorization (of premera, which pays first): " in said(made)


def test_how_sure_a_doubtful_source_is() -> None:
    assert "read on 2026-11-25; told by a secondary page)" in said(request("medicare"))


def test_a_link_stays_one_word() -> None:
    """However long it is: a part of it leads nowhere."""
    decision = installed_host().decide(chart_of(request("lni")))
    source = next(r.source for r in decision.requirements if r.source.href)
    link = "https://www.example.com/" + "a-long-way-" * 12
    item = replace(decision.requirements[0], effect="warn", source=replace(source, href=link))
    assert link in in_words(replace(decision, requirements=(item,)))
