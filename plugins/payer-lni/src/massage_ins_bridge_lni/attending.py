"""``prescription.prescriber`` of an L&I booking: whether the attending provider ordered it
(LNI-01)."""

from __future__ import annotations

import re

from massage_ins_bridge.api import Case, Prescriber, Requirement

KEY = "prescription.prescriber"
ASSISTANT = frozenset({"PA", "PAC"})


def attending(case: Case) -> Requirement | None:
    """Whether the prescriber is the claim's attending provider, physician assistants aside."""
    rx = case.prescription
    if rx is None or rx.staff_confirmed is not True:
        return None
    rule, who = case.rules["LNI-01"], rx.prescriber or Prescriber()
    claim = case.coverage.claim if case.coverage else None
    known = claim.attending if claim else None
    if known is None or not (known.npi or known.name):
        text = "It is not on file who the attending provider is, so nobody can compare."
        return rule.advised(KEY, text, "Ask L&I who the attending provider is, and record it.")
    if _is_assistant(who.credential):
        return rule.met(KEY, "A physician assistant ordered the care, as they may.")
    pairs = ((known.npi, who.npi), (known.name, who.name))
    same = next((_plain(a) == _plain(b) for a, b in pairs if a and b), None)
    if same:
        return rule.met(KEY, "The attending provider ordered the care.")
    ask = "Get the order from the attending provider, or record who attends the client now."
    client = "L&I asks for an order by the provider who attends you. Please ask them for one."
    if same is None:
        text = "Prescriber and attending provider cannot be compared: a name or number is missing."
        return rule.unknown(KEY, text, ask, "We are checking the details of your provider.")
    text = "The prescriber is not the claim's attending provider."
    return rule.unmet(KEY, "hold", text, ask, client)


def _is_assistant(credential: str | None) -> bool:
    words = re.split(r"[^A-Z]+", (credential or "").upper().replace(".", ""))
    return bool(ASSISTANT & set(words))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split())
