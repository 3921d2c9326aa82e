"""Unknown never frees: a field replaced by ``null`` turns no hold and no block into an allow.

Where the contract itself says what a missing field means, that stands in ``EXCEPTIONS``.
"""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from tests.properties.drawn import Json, Path, paths, plain, put, requests

from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import authorization, request, visits

pytestmark = pytest.mark.slow  # hundreds of charts each

#: What a missing field means by the contract's own words, so that taking it away may free.
EXCEPTIONS = {
    r"as_of": "as_of defaults to now",
    r"booking\.payer": "without it the primary coverage is billed, or the only one",
    r"booking\.self_pay": "missing is an insurance booking, so L&I's hold of self-pay goes",
    r"booking\.prescription": "without it the one that serves best is used",
    r"booking\.injury": "staff's word; without it a claim on file decides",
    r"booking\.place": "missing is the clinic",
    r"clinic\.fees(\..*)?": "without a fee only a benefit of nothing holds",
    r"patient\.identity": "missing is `sure`",
    r"(visits|upcoming)(\.(on|start|provider))?": "without the list, or its day, other care of the "
    "same day is not asked; without a provider it is this clinic's",
    r"coverages\.claim\.(attending(\..*)?|benefit(\..*)?)": "none recorded only warns",
    r"prescriptions\.orders": "missing: massage is taken",
    r"authorizations\.requested_on": "of two records of one number the one with a day is newer",
    r"authorizations\.(number|codes|diagnoses|used|used_on|decided_on)": "what one does not "
    "name it does not narrow, without a number each is its own, and its other day or the bridge's "
    "own count stands instead",
    r"coverages\.claim\.insurer_kind": "either insurer's approval serves then",
    r"coverages\.claim(\.status)?": "beside a health plan a status that is not known does not "
    "hold (billed itself it does, see below)",
    r"coverages\.limit_shared_with(\..*)?": "nothing shares the limit",
    r"coverages\.(plan_year_start|visits_used_on)": "1 January, and today",
    r"clinic(\.prior_approval)?": "missing prior_approval is `payer`",
    r"clinic\.prescription_lead_days": "missing lead days are 4",
    r"clinic\.timezone": "the clinic's zone has a default",
    r"clinic\.network(\..*)?\.(from|to)": "an open end of a dated list",
    r"clinic\.network(\..*)?\.(practitioners|plans)": "an entry that names none holds for all",
    r"clinic\.practitioners(\..*)?|booking\.practitioner": "only who is named, and is not listed "
    "where some are, is unknown",
    r"clinic\.adult_age": "a missing age is 18",
    r"patient\.birth_date": "without one a guardian's consent is not asked",
    r"coverages\.(from|to)": "an open end",
    r"coverages\.massage_benefit": "only `false` says that massage is not covered",
    r"coverages\.position": "two primaries compete; with one of them less the other is billed",
    r"coverages\.(payer|plan)": "who is billed, and the plan, may then come from another name",
    r"coverages\.(visit_limit|visits_used)": "missing only warns (NET-12)",
    r"coverages\.claim\.accepted_diagnoses": "only `with accepted_diagnoses` they bind",
    r"coverages\.claim\.date_of_injury": "L&I needs none (PIP does, see below)",
    r"prescriptions\.visits": "else frequency x duration",
    r"authorizations(\.(status|kind|payer))?": "Regence's visit 1 is allowed by all but a denial",
    r"authorizations\.(visits|from|to)": "an L&I form, a clinic's approval and a recorded answer "
    "need neither; dates given bind",
    r"(visits|upcoming)\.payer": "without a payer it is not insurance",
    r"progress_reports\.(on|payer|improvement)": "a report that does not say counts as none, and "
    "an older one stands",
}
EXCEPTED = re.compile("|".join(f"(?:{pattern})" for pattern in EXCEPTIONS))


def outcome(made: Json) -> str:
    try:
        found: str = decide_request(made)["outcome"]
    except UnusableInputError:
        return "refused"
    return found


def freed(made: Json) -> list[str]:
    """Paths whose loss turns the hold or block on this request into an allow."""
    if outcome(made) == "allow":
        return []
    return [plain(path) for path in removable(made) if outcome(put(made, path, None)) == "allow"]


def removable(made: Json) -> list[Path]:
    return [
        path
        for path in paths(made)
        if isinstance(path[-1], str)
        and path not in {("booking",), ("booking", "start")}
        and not EXCEPTED.fullmatch(plain(path))
    ]


@settings(max_examples=100)
@given(made=requests())
def test_a_missing_field_frees_no_booking(made: Json) -> None:
    assert freed(made) == []


SIX = visits("premera", *(f"2026-11-{day}" for day in range(10, 16)))
SECOND = {"coverages.0.funding": "self_insured", "visits": visits("regence", "2026-11-20")}
DENIED = {**SECOND, "authorizations": [authorization("regence", status="denied")]}
USED = {**SECOND, "authorizations": [authorization("regence", visits=1)]}
#: A held or blocked booking, and the field whose loss must not free it.
NARROW: dict[str, tuple[Json, str, Any]] = {
    "modality of a visit": (request("premera", visits=SIX), "visits", "modality"),
    "status of an authorization": (request("regence", **DENIED), "authorizations", "status"),
    "number of visits approved": (request("regence", **USED), "authorizations", "visits"),
    "L&I's claim": (
        request("lni", **{"coverages.0.claim.status": "rejected"}),
        *("coverages", "claim"),
    ),
    "PIP's date of injury": (
        request("pip", **{"coverages.0.claim.date_of_injury": "2020-01-01"}),
        *("coverages", "claim"),
    ),
}


@pytest.mark.parametrize("case", NARROW)
def test_a_narrow_case_is_not_freed(case: str) -> None:
    made, place, field = NARROW[case]
    assert outcome(made) != "allow"
    for index in range(len(made[place])):
        assert outcome(put(made, (place, index, field), None)) != "allow"
