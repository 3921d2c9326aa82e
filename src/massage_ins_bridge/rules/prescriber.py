"""Who may prescribe: profession, licence state and identifier of the prescriber (RX-03, OQ-6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from ..api import Case, Prescription, Requirement

_NPI = re.compile(r"[12]\d{9}", re.ASCII)
KEY = "prescription.prescriber"


def prescriber(case: Case, rx: Prescription) -> Requirement:
    """``prescription.prescriber`` of one prescription."""
    shared = case.rules["RX-03"]
    rule = case.payer_rule(case.payer.prescriber_rule if case.payer else None) or shared
    who = rx.prescriber
    wrong: list[str] = []
    missing = [
        word
        for word, value in (
            ("credential", who.credential if who else None),
            ("state of licence", who.state if who else None),
            ("NPI", who.npi if who else None),
        )
        if not value
    ]
    if who is not None and who.credential:
        accepted = rule.values["accepted"]
        if not accepted_credential(who.credential, accepted, shared.values["same_as"]):
            name = case.payer.name if case.payer else "the payer"
            wrong.append(
                f"{who.credential} is not among those {name} accepts ({', '.join(accepted)})"
            )
    if who is not None and who.state and who.state.upper() not in shared.values["states"]:
        wrong.append(f"the prescriber is licensed in {who.state}, not in Washington")
    if who is not None and who.npi and not npi_valid(who.npi, shared.values["npi_prefix"]):
        wrong.append("the NPI fails its check digit")
    if wrong:
        return rule.unmet(
            KEY,
            "hold",
            f"Prescriber: {'; '.join(wrong)}.",
            "Ask for a prescription by an accepted prescriber licensed in Washington, "
            "or for a corrected number.",
            "Your insurance does not accept the provider on your prescription as it stands. "
            "Please call us.",
        )
    if missing:
        return rule.unknown(
            KEY,
            f"Prescriber: {', '.join(missing)} not known.",
            "Read it from the prescription or ask the prescriber's office.",
            "We are completing the details of your provider.",
        )
    return rule.met(
        KEY, "The prescriber is accepted, licensed in Washington, and the NPI is valid."
    )


def accepted_credential(text: str, accepted: Iterable[str], same_as: Mapping[str, str]) -> bool:
    """Whether one of the credentials written in ``text`` is accepted, case, dots and suffixes
    (``PA-C``) aside."""
    return bool(_tokens(text, tuple(same_as.items())) & frozenset(accepted))


@lru_cache(maxsize=1024)
def _tokens(text: str, same_as: tuple[tuple[str, str], ...]) -> frozenset[str]:
    names = dict(same_as)
    plain = text.upper().replace(".", "")
    words = [word for word in re.split(r"[\s,;/&()]+", plain) if word]
    found = {names.get(word, word) for word in words}
    stems = (word.split("-")[0] for word in words if "-" in word)
    return frozenset(found | {names.get(stem, stem) for stem in stems})


@lru_cache(maxsize=4096)
def npi_valid(npi: str, prefix: str) -> bool:
    """Ten digits beginning with 1 or 2 whose last is the Luhn check digit over prefix and number.

    Source: CMS, "Requirements for NPI and NPI check digit".
    """
    if not _NPI.fullmatch(npi):
        return False
    total = 0
    for index, digit in enumerate(reversed(prefix + npi)):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
