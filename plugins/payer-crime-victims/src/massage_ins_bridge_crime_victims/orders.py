"""``prescription.prescriber``: whether the attending provider ordered the care (CVC-02)."""

from __future__ import annotations

import re

from massage_ins_bridge.api import Action, Case, Finding, Prescriber, Prescription, Requirement

from .claim import claim_of

KEY = "prescription.prescriber"
ASK = "Get the order from the attending provider, or record who attends the client now."
Found = tuple[list[Requirement], list[Action]]


def ordered(case: Case) -> Found:
    """The prescription that serves the booking, by its signer."""
    rx = case.prescription
    if rx is None or rx.staff_confirmed is not True:
        return [], []
    rule, same = case.rules["CVC-02"], _same(case, rx)
    if same is True:
        return [rule.met(KEY, "The attending provider ordered the care.")], []
    if not _is_known(case):
        text = "As far as we know, the attending provider must order it. Nobody is on file as such."
        return [rule.advised(KEY, text, "Ask the program who attends, and record it.")], []
    client = "The claim asks for an order by the provider who attends you. Please ask them for one."
    if same is None:
        text = "Prescriber and attending provider cannot be compared, and may be two people."
        return [rule.unknown(KEY, text, ASK, "We are checking the details of your provider.")], []
    text = "The prescriber is not the claim's attending provider. It may not be paid for."
    return [rule.unmet(KEY, "hold", text, ASK, client)], []


def orders_of(case: Case, rx: Prescription) -> tuple[Finding, ...]:
    """The same of a document that came in; nothing where nobody is on file to compare with."""
    if not _is_known(case):
        return ()
    rule, same = case.rules["CVC-02"], _same(case, rx)
    if same is True:
        return (rule.finding(KEY, "met", "The attending provider signed it."),)
    if same is None:
        text = "It cannot be compared with the attending provider, who may have to sign it."
        return (rule.finding(KEY, "unknown", text, ASK),)
    text = "As far as we know, the attending provider must sign it. Another one did."
    return (rule.finding(KEY, "unmet", text, ASK),)


def _is_known(case: Case) -> bool:
    known = claim_of(case).attending
    return known is not None and bool(known.npi or known.name)


def _same(case: Case, rx: Prescription) -> bool | None:
    """Whether signer and attending provider are one, an assistant as good as they; ``None`` where
    nothing can be compared."""
    who, known = rx.prescriber or Prescriber(), claim_of(case).attending
    words = set(re.split(r"[^A-Z]+", (who.credential or "").upper().replace(".", "")))
    if words & set(case.rules["CVC-02"].values["assistants"]):
        return True
    if known is None:
        return None
    pairs = ((known.npi, who.npi), (known.name, who.name))
    return next((_plain(a) == _plain(b) for a, b in pairs if a and b), None)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split())
