"""``progress-report``: after six visits or a month, and improvement then on (CVC-04, CVC-05)."""

from __future__ import annotations

from datetime import date

from massage_ins_bridge.api import (
    Action,
    Case,
    ProgressReport,
    Requirement,
    add_months,
    in_words,
)

KEY = "progress-report"
PATIENT = "A report on your progress must be sent before this visit. We are seeing to it."
Found = tuple[list[Requirement], list[Action]]


def progress_report(case: Case) -> Found:
    """The first report of the claim, and what the newest one says."""
    rule = case.rules["CVC-04"]
    if case.episode is None:
        text = "The visits on the claim are not known, and a report may be owed."
        return [rule.unknown(KEY, text, "Record the visits on the claim.", PATIENT)], []
    due = _due(case)
    if due is None:
        return [], []
    reports = _reports(case)
    if reports:
        return _improvement(case, reports)
    late = case.today > due
    work = "Send the progress report now." if late else f"Send it by {in_words(due)}."
    action = rule.action("send-progress-report", work, due)
    remedy = "Send it to the attending provider and to the program."
    if not late:
        text = f"As far as we know, a progress report is owed by {in_words(due)}."
        return [rule.owed(KEY, text, remedy, "", due)], [action]
    text = f"A progress report may be owed since {in_words(due)}, and none is on file."
    if case.progress_reports is None:
        return [rule.unknown(KEY, text, "Record the report that was sent.", PATIENT)], [action]
    return [rule.unmet(KEY, "hold", text, remedy, PATIENT)], [action]


def _due(case: Case) -> date | None:
    """The day on which the first report falls due; ``None`` before the first visit."""
    assert case.episode is not None
    days = [entry.day for entry in case.episode.entries]
    if not days:
        return None
    values = case.rules["CVC-04"].values
    count = int(values["visits"])
    month = add_months(case.episode.first, int(values["months"]))
    return min(month, days[count - 1]) if len(days) >= count else month


def _reports(case: Case) -> list[ProgressReport]:
    """The program's reports since the first visit of the claim, oldest first."""
    assert case.episode is not None
    own, first = case.payer.key if case.payer else None, case.episode.first
    known = [
        (report.on, report)
        for report in case.progress_reports or ()
        if report.on is not None and report.on >= first
        if case.payers.key_of(report.payer) == own
    ]
    return [report for _, report in sorted(known, key=lambda pair: pair[0])]


def _improvement(case: Case, reports: list[ProgressReport]) -> Found:
    rule, number = case.rules["CVC-05"], case.visit_number
    if number is None or number < int(rule.values["from_visit"]) or reports[-1].improvement:
        return [case.rules["CVC-04"].met(KEY, "A progress report is on file.")], []
    text = "The newest progress report does not show better function, which may be asked for."
    remedy = "Ask the attending provider whether to go on, with plan, goals and expected length."
    return [rule.unmet(KEY, "hold", text, remedy, PATIENT)], []
