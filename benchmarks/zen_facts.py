"""What the model of zen-engine computes before it judges: days, counts, the papers that bind."""

from __future__ import annotations

from collections.abc import Callable

Read = Callable[[str], str]
EPISODE_GAP = 90


def as_text(path: str) -> str:
    """A day that the facts give as text."""
    return f"({path} == null ? null : date({path}) / 86400)"


def as_number(path: str) -> str:
    """A day that was read before."""
    return path


def _local_day(path: str, read: Read) -> str:
    if read is as_number:
        return f"{path}_day"
    return f"date(d({path}, $.zone).format('%Y-%m-%d')) / 86400"


def _moment(path: str, read: Read) -> str:
    return path if read is as_number else f"date({path})"


def _within(item: str, day: str, read: Read) -> str:
    since, until = read(f"{item}.from"), read(f"{item}.to")
    return f"({item}.from == null or {since} <= {day}) and ({item}.to == null or {until} >= {day})"


def _first_day(days: str) -> str:
    """The first day of the chain that ends with this booking: the latest day with nothing in the
    90 days before it."""
    every = f"flatten([{days}, [$.service_day]])"
    return f"max(filter({every} as a, none({days} as b, b < a and b >= a - {EPISODE_GAP})))"


_MASSAGE = "(#.modality == null or #.modality == 'massage')"
_HERE = "(#.provider == null or #.provider == 'this-clinic')"
_CASH = "['self-pay', 'self', 'cash', 'none']"
_ELSEWHERE = (
    "(#.provider != null and #.provider != 'this-clinic' and #.payer != null and "
    f"not(lower(#.payer) in {_CASH}))"
)
_REGENCE = (
    "['regence', 'regence blueshield', 'regence blue shield', 'regence blueshield of washington', "
    "'regence blue shield of wa', 'regence wa', 'regence bcbs']"
)


def basic(read: Read) -> dict[str, str]:
    """Who is billed, on which day, in which network; the prescription."""
    day = "$.service_day"
    return {
        "zone": "clinic.timezone ?? 'America/Los_Angeles'",
        "service_day": _local_day("booking.start", read),
        "today": _local_day("as_of", read),
        "start_at": _moment("booking.start", read),
        "payer": f"lower(booking.payer ?? coverages[0].payer ?? '') in {_REGENCE} "
        "? 'regence' : null",
        "coverage": f"filter(coverages ?? [], lower(#.payer) in {_REGENCE})[0]",
        "confirmed": "$.coverage.staff_confirmed == true",
        "network": f"filter(clinic.network.regence ?? [], {_within('#', day, read)})[0].status",
        "due_day": "$.service_day - (clinic.prescription_lead_days ?? 4)",
        "rx": "(prescriptions ?? [])[0]",
        "rx_signed": read("$.rx.signed_on"),
        "rx_received": read("$.rx.received_on"),
        "rx_end": "$.rx.signed_on == null or $.rx.duration.count == null ? null : "
        "$.rx_signed + $.rx.duration.count * "
        "($.rx.duration.unit == 'week' ? 7 : $.rx.duration.unit == 'month' ? 30 : 1)",
        "credential": "upper($.rx.prescriber.credential ?? '')",
        "state": "upper($.rx.prescriber.state ?? '')",
        "codes": "map($.rx.diagnoses ?? [], split(#, '.')[0] + (split(#, '.')[1] ?? ''))",
    }


def counts(read: Read) -> dict[str, str]:
    """Completed visits, standing bookings, this booking's number and the law's."""
    on = read("#.on")
    done = f"filter(visits ?? [], {_MASSAGE} and {on} <= service_day)"
    booked = f"filter(upcoming ?? [], {_MASSAGE} and {_moment('#.start', read)} <= start_at)"
    zoned = _local_day("#.start", read).replace("$.", "")
    return {
        "counted": "visits != null and upcoming != null",
        "done": done,
        "booked": booked,
        "here_days": f"flatten([map(filter($.done, {_HERE}), {on}), "
        f"map(filter($.booked, {_HERE}), {zoned})])",
        "own_days": f"flatten([map(filter($.done, {_HERE} and #.payer == payer), {on}), "
        f"map(filter($.booked, {_HERE} and #.payer == payer), {zoned})])",
        "own_booked": f"len(filter($.booked, {_HERE} and #.payer == payer))",
        "chain_days": f"flatten([map($.done, {on}), map($.booked, {zoned})])",
        "first_day": _first_day("$.own_days").replace("$.service_day", "service_day"),
        "number": "len(filter($.own_days, # >= $.first_day)) + 1",
        "chain_first": _first_day("$.chain_days").replace("$.service_day", "service_day"),
        "chain_number": "len(filter($.chain_days, # >= $.chain_first)) + 1",
        "rx_used": "rx_signed == null ? null : len(filter($.here_days, # >= rx_signed))",
        "rx_ordered": "rx.visits ?? (rx.frequency.times == null or rx.duration.count == null ? "
        "null : floor(rx.frequency.times * rx.duration.count * "
        "(rx.duration.unit == 'week' ? 7 : rx.duration.unit == 'month' ? 30 : 1) / "
        "(rx.frequency.per == 'week' ? 7 : rx.frequency.per == 'month' ? 30 : 1)))",
        "other_care": f"some(visits ?? [], {on} == service_day and {_ELSEWHERE}) or "
        f"some(upcoming ?? [], {_ELSEWHERE} and {zoned} == service_day)",
    }


def authorizations(read: Read) -> dict[str, str]:
    """Which answers bind, what they approve and how much of it is used."""
    covers = _within("#", "service_day", read)
    inside = _within("a", "day", read)
    asked, closed = read("#.requested_on"), read("c.requested_on")
    return {
        "mine": "filter(authorizations ?? [], #.payer == payer)",
        "live": "filter($.mine, #.kind == 'prior-authorization' and #.status != 'void' and "
        f"(#.to == null or {read('#.to')} >= first_day))",
        "not_required": "some($.mine, #.kind == 'not-required' and #.status == 'approved' and "
        f"{covers})",
        "approvals": "filter($.live, #.status == 'approved')",
        "covering": "filter($.approvals, #.visits != null and #.from != null and #.to != null "
        f"and {covers})",
        "approved": "sum(map($.covering, #.visits))",
        "spent": f"len(filter(own_days as day, some($.covering as a, {inside})))",
        "incomplete": "some($.approvals, (#.visits == null or #.from == null or #.to == null) and "
        f"{covers}) or some($.live, #.status == null)",
        "denials": "filter($.live, #.status == 'denied')",
        "asks": "filter($.live, #.status in ['requested', 'pended'])",
        "newer_ask": "some($.asks, #.requested_on == null or none(flatten([$.denials, "
        f"$.approvals]) as c, c.requested_on != null and {asked} < {closed}))",
        "by_law": "coverage.funding == 'fully_insured' and confirmed and network == 'in' and "
        "number >= 7",
        "clinic_answers": "filter($.mine, #.kind == 'clinic-approval' and #.status != 'void')",
    }
