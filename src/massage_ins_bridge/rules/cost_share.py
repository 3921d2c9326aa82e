"""What the client pays as their own share, known and acknowledged (NET-12)."""

from __future__ import annotations

from ..api import Case, CostShare, Requirement


def cost_share(case: Case) -> Requirement | None:
    """``cost-share``: whether it is known and the client acknowledged it; it only warns."""
    if case.payer is None or not case.payer.health_plan:
        return None
    rule = case.rules["NET-12"]
    share = case.coverage.cost_share if case.coverage else None
    amounts = _amounts(share) if share else ""
    acknowledged = case.patient.acknowledged_on is not None
    if amounts and acknowledged:
        return rule.met("cost-share", f"Known and acknowledged: {amounts}.")
    missing = [] if amounts else ["what share of the cost the client pays"]
    if not acknowledged:
        missing.append("that the client knows of it")
    return rule.unknown(
        "cost-share",
        f"Not on file: {' and '.join(missing)}.",
        "Ask the client to find out, and to say that they know it.",
        "Please find out your own share of the cost under your plan, and tell us.",
        effect="warn",
    )


def _amounts(share: CostShare) -> str:
    """The share that the client pays, as far as it is known; empty where nothing of it is."""
    said = []
    if share.copay is not None:
        said.append(f"copay {share.copay} dollars")
    if share.coinsurance_percent is not None:
        said.append(f"coinsurance {share.coinsurance_percent} percent")
    if share.deductible is not None:
        said.append(f"deductible {share.deductible} dollars")
    if said and share.deductible_met is not None:
        said.append(f"{share.deductible_met} dollars of it met")
    return ", ".join(said)
