"""Authorizations: what is on record, who asks for them, and what waives them."""

import re
from datetime import date, timedelta

from .facts import Facts, Json, canonical, to_day
from .oracle_exempt import exemption, within
from .terms import (
    chain_number,
    episode,
    met,
    number,
    open_hold,
    own_days,
    resting_on,
    stand,
    unknown,
    unmet,
)

REGULATED = ("regence", "premera", "first-choice", "cigna", "aetna", "kaiser", "uhc")
LAW_FROM = date(2018, 6, 7)
REVIEWS_FROM = date(2016, 7, 1)
EXEMPT_IN_2016 = (
    *("Amazon", "Expedia", "Zulily", "Microsoft", "Paccar", "Starbucks", "Univar", "FEP"),
)
FREE_VISITS = 6
GRACE = timedelta(days=7)
FORM_VISITS = range(7, 13)
APPROVAL, NOT_REQUIRED = "clinic-approval", "not-required"
FORM, MANAGER, PRIOR = "lni-f245-417", "lni-claim-manager", "prior-authorization"
GOOD = ("covered", "not-required")
LOST = ("denied", "used", "uncovered")


def on_record(facts: Facts, kinds: tuple[str | None, ...]) -> list[Json] | None:
    """Authorizations of these kinds that may speak to this episode; None if unknown."""
    listed = facts.request.get("authorizations")
    if listed is None:
        return None
    days = episode(facts) if facts.payer else []
    first = days[0] if days else facts.day
    return [
        item
        for item in newest_of_each_number(facts, listed)
        if item.get("kind") in kinds
        and canonical(item.get("payer")) == facts.payer
        and item.get("status") != "void"
        and (to_day(item.get("to")) or first) >= first
    ]


def newest_of_each_number(facts: Facts, listed: list[Json]) -> list[Json]:
    """Two records of one number are one authorization. Where a record denies it, all are kept."""

    def same(one: Json, other: Json) -> bool:
        names = [
            (canonical(i.get("payer")), i.get("kind"), re.sub("[^a-z0-9]", "", i["number"].lower()))
            for i in (one, other)
        ]
        return names[0] == names[1]

    def rank(place: int) -> tuple[str, bool, str, int, int]:
        i = listed[place]
        asked, good = i.get("requested_on") or "", i.get("status") == "approved"
        return asked, good, i.get("to") or "9999", i.get("visits") or 0, place

    kept = []
    for place, item in enumerate(listed):
        group = [place]
        if item.get("number") and item.get("status") != "void":
            named = [
                n for n, i in enumerate(listed) if i.get("number") and i.get("status") != "void"
            ]
            group = [n for n in named if same(listed[n], item)]
        denied = any(listed[n].get("status") == "denied" for n in group)
        if denied or max(group, key=rank) == place:
            kept.append(item)
    return kept


def excludes(item: Json, day: date) -> bool:
    first, last = to_day(item.get("from")), to_day(item.get("to"))
    return bool((first and day < first) or (last and last < day))


def spent(items: list[Json], days: list[date]) -> bool:
    used = [day for day in days if any(not excludes(item, day) for item in items)]
    return len(used) >= sum(int(item["visits"]) for item in items)


def asked_again(asked: list[Json], lost: list[Json]) -> bool:
    """Whether a request is newer than every refusal or used-up approval."""
    bad = max((item["requested_on"] for item in lost if item.get("requested_on")), default="")
    return any((item.get("requested_on") or "9999") >= bad for item in asked)


def state(facts: Facts, kind: str, days: list[date]) -> str:
    """`days`: visits that use up what is approved. The last word on this kind of authorization."""
    items = on_record(facts, (kind, NOT_REQUIRED, None))
    if items is None:
        return "missing"
    items = [i for i in items if i.get("kind") != NOT_REQUIRED or not excludes(i, facts.day)]
    approved = [item for item in items if item.get("status") == "approved"]
    reach = [item for item in approved if not excludes(item, facts.day)]
    if any(item.get("kind") == NOT_REQUIRED for item in reach):
        return "not-required"
    approved = [item for item in approved if item.get("kind") == kind]
    reach = [item for item in reach if item.get("kind") == kind]
    whole = [item for item in reach if sufficient(item)]
    counted = [item for item in whole if item.get("visits") is not None]
    if len(whole) > len(counted) or (counted and not spent(counted, days)):
        return "covered"
    if len(reach) > len(whole) or any({"kind", "status"} - item.keys() for item in items):
        return "incomplete"
    return refused_or_asked(items, approved, bool(counted), kind)


def refused_or_asked(items: list[Json], approved: list[Json], used: bool, kind: str) -> str:
    denied = [i for i in items if i["status"] == "denied" and i["kind"] == kind]
    asked = [item for item in items if item.get("status") in ("requested", "pended")]
    if asked and asked_again(asked, denied + approved):
        return "renewed" if denied else "requested"
    if denied:
        return "denied"
    if approved:
        return "used" if used else "uncovered"
    return "none"


def sufficient(item: Json) -> bool:
    """Whether an approval says enough to be used."""
    has_visits = item.get("visits") is not None
    if item["kind"] == FORM:
        return True
    if item["kind"] == MANAGER:
        return has_visits or bool(item.get("from") or item.get("to"))
    return has_visits and bool(item.get("from") and item.get("to"))


