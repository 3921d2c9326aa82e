"""In which network the clinic is: the narrowest entry that fits, in whatever order they stand."""

from datetime import date
from itertools import permutations

import pytest

from massage_ins_bridge.domain.clinic import Clinic, NetworkSpan, Practitioner
from massage_ins_bridge.domain.facts import Coverage
from massage_ins_bridge.domain.payer import Payer, PayerIndex
from massage_ins_bridge.gate.network import Whose, network_on

DAY = date(2026, 12, 8)
CIGNA = Payer("cigna", "Cigna", "out-of-network")
ANN, BO = Practitioner("ann"), Practitioner("bo")
OUT = NetworkSpan("out")
IN_ANN = NetworkSpan("in", practitioners=("ann",))
OUT_PLAN = NetworkSpan("out", plans=("Open  PPO",))
IN_BOTH = NetworkSpan("in", practitioners=("bo",), plans=("open ppo",))
PPO = Coverage(plan="Open PPO")

#: entries, practitioner, coverage, status
STATUS: dict[str, tuple[tuple[NetworkSpan, ...], str | None, Coverage | None, str | None]] = {
    "no entry": ((), None, None, None),
    "for all": ((OUT,), "ann", PPO, "out"),
    "a practitioner before all": ((OUT, IN_ANN), "ann", None, "in"),
    "not that practitioner": ((OUT, IN_ANN), "bo", None, "out"),
    "a practitioner before a plan": ((OUT_PLAN, IN_ANN, OUT), "ann", PPO, "in"),
    "a plan before all": ((NetworkSpan("in"), OUT_PLAN), "bo", PPO, "out"),
    "both before a practitioner": (
        (NetworkSpan("out", practitioners=("bo",)), IN_BOTH, OUT),
        *("bo", PPO, "in"),
    ),
    "nobody named, they differ": ((OUT, IN_ANN), None, PPO, None),
    "nobody named, they agree": ((NetworkSpan("in"), IN_ANN), None, PPO, "in"),
    "nobody named, and those of the plan agree": (
        (NetworkSpan("out", plans=("Other",)), NetworkSpan("in"), IN_ANN),
        *(None, PPO, "in"),
    ),
    "no plan on file, they differ": ((NetworkSpan("in"), OUT_PLAN), "ann", None, None),
    "equally narrow, they differ": (
        (IN_ANN, NetworkSpan("out", practitioners=("ann",))),
        *("ann", None, None),
    ),
    "not listed": ((OUT,), "cy", None, None),
    "another day": ((NetworkSpan("in", to=date(2026, 12, 7)), OUT), "ann", None, "out"),
    "of no status": ((NetworkSpan(),), "ann", None, None),
}


@pytest.mark.parametrize("name", STATUS)
def test_the_narrowest_entry_decides(name: str) -> None:
    spans, practitioner, coverage, status = STATUS[name]
    whose, payers = Whose(practitioner, coverage), PayerIndex([CIGNA])
    for order in permutations(spans):
        clinic = Clinic(network={"cigna": order}, practitioners=(ANN, BO))
        assert network_on(clinic, CIGNA, DAY, payers, whose) == status
