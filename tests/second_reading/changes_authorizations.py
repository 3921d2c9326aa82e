"""Changes to authorizations on record."""

from datetime import timedelta

from .base import Draft
from .changes_shared import Change
from .changes_visits import add_visits
from .facts import Json

STATUSES = ("approved", "approved", "approved", "requested", "pended", "denied", "void")
SPANS = ((300, -60), (300, -60), (60, 0), (30, -60), (0, -60), (-1, -60), (60, 1), (300, 95))
LNI_KINDS = (
    *(("lni-f245-417",) * 3 + ("lni-claim-manager",) * 3 + ("lni-self-insurer",) * 3),
    "prior-authorization",
)


def kinds(made: Draft) -> tuple[str, ...]:
    if made.payer == "lni":
        return LNI_KINDS
    return ("prior-authorization",) * 12 + ("lni-f245-417",)


def one_authorization(made: Draft) -> Json:
    rng = made.rng
    asked = made.gap + rng.randint(0, 60)
    item: Json = {
        "payer": made.payer,
        "kind": rng.choice(kinds(made)),
        "number": f"A{rng.randint(100, 999)}",
        "status": rng.choice(STATUSES),
        "requested_on": made.ago(asked),
        "visits": rng.choice((1, 2, 3, 4, 4, 6, 8, 12, 20)),
    }
    first, last = rng.choice(SPANS)
    item["from"], item["to"] = made.ago(first), made.ago(last)
    if item["status"] in ("approved", "denied") and rng.random() < 0.6:
        item["decided_on"] = made.ago(rng.randint(made.gap, asked))
    if item["status"] in ("requested", "pended", "denied") and rng.random() < 0.7:
        for key in ("visits", "from", "to"):
            item.pop(key)
    for key in ("requested_on", "visits", "number", "from", "to"):
        if rng.random() < 0.06:
            item.pop(key, None)
    if rng.random() < 0.05:
        item.pop("from", None)
        item.pop("to", None)
    return item


def brief(item: Json) -> str:
    keys = ("kind", "number", "status", "requested_on", "decided_on", "visits", "from", "to")
    more = {key: item[key] for key in ("used", "used_on", "codes", "diagnoses") if key in item}
    return "/".join(str(item.get(key, "-")) for key in keys) + (f" {more}" if more else "")


def cleared(made: Draft) -> None:
    """Mostly without the approval that every valid request of Kaiser and VA has."""
    if made.rng.random() < 0.7:
        kept = [i for i in made.request["authorizations"] if i.get("number") != "A1"]
        made.request["authorizations"] = kept


def authorizations(made: Draft) -> str:
    if made.request.get("authorizations") is None:
        return ""
    cleared(made)
    added = [one_authorization(made) for _ in range(made.rng.choice((1, 1, 1, 2, 2, 3)))]
    made.request["authorizations"] += added
    return f"auth {[brief(item) for item in added]}"


def lost(made: Draft) -> str:
    """No authorization on record."""
    if made.request.get("authorizations") is None:
        return ""
    kept = [i for i in made.request["authorizations"] if i["kind"] != "prior-authorization"]
    made.request["authorizations"] = kept
    return "no prior authorization"


def one_number(made: Draft) -> str:
    """Two records of one number, the second mostly later."""
    if made.request.get("authorizations") is None:
        return ""
    cleared(made)
    pair = [one_authorization(made), one_authorization(made)]
    for item in pair:
        item.update(number="A77", kind=pair[0]["kind"])
    made.request["authorizations"] += pair
    return f"auth {[brief(item) for item in pair]}"


def marked(made: Draft) -> str:
    """Approvals that say what is used, what was asked for, which codes and diagnoses."""
    if made.request.get("authorizations") is None:
        return ""
    cleared(made)
    item = one_authorization(made)
    rng, item["status"] = made.rng, rng_status(made)
    case = rng.choice(("used", "used", "codes", "diagnoses", "asked"))
    if case == "used":
        item["visits"] = rng.choice((4, 6, 12))
        item["used"] = rng.randint(0, item["visits"])
        if rng.random() < 0.8:
            item["used_on"] = (made.today - timedelta(days=rng.choice((0, 1, 5, 20)))).isoformat()
    elif case == "codes":
        item["codes"] = rng.choice((["97110"], ["97124"], ["97110", "97140"], []))
    elif case == "diagnoses":
        item["diagnoses"] = rng.choice((["M54.50"], ["S82.001A"], ["M54.50", "M25.512"], []))
    else:
        item["visits_asked"] = rng.choice((4, 12))
    made.request["authorizations"].append(item)
    return f"auth {brief(item)}"


def rng_status(made: Draft) -> str:
    return made.rng.choice(("approved", "approved", "approved", "denied"))


def not_required(made: Draft) -> str:
    if made.request.get("authorizations") is None:
        return ""
    status = made.rng.choice(("approved", "approved", "void", "requested", "denied"))
    item: Json = {"payer": made.payer, "kind": "not-required", "number": "NR-77"}
    item.update(status=status, requested_on=made.ago(made.gap + 5))
    if made.rng.random() < 0.4:
        item["from"], item["to"] = made.ago(60), made.ago(made.rng.choice((-30, 0, 1)))
    made.request["authorizations"].append(item)
    return f"auth {brief(item)}"


def long_course(made: Draft) -> str:
    """Enough visits to need an authorization, and perhaps one on record."""
    count = made.rng.choice((1, 2, 4, 5, 6, 6, 7, 9, 11, 12, 13))
    last = max(made.gap, 1)
    days = [made.day - timedelta(days=last + 4 * place) for place in range(count)]
    if made.request.get("visits"):
        return ""
    added = add_visits(made, days, f"{count} visits {days[-1]}..{days[0]}")
    then = made.rng.choice((authorizations, authorizations, lost, marked))
    return added and f"{added}; {then(made)}"


AUTHORIZATIONS: tuple[Change, ...] = (
    *(authorizations, authorizations, long_course, long_course, long_course, not_required),
    *(one_number, marked, lost),
)
