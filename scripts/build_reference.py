"""Write docs/reference.md: what the words of rules and decisions mean, as the code has them.

Run it after a change to a payer's fields, the requirement keys, or the kinds of actions and
authorizations; with ``--check`` it writes nothing and says by its exit code (1) whether the page is
out of date.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from written_page import keep, table

from massage_ins_bridge.domain import vocabulary
from massage_ins_bridge.domain.answers import ACTION_KINDS, HOST_KEYS, REQUIREMENT_KEYS
from massage_ins_bridge.domain.payer import Payer
from massage_ins_bridge.rulebook.schema import rules_schema

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference.md"
HEAD = "<!-- Written by scripts/build_reference.py from the code; edit the words there. -->\n"
#: The host fills these in.
NOT_IN_FILES = ("plugin", "served")

#: By field, what it means: as editors show it.
PAYER_FIELDS: Mapping[str, str] = {
    name: field["description"]
    for name, field in rules_schema()["$defs"]["payer"]["properties"].items()
    if name not in NOT_IN_FILES
}
EXAMPLE = """\
[[payers]]
key = "evergreen"
name = "Evergreen Health"
aliases = ["Evergreen Health Cooperative"]
plan_aliases = { "Evergreen Gold" = "Gold" }
episode = "claim"
prescriber_rule = "EVG-02"
self_pay_rule = "EVG-03"
"""
REQUIREMENTS = {
    "plugin.failed": "a plugin could not answer",
    "coverage": "who is billed: a coverage on file, in force, confirmed, of a payer that is served",
    "coordination": "which of several payers pays first",
    "network": "whether the clinic is in the payer's network on the day",
    "intake": "the clinic's intake form",
    "guardian-consent": "a guardian's consent, for a client who is not of age",
    "prescription": "a prescription on file for the day of the visit",
    "prescription.signature": "its signature",
    "prescription.diagnosis": "its diagnosis codes",
    "prescription.frequency": "how often",
    "prescription.duration": "for how long",
    "prescription.prescriber": "who wrote it: credential, NPI, state",
    "prescription.current": "that it is not too old, and signed before the visit",
    "prescription.visits": "that visits are left of those ordered",
    "prescription.orders": "that massage is what it orders",
    "prescription.purpose": "that it is not for maintenance or relaxation",
    "prescription.lead-time": "that it was there in time",
    "diagnosis.reimbursable": "a diagnosis code that is paid for",
    "medical-necessity": "what the payer asks of the findings",
    "clinic-approval": "the clinic's own approval, where it wants one for every booking",
    "referral": "the plan's own referral",
    "prior-authorization": "the payer's approval of the visit",
    "claim": "an injury claim that pays",
    "progress-report": "a report that is owed",
    "same-day-care": "no other therapy billed on the same day",
    "place": "where the visit takes place",
    "benefit": "a massage benefit, and visits left of its limit",
    "cost-share": "that the client knows their part",
    "identity": "that it is certain who booked",
}
ACTIONS = {
    "request-authorization": "ask the payer for approval",
    "request-extension": "ask for more visits than were approved",
    "chase-authorization": "ask what became of a request",
    "request-referral": "ask for the plan's own referral",
    "send-lni-form": "send L&I's form F245-417",
    "send-progress-report": "send the payer a progress report",
    "ask-prescriber": "ask for a prescription, or for what it lacks",
    "review-prescription": "look through a prescription",
    "confirm-coverage": "check what is on file of the coverage",
    "check-benefit": "ask the plan about its massage benefit",
    "settle-coordination": "find out which payer pays first",
    "submit-claim": "send the claim",
    "give-superbill": "give the client a superbill",
    "collect-payment": "collect the client's part, or the whole",
    "appeal": "appeal a denial",
}
AUTHORIZATIONS = {
    "prior-authorization": "the payer's approval",
    "clinic-approval": "the clinic's own",
    "referral": "the plan's own, by its primary care provider",
    "not-required": "the payer's answer that none is needed, with its `number` as reference",
    "lni-f245-417": "L&I's form for visits 7 to 12",
    "lni-claim-manager": "the claim manager's approval of what goes beyond",
    "lni-self-insurer": "a self-insured employer's, from the seventh visit on",
}


def page() -> str:
    """The page's text. Whatever has no meaning here yet, or has one and is gone, ends the run."""
    known = [f.name for f in fields(Payer) if f.name not in NOT_IN_FILES]
    kinds = get_args(vocabulary.AuthorizationKind)
    _same("payer fields", PAYER_FIELDS, known)
    _same("requirement keys", REQUIREMENTS, REQUIREMENT_KEYS)
    _same("action kinds", ACTIONS, ACTION_KINDS)
    _same("authorization kinds", AUTHORIZATIONS, kinds)
    return HEAD + "\n".join(_lines()) + "\n"


def _same(what: str, told: Mapping[str, str], known: Iterable[str]) -> None:
    if told.keys() != set(known):
        odd = sorted(told.keys() ^ set(known))
        sys.exit(f"{what}: {', '.join(odd)} stands in the code or in {Path(__file__).name} alone")


def _lines() -> Iterator[str]:
    yield "# What the words of rules and decisions mean\n"
    yield "A payer's fields in a plugin's `rules.toml`, requirement keys, and kinds.\n"
    yield "## A payer in `rules.toml`\n"
    yield "Fields of `[[payers]]`. Those that end in `_rule` name a rule of the payer's plugin.\n"
    hints = get_type_hints(Payer)
    rows = (
        (f"`{f.name}`", _kind(hints[f.name]), _default(f), PAYER_FIELDS[f.name])
        for f in fields(Payer)
        if f.name in PAYER_FIELDS
    )
    yield from table(("field", "holds", "without it", "what"), rows)
    yield f"Such as:\n\n```toml\n{EXAMPLE}```\n"
    yield "## Requirement keys\n"
    yield (
        "In the order in which a decision lists them, failed plugins first. A plugin may add its "
        "own, which begin with its name and a dot. Those of the host alone no plugin may ask for: "
        f"{', '.join(f'`{key}`' for key in sorted(HOST_KEYS))}. Waiving a key waives those below "
        "it (`prescription` every `prescription.…`).\n"
    )
    yield from table(("key", "what"), ((f"`{k}`", REQUIREMENTS[k]) for k in REQUIREMENT_KEYS))
    yield "## Kinds of actions\n"
    yield from table(("kind", "what"), ((f"`{k}`", ACTIONS[k]) for k in sorted(ACTION_KINDS)))
    yield "## Kinds of authorizations\n"
    yield from table(("kind", "what"), ((f"`{k}`", v) for k, v in AUTHORIZATIONS.items()))


def _listed(said: Any) -> str:
    return ", ".join(f"`{word}`" for word in (said if isinstance(said, tuple) else get_args(said)))


def _kind(hint: Any) -> str:
    if get_origin(hint) is types.UnionType:
        hint = next(part for part in get_args(hint) if part is not type(None))
    origin = get_origin(hint)
    if origin is Literal:
        return _listed(hint)
    if origin is tuple:
        return "texts"
    if origin is not None:
        return "a table of texts"
    return {bool: "`true` or `false`", str: "text"}[hint]


def _default(field: Field[Any]) -> str:
    if field.default is MISSING:
        return "must be there" if field.default_factory is MISSING else "none"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return f"`{field.default}`" if field.default else "none"


if __name__ == "__main__":
    sys.exit(keep(__doc__, "build_reference.py", lambda: {PAGE: page()}))
