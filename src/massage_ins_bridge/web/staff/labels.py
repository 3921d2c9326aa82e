"""What the fields of pages are called that are no facts."""

from __future__ import annotations

from collections.abc import Mapping

#: What the name of a worksheet's field begins with.
FIELD = "fields."
OF_WORKSHEETS: Mapping[str, str] = {
    "asked_for": "What for",
    "kind": "What for",
    "status": "What they said",
    "visits": "Visits",
    "to": "To",
    "from": "From",
    "number": "Number",
    "requested_on": "Asked on",
    "decided_on": "Answered on",
    "visits_asked": "Visits asked for",
}
OF_RULES: Mapping[str, str] = {
    "from": "From",
    "to": "To",
    "source": "Why",
    "review_by": "Read it again by",
}
