"""A decision in plain words: why, and how to cure it."""

from massage_ins_bridge.cli.words import in_words
from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.testing.requests import chart_of, request


def test_plain_words_say_why_and_how_to_cure_it() -> None:
    changes = {"coverages.0.plan": "UMP", "coverages.0.staff_confirmed": False}
    made = request("regence", prescriptions=[], **changes)
    lines = in_words(installed_host().decide(chart_of(made))).splitlines()
    said = " ".join(" ".join(lines).split())
    assert lines[0].startswith("HOLD")
    assert max(map(len, lines)) <= 96
    for part in (
        "Billed: regence (the clinic sends the claim)",
        "Visit: number 1 of the episode or claim",
        "HOLDS prescription: No prescription is on file; it is due by 2026-12-04. cure: ",
        *("due: 2026-12-04 rule: RX-05 (", "waived prior-authorization: ", "To do: - Confirm "),
        "The client may be offered to pay for the visit themselves.",
    ):
        assert part in said
