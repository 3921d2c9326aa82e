"""``progress-report`` of an L&I booking (LNI-03, LNI-04)."""

from __future__ import annotations

from datetime import date

from massage_ins_bridge.api import (
    Action,
    Case,
    ProgressReport,
    Requirement,
    Rule,
    add_months,
    in_words,
)

KEY = "progress-report"
PATIENT = "Before your visit, L&I needs a report on your progress. We are seeing to it."
Found = tuple[list[Requirement], list[Action]]


def progress_report(case: Case) -> Found:
    """A report is owed at the 6th, 12th … visit and one month after the first, and must say that
    function improves from visit 7 on."""
    rule = case.rules["LNI-03"]
    number = case.visit_number
    if number is None:
        text = "The visits on the claim are not known, so neither is whether a report is owed."
        return [rule.unknown(KEY, text, "Record the visits on the claim.", PATIENT)], []
    reports = _reports(case, number)
    open_days = sorted(day for day, done in _triggers(case, rule, reports) if not done)
    found = _improvement(case, number, reports)
    if open_days:
        due = open_days[0]
        requirement = _owed(case, rule, due)
        late = case.today > due
        text = "Send the progress report now." if late else f"Send it by {in_words(due)}."
        action = rule.action("send-progress-report", text, due)
        return [requirement, *found], [action]
    if found:
        return found, []
    return [rule.met(KEY, "Every progress report owed so far is sent.")], []


def report_now_owed(case: Case) -> list[Action]:
    """After a visit: the next report and its day."""
    return progress_report(case)[1]


def _reports(case: Case, number: int) -> list[ProgressReport]:
    """The claim's reports; from visit 7 on one that is silent on improvement counts as none."""
    from_visit = int(case.rules["LNI-04"].values["from_visit"])
    return [
        report
        for report in case.progress_reports or ()
        if report.on is not None
        and case.payer is not None
        and case.payers.key_of(report.payer) == case.payer.key
        and (number < from_visit or report.improvement is not None)
    ]


def _triggers(case: Case, rule: Rule, reports: list[ProgressReport]) -> list[tuple[date, bool]]:
    """Each day on which a report falls due, and whether one was sent."""
    assert case.episode is not None
    days = [entry.day for entry in case.episode.entries]
    every = int(rule.values["visits"])
    first = case.episode.first
    month = add_months(first, int(rule.values["months"]))
    sent = [report.on for report in reports if report.on is not None]
    found = []
    if month <= case.date_of_service:  # what falls due after the visit is no matter of it
        found.append((month, any(on >= first for on in sent)))
    for index in range(every - 1, len(days), every):
        day = days[index]
        found.append((day, any(on >= day for on in sent)))
    return found


def _owed(case: Case, rule: Rule, due: date) -> Requirement:
    if case.today <= due:
        text = f"A progress report is owed by {in_words(due)}."
        remedy = "Send it to the attending provider and to L&I or the self-insurer."
        return rule.owed(KEY, text, remedy, "", due)
    if case.progress_reports is None:
        text = "A progress report is owed, and it is not known whether one was sent."
        return rule.unknown(KEY, text, "Record the report that was sent.", PATIENT, due)
    text = f"A progress report has been owed since {in_words(due)}, and none was sent."
    return rule.unmet(KEY, "hold", text, "Send the report and record it.", PATIENT, due)


def _improvement(case: Case, number: int, reports: list[ProgressReport]) -> list[Requirement]:
    rule = case.rules["LNI-04"]
    if number < int(rule.values["from_visit"]) or not reports:
        return []
    newest = max(report.on for report in reports if report.on is not None)
    if all(report.improvement for report in reports if report.on == newest):
        return []
    text = f"Visit {number}: the latest progress report shows no better function."
    remedy = "Ask the attending provider whether to go on, with plan, goals and expected length."
    return [rule.unmet(KEY, "hold", text, remedy, PATIENT)]
