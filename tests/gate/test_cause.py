"""The one cause: block before hold, then the earlier day, then the order of the keys."""

from dataclasses import replace
from datetime import date

from massage_ins_bridge.domain.answers import Cost, Requirement
from massage_ins_bridge.domain.source import Source
from massage_ins_bridge.gate.cause import by_weight, the_cause


def asked(key: str, effect: Cost, due: date | None = None) -> Requirement:
    return Requirement(key, "unmet", effect, "T-1", "test", "", "", "", Source("Test"), due)


LATER, SOONER = date(2026, 12, 5), date(2026, 12, 4)
FOUND = [
    asked("claim", "block"),
    asked("benefit", "hold", SOONER),
    asked("intake", "hold", LATER),
    asked("prescription", "hold", LATER),
    asked("coverage", "hold"),
    asked("network", "hold"),
    asked("cost-share", "warn", SOONER),
]


def test_the_order_in_which_causes_are_told() -> None:
    assert sorted([*FOUND[3:], *FOUND[:3]], key=by_weight) == FOUND


def test_the_cause_of_an_outcome() -> None:
    assert the_cause(FOUND, "block") == FOUND[0]
    assert the_cause(FOUND, "hold") == FOUND[1]
    assert the_cause(FOUND, "allow") is None
    other = replace(FOUND[4], payer="premera")
    assert the_cause([other, FOUND[4]], "hold") == FOUND[4]
