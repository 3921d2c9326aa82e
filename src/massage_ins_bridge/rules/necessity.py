"""Medical necessity: what the care is for (DX-02), and the payer's own test of it (REG-08)."""

from __future__ import annotations

from ..api import Case, Prescription, Requirement, Rule

KEY = "medical-necessity"
PATIENT = (
    "Insurance pays only for medically necessary massage. You are welcome to pay for the visit "
    "yourself, or call us about your prescription."
)


def necessity(case: Case, rx: Prescription) -> list[Requirement]:
    """``medical-necessity`` by the purpose, and again by the payer's own rule where it has one."""
    found = [_purpose(case, rx)]
    payer = case.payer
    rule = case.payer_rule(payer.necessity_rule) if payer else None
    if payer is not None and rule is not None:
        definition = case.payer_rule(payer.necessity_definition_rule)
        found.append(_pain_and_function(payer.name, rule, definition, rx))
    return found


def _purpose(case: Case, rx: Prescription) -> Requirement:
    rule = case.rules["DX-02"]
    if rx.purpose == "rehabilitation":
        return rule.met(KEY, "The prescription is for rehabilitation.")
    if rx.purpose is None:
        return rule.unknown(
            KEY,
            "It is not recorded what the prescription is for.",
            "Record the purpose: rehabilitation, maintenance or relaxation.",
            "We are checking what your prescription is for.",
        )
    return rule.unmet(
        KEY,
        "block",
        f"The prescription is for {rx.purpose}, which no health insurance covers.",
        "Offer self-pay.",
        PATIENT,
    )


def _pain_and_function(
    name: str, rule: Rule, definition: Rule | None, rx: Prescription
) -> Requirement:
    """REG-08: loss of function AND pain; one known to be absent is enough to refuse."""
    tail = f" {name}'s definition: {definition.text}" if definition else ""
    if rx.pain and rx.loss_of_function:
        return rule.met(KEY, f"Pain and loss of function are documented.{tail}")
    absent = []
    if rx.pain is False:
        absent.append("no pain is documented")
    if rx.loss_of_function is False:
        absent.append("no loss of function is documented")
    if absent:
        return rule.unmet(
            KEY,
            "block",
            f"{name} asks for pain and loss of function; {' and '.join(absent)}.{tail}",
            "Offer self-pay, or ask the prescriber whether the finding was left out.",
            PATIENT,
        )
    missing = [
        what
        for what, value in (("pain", rx.pain), ("loss of function", rx.loss_of_function))
        if not value
    ]
    return rule.unknown(
        KEY,
        f"{name} asks for pain and loss of function; not recorded: {', '.join(missing)}.{tail}",
        "Record what the prescription or the chart says: what the client cannot do, such as "
        "sit or walk for so long.",
        "We are checking that your prescription says what your insurance asks for.",
    )
