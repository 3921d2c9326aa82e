"""Who may prescribe: profession, licence state and identifier of the prescriber (RX-03, OQ-6)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

from ..api import Case, Prescriber, Prescription, Requirement, Rule

_NPI = re.compile(r"[12]\d{9}", re.ASCII)
KEY = "prescription.prescriber"


def prescriber(case: Case, rx: Prescription) -> Requirement:
    """``prescription.prescriber`` of one prescription."""
    payer = case.payer
    shared = case.rules["RX-03"]
    rule = (payer and case.payer_rule(payer.prescriber_rule)) or shared
    who = rx.prescriber or Prescriber()
    client = "Your insurance may not accept the provider on your prescription. Please call us."
    if who.credential and not _accepted(rule, shared, who.credential):
        accepted = ", ".join(rule.values["accepted"])
        name = payer.name if payer else "the payer"
        return rule.unmet(
            KEY,
            "hold",
            f"As far as we know, {name} does not accept a prescription by {who.credential}. It "
            f"accepts {accepted}.",
            "Ask for a prescription by one of them, or ask the plan.",
            client,
        )
    if wrong := _wrong(shared, who):
        return shared.unmet(
            KEY,
            "hold",
            " ".join(wrong),
            "Ask for a prescription by a prescriber licensed in Washington, or for the right "
            "number.",
            client,
        )
    if not (who.credential and who.state and who.npi):
        parts = {"credential": who.credential, "state of licence": who.state, "NPI": who.npi}
        missing = ", ".join(word for word, value in parts.items() if not value)
        return rule.unknown(
            KEY,
            f"Of the prescriber this is not known: {missing}.",
            "Read it from the prescription or ask the prescriber's office.",
            "We are checking the details of your provider.",
        )
    return rule.met(
        KEY, "The prescriber is accepted, licensed in Washington, and the NPI is valid."
    )


def _wrong(shared: Rule, who: Prescriber) -> list[str]:
    found = []
    if who.state and who.state.upper() not in shared.values["states"]:
        found.append(f"The prescriber's licence is of {who.state}, not of Washington.")
    if who.npi and not _NPI.fullmatch(who.npi):
        plain = re.sub(r"[\s.-]", "", who.npi)
        dashed = " It is written without dashes or spaces." if _NPI.fullmatch(plain) else ""
        found.append(f"The prescriber's NPI is not ten digits, a one or a two first.{dashed}")
    elif who.npi and not npi_valid(who.npi, shared.values["npi_prefix"]):
        found.append("The prescriber's NPI fails its check digit.")
    return found


@lru_cache(maxsize=1024)
def _accepted(rule: Rule, shared: Rule, credential: str) -> bool:
    return accepted_credential(credential, rule.values["accepted"], shared.values["same_as"])


def accepted_credential(text: str, accepted: Collection[str], same_as: Mapping[str, str]) -> bool:
    """Whether one of the credentials written in ``text`` is accepted, case, dots and suffixes
    (``PA-C``) aside."""
    plain = text.upper().replace(".", "")
    words = [word for word in re.split(r"[\s,;/&()]+", plain) if word]
    stems = [word.split("-")[0] for word in words if "-" in word]
    return any(same_as.get(word, word) in accepted for word in (*words, *stems))


@lru_cache(maxsize=4096)
def npi_valid(npi: str, prefix: str) -> bool:
    """Whether it is ten digits that begin with 1 or 2 and end in the Luhn check digit over prefix
    and number.

    Source: CMS, "Requirements for NPI and NPI check digit".
    """
    if not _NPI.fullmatch(npi):
        return False
    total = 0
    for index, digit in enumerate(reversed(prefix + npi)):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