def verdict(found: str, nothing: str) -> Json:
    """The table's rows, where `nothing` is what no authorization costs."""
    if found in GOOD:
        return met()
    if found == "missing":
        return unknown()
    if found in LOST:
        return unmet("block")
    if found == "none":
        return unmet(nothing)
    return open_hold()


def authorization(facts: Facts) -> tuple[Json | None, list[str]]:
    """The requirement as the payer asks it, before waivers, and the actions demanded."""
    ask = {"regence": regence, "premera": premera, "kaiser": kaiser, "lni": lni}.get(
        facts.payer or ""
    )
    if ask is None:
        return None, []
    found = state(facts, FORM if facts.payer == "lni" else PRIOR, own_days(facts))
    if not facts.countable:
        return (met() if found == "not-required" else unknown(also=["unmet"])), []
    item = ask(facts, found)
    return item, demanded(facts, item, found)


def law_binds(facts: Facts) -> bool:
    return facts.network == "in" and facts.cover("funding") == "fully_insured"


def regence(facts: Facts, found: str) -> Json:
    visit = number(facts) or 1
    if visit == 1:
        if found in GOOD:
            return met()
        if found == "denied":
            return unmet("block")
        return open_hold() if found == "renewed" else stand("due", due=facts.day + GRACE)
    deadline = episode(facts)[0] + GRACE
    if found != "none":
        return verdict(found, "block")
    if facts.today > deadline or (visit > FREE_VISITS and law_binds(facts)):
        return unmet("block")
    return stand("unmet", "hold", deadline)


def premera(facts: Facts, found: str) -> Json | None:
    """PRM-01 from the second visit on, and PRM-02 from the seventh."""
    visit = chain_number(facts) or 0
    if visit > FREE_VISITS and facts.day >= REVIEWS_FROM:
        return verdict(found, "block")
    return verdict(found, "hold") if visit > 1 and REVIEWS_FROM <= facts.day < LAW_FROM else None


def kaiser(facts: Facts, found: str) -> Json:
    blocks = law_binds(facts) and (number(facts) or 0) > FREE_VISITS
    return verdict(found, "block" if blocks else "hold")


def lni(facts: Facts, _: str) -> Json | None:
    visit, days = number(facts) or 1, own_days(facts)
    if visit <= FREE_VISITS:
        return None
    if visit in FORM_VISITS:
        return verdict(state(facts, FORM, days[FORM_VISITS[0] - 1 :]), "block")
    return verdict(state(facts, MANAGER, days[FORM_VISITS[-1] :]), "block")


def demanded(facts: Facts, item: Json | None, found: str) -> list[str]:
    if facts.payer != "regence" or item is None:
        return []
    if found == "none" and item["due"]:
        return ["request-authorization"]
    done = sorted(entry.day for entry in facts.done or [])
    completed = [day for day in own_days(facts) if day in done and day <= facts.today]
    if found == "used" and state(facts, PRIOR, completed) == "used":
        return ["request-extension"]
    return []


def hearsay(facts: Facts) -> str | None:
    """PRM-01: employers that somebody said were exempt."""
    plan = facts.cover("plan") or ""
    asked = facts.payer == "premera" and REVIEWS_FROM <= facts.day < LAW_FROM
    return "doubtful" if asked and within(plan, EXEMPT_IN_2016) else None


def law(facts: Facts) -> str | None:
    """The statute's waiver: firm, doubtful or none."""
    if facts.payer not in REGULATED or facts.cover("funding") != "fully_insured":
        return None
    visit = chain_number(facts)
    free = FREE_VISITS if facts.day >= LAW_FROM else 1
    if visit is None or visit > free or facts.network == "out" or not facts.confirmed:
        return None
    return "firm" if facts.network == "in" else "doubtful"


def prior_authorization(facts: Facts) -> tuple[Json | None, str | None, list[str], set[str]]:
    """Requirement, strongest waiver, actions, undetermined keys."""
    item, actions = authorization(facts)
    if item is None:
        return None, None, [], set()
    loose: set[str] = set()
    if not facts.countable and state(facts, PRIOR, own_days(facts)) in LOST:
        loose = {"outcome", "prior-authorization"}
    waivers = {law(facts), exemption(facts), hearsay(facts)}
    if "firm" in waivers:
        optional = facts.payer == "kaiser"
        return stand("waived", optional=optional), "firm", [], set()
    item = resting_on(item, facts.confirmed)
    if not facts.confirmed and item["status"] == "unmet":
        item = {**item, "also": ["unknown"]}
    if "doubtful" not in waivers:
        return item, None, actions, loose
    if item["status"] == "unmet":
        item = {**unknown(), "due": item["due"]}
    return item, "doubtful", actions, loose


def clinic_approval(facts: Facts) -> Json | None:
    if facts.request.get("clinic", {}).get("prior_approval", "payer") != "always":
        return None
    items = on_record(facts, (APPROVAL,))
    if items is None:
        return unknown()
    approved = [item for item in items if item.get("status") == "approved"]
    if any(not excludes(item, facts.day) for item in approved):
        return met()
    denied = [item for item in items if item.get("status") == "denied"]
    asked = [item for item in items if item.get("status") in ("requested", "pended")]
    if denied and not (asked and asked_again(asked, denied)):
        return unmet("block")
    return open_hold()
