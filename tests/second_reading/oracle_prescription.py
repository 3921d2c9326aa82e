"""The prescription, its diagnosis and its purpose."""

import re
from datetime import date, timedelta
from typing import Any

from . import codes
from .facts import Facts, Json, add_months, to_day
from .terms import cost, costlier, met, open_hold, resting_on, stand, unknown, unmet

REGENCE_LIST = frozenset({"MD", "DO", "ND", "DC", "DPM", "PA", "ARNP", "NP"})
UNION_LIST = REGENCE_LIST | {"RN", "PT"}
LNI_LIST = REGENCE_LIST | {"DDS", "DMD", "OD"}
SPELLINGS = {"DPT": "PT"}
WASHINGTON = ("WA", "WASHINGTON")
FUNCTION_PAYERS = ("regence", "premera")
DAYS = {"day": 1, "week": 7, "month": 30}
REGENCE_AGE = 90
PLACE_OF_ACCEPTED = ("prescription.diagnosis", "diagnosis.reimbursable", "claim")


def prescription_readings(facts: Facts) -> list[tuple[Json, set[str]]]:
    """Requirements and undetermined keys, for each prescription that serves equally well."""
    found = facts.request.get("prescriptions")
    if found is None:
        return [({"prescription": unknown()}, set())]
    if not found:
        last = facts.day - facts.lead
        if facts.today <= last:
            return [({"prescription": stand("unmet", "hold", last)}, set())]
        return [({"prescription": unmet("block")}, set())]
    judged = [judge(facts, item) for item in found]
    ranks = [max(map(cost, requirements.values())) for requirements, _ in judged]
    return [one for one, rank in zip(judged, ranks, strict=True) if rank == min(ranks)]


def judge(facts: Facts, paper: Json) -> tuple[Json, set[str]]:
    diagnosis, payable, loose = diagnoses(facts, paper)
    current, more = currency(facts, paper)
    items = {
        "prescription": met(),
        "prescription.signature": flag(paper.get("signed")),
        "prescription.diagnosis": diagnosis,
        "prescription.frequency": present(frequency(paper)),
        "prescription.duration": present(duration(paper)),
        "prescription.prescriber": prescriber(facts, paper.get("prescriber") or {}),
        "prescription.current": current,
        "prescription.visits": ordered_visits(facts, paper),
        "prescription.lead-time": lead_time(facts, paper),
        "diagnosis.reimbursable": payable,
        "medical-necessity": necessity(facts, paper),
    }
    confirmed = paper.get("staff_confirmed") is True
    return {key: resting_on(item, confirmed) for key, item in items.items()}, loose | more


def flag(value: Any) -> Json:
    if value is None:
        return unknown()
    return met() if value else unmet("hold")


def present(value: Any) -> Json:
    return unmet("hold") if value is None else met()


def frequency(paper: Json) -> tuple[int, int] | None:
    """Times, per how many days."""
    part = paper.get("frequency") or {}
    if part.get("times") is None or part.get("per") is None:
        return None
    return part["times"], DAYS[part["per"]]


def duration(paper: Json) -> tuple[int, str] | None:
    part = paper.get("duration") or {}
    if part.get("count") is None or part.get("unit") is None:
        return None
    return part["count"], part["unit"]


def diagnoses(facts: Facts, paper: Json) -> tuple[Json, Json, set[str]]:
    """How the codes stand, how their payment stands, and what the text leaves open."""
    given = paper.get("diagnoses") or []
    if not given:
        return unmet("hold"), unknown(), {"diagnosis.reimbursable"}
    all_valid = all(codes.valid(code, facts.day) for code in given)
    diagnosis = met() if all_valid else unmet("hold")
    kinds = codes.classes(given, facts.day)
    loose: set[str] = set()
    if codes.PAYABLE in kinds:
        payable = met()
    elif kinds == {codes.NEVER}:
        payable = unmet("block")
    else:
        payable = open_hold()
        loose = set() if all_valid else {"diagnosis.reimbursable"}
    accepted = facts.claim.get("accepted_diagnoses") if facts.payer in ("lni", "pip") else None
    if accepted is not None:
        wanted = {codes.category(code) for code in accepted}
        if not wanted & {codes.category(code) for code in given}:
            return open_hold(), payable, set(PLACE_OF_ACCEPTED)
    return diagnosis, payable, loose


def prescriber(facts: Facts, person: Json) -> Json:
    checks = [
        credential(facts, person.get("credential")),
        flag(None if person.get("state") is None else person["state"].upper() in WASHINGTON),
        flag(None if person.get("npi") is None else npi_ok(person["npi"])),
    ]
    statuses = {item["status"] for item in checks}
    if statuses == {"met"}:
        return met()
    return open_hold() if len(statuses - {"met"}) == 2 else next(i for i in checks if cost(i))


def credential(facts: Facts, text: str | None) -> Json:
    if text is None:
        return unknown()
    accepted = UNION_LIST
    if facts.payer == "regence":
        accepted = REGENCE_LIST
    if facts.payer == "lni":
        accepted = LNI_LIST
    words = re.split(r"[,/;\s]+", text.upper().replace(".", ""))
    letters = {SPELLINGS.get(word.split("-")[0], word.split("-")[0]) for word in words}
    return met() if letters & accepted else unmet("hold")


def npi_ok(npi: str) -> bool:
    if not re.fullmatch(r"[12]\d{9}", npi):
        return False
    total = 0
    for place, digit in enumerate(reversed("80840" + npi)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def last_day(signed: date, length: tuple[int, str]) -> date:
    count, unit = length
    if unit == "month":
        return add_months(signed, count)
    return signed + timedelta(days=count * DAYS[unit])


def currency(facts: Facts, paper: Json) -> tuple[Json, set[str]]:
    signed, length = to_day(paper.get("signed_on")), duration(paper)
    if signed is None:
        return unknown(), set()
    if signed > facts.day:
        return open_hold(), {"prescription.current", "prescription.signature"}
    if length and facts.day > last_day(signed, length):
        return unmet("block"), set()
    if facts.payer == "regence" and (facts.day - signed).days > REGENCE_AGE:
        return unmet("hold"), set()
    if length is None:
        return unknown(), {"prescription.current"}
    return met(), set()


def ordered(paper: Json) -> int | None:
    if paper.get("visits") is not None:
        return int(paper["visits"])
    rate, length = frequency(paper), duration(paper)
    if rate is None or length is None:
        return None
    return rate[0] * length[0] * DAYS[length[1]] // rate[1]


def ordered_visits(facts: Facts, paper: Json) -> Json:
    signed, limit = to_day(paper.get("signed_on")), ordered(paper)
    if signed is None or limit is None or facts.done is None:
        return unknown()
    entries = facts.done + (facts.before or [])
    used = sum(1 for item in entries if item.massage and item.ours and item.day >= signed)
    if used >= limit:
        return unmet("block")
    return met() if facts.countable else unknown()


def lead_time(facts: Facts, paper: Json) -> Json:
    received = to_day(paper.get("received_on"))
    if received is None:
        return unknown("warn")
    return met() if received <= facts.day - facts.lead else unmet("warn")


def necessity(facts: Facts, paper: Json) -> Json:
    aim = paper.get("purpose")
    purpose = met() if aim == "rehabilitation" else unmet("block")
    if aim is None:
        purpose = unknown()
    if facts.payer not in FUNCTION_PAYERS:
        return purpose
    pain, loss = paper.get("pain"), paper.get("loss_of_function")
    if pain is False or loss is False:
        function = unmet("block")
    else:
        function = unknown() if pain is None or loss is None else met()
    return costlier(function, purpose)
