"""What each field of a rule means that a plugin reads, and of an answer that it fills in."""

from __future__ import annotations

from collections.abc import Mapping

_RULE, _PLUGIN = "the id of the rule", "the plugin's name"
_SOURCE = "where the rule was read"
Fields = Mapping[str, str]

RULES: Mapping[str, Fields] = {
    "Rule": {
        "id": "by which the plugin asks for it: `case.rules[id]`",
        "text": "what it says",
        "source": _SOURCE,
        "plugin": _PLUGIN,
        "values": "its numbers and lists by name, as they stand in `rules.toml` on the day",
        "from_": "the first day in force; `None` is open",
        "to": "the last day in force; `None` is open",
        "confirmed_on": "the day on which somebody last read it at its source",
        "review_by": "the day by which it is to be read again",
        "changed_by_clinic": "whether the clinic's own file changes or adds it",
        "place": "where it stands in the source",
        "quote": "its words there",
        "note": "what was made of them",
    },
    "RuleBook": {
        "plugin": _PLUGIN,
        "ruleset": "the version of the rules",
        "rules": "every version of every rule",
        "payers": "the payers that it defines",
        "sources": "what the rules were read in",
        "declared": "the facts, actions and kinds of approval that the plugin declares",
    },
    "Source": {
        "title": "what was read",
        "href": "its address; `None` for what has none",
        "read_on": "the day on which it was read",
        "sure": "how far to rely on it",
    },
    "Approval": {
        "rule": "the rule that asks for it",
        "now": "how it stands: see `AuthorizationState`",
        "by": "who gives it",
        "how": "what staff does to ask",
        "until": "the last day on which an answer can come; without one a lack never blocks",
        "askable": "whether it can be asked for now",
        "what": "its name in a text",
        "key": "the requirement's key",
        "asks": "the kind of the action that asks for it",
        "asks_more": "the kind of the action that asks for more",
        "expect": "what the client is told to expect",
    },
}
ANSWERS: Mapping[str, Fields] = {
    "Answer": {
        "requirements": "what the rules ask, met ones too",
        "waivers": "what of all requirements does not apply",
        "actions": "work that somebody owes",
        "prescription": "the one that serves the booking: the shared rules alone fill it in",
    },
    "Requirement": {
        "key": "what is asked: one of `REQUIREMENT_KEYS`, or the plugin's name, a dot and a name",
        "status": "how it stands",
        "effect": "what that costs now",
        "rule": _RULE,
        "plugin": _PLUGIN,
        "message": "for staff: why",
        "remedy": "for staff: what to do",
        "patient_message": "for the client",
        "source": _SOURCE,
        "due": "the last day in time",
        "payer": "who asks; `None`: the one that is billed",
        "not_covered": "of a block: the care is not covered, and not a paper late",
    },
    "Waiver": {
        "key": "what does not apply; those below it neither",
        "rule": _RULE,
        "plugin": _PLUGIN,
        "strength": "`firm`, or `doubtful` where nobody confirmed it",
        "reason": "why, for staff",
        "source": _SOURCE,
        "confirm_with_plan": "whether staff is to confirm it with the plan",
        "advice": "what staff is told where what is waived is not met; it warns then",
        "payer": "whose requirement; `None`: of the one that is billed",
    },
    "Action": {
        "kind": "what work it is: one of `ACTION_KINDS`, or one that the plugin declares",
        "rule": _RULE,
        "message": "what to do, for staff",
        "due": "the last day for it",
        "cures": "the key that it serves: waived, the work is not owed",
    },
    "UploadAnswer": {
        "findings": "what was noticed, field by field",
        "may_cure": "the keys of the booking that the document may cure",
    },
    "Finding": {
        "field": "the field of the document",
        "status": "how it stands",
        "rule": _RULE,
        "plugin": _PLUGIN,
        "message": "what was noticed, for staff",
        "remedy": "what to ask the prescriber for",
        "source": _SOURCE,
    },
}
