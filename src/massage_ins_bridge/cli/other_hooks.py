"""``check --visit-complete`` and ``check --upload``: what the other two hooks would say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..domain.answers import Action, Finding, PluginFailure
from ..domain.describe import sentence
from ..domain.facts import Prescription
from ..gate.case import Case
from ..hooks.host import Host
from .explain import wrap

NOTHING = "Nothing is owed after the visit."


class NoPrescriptionError(Exception):
    """The prescription asked about is not in the request."""


class Said(NamedTuple):
    """What was answered: as JSON values, in words, and the plugins that failed."""

    data: dict[str, Any]
    words: str
    failures: Sequence[PluginFailure]


def visit_complete(host: Host, case: Case) -> Said:
    """What would be owed once the booking of the request is done. The chart is that of before: its
    visits do not hold the booking itself. As in the service nobody is asked about a visit that the
    client pays for."""
    if case.booking.self_pay:
        return Said({"actions": [], "failed": []}, NOTHING, ())
    decision, _ = host.decide_and_tell(case)
    actions, failures = host.visit_complete(case, decision)
    lines = [_work(action, host) for action in actions]
    head = "Owed after the visit:" if lines else NOTHING
    data = {"actions": [_action(action) for action in actions], "failed": _failed(failures)}
    return Said(data, "\n".join([head, *lines, *_failed_words(failures)]), failures)


def upload(host: Host, case: Case, name: str | None) -> Said:
    """What would be found on one prescription of the request, the first or the one of that id, and
    what it may cure. Raises ``NoPrescriptionError``."""
    paper = _paper(case.prescriptions or (), name)
    answer, failures = host.prescription_upload(case, paper)
    lines = [f"Prescription {paper.id or 'without an id'}, signed on {paper.signed_on}:"]
    for item in answer.findings:
        lines += ["", wrap(f"{item.field} is {item.status}: {item.message}", 0)]
        lines += [wrap(f"cure: {item.remedy}")] * bool(item.remedy)
        lines.append(wrap(f"rule: {item.rule} of the plugin {item.plugin} ({item.source})"))
    if not answer.findings:
        lines.append("No plugin finds anything on it.")
    if answer.may_cure:
        lines += ["", wrap(f"May cure: {', '.join(answer.may_cure)}", 0)]
    data = {
        "prescription": paper.id,
        "findings": [_finding(item) for item in answer.findings],
        "may_cure": list(answer.may_cure),
        "failed": _failed(failures),
    }
    return Said(data, "\n".join([*lines, *_failed_words(failures)]), failures)


def _paper(papers: Sequence[Prescription], name: str | None) -> Prescription:
    if not papers:
        raise NoPrescriptionError("prescriptions: none is given, and --upload looks at one")
    found = [paper for paper in papers if name is None or paper.id == name]
    if not found:
        known = ", ".join(repr(paper.id) for paper in papers)
        raise NoPrescriptionError(f"prescriptions: none has the id {name!r}; there are {known}")
    return found[0]


def _work(action: Action, host: Host) -> str:
    declared = host.words.actions.get(action.kind)
    kind = f"{action.kind}, {declared.label}" if declared else action.kind
    by = f" (by {action.due})" if action.due else ""
    return wrap(f"- {action.message}{by} [{kind}; {action.rule}]", 2)


def _action(action: Action) -> dict[str, Any]:
    due = action.due.isoformat() if action.due else None
    return {"kind": action.kind, "due": due, "rule": action.rule, "message": action.message}


def _finding(item: Finding) -> dict[str, Any]:
    said = {"field": item.field, "status": item.status, "rule": item.rule, "plugin": item.plugin}
    return said | {
        "message": item.message,
        "remedy": item.remedy,
        "source": item.source.to_dict(),
    }


def _failed(failures: Sequence[PluginFailure]) -> list[dict[str, str]]:
    return [{"plugin": item.plugin, "reason": item.reason} for item in failures]


def _failed_words(failures: Sequence[PluginFailure]) -> list[str]:
    return [
        wrap(sentence(f"The plugin {item.plugin!r} could not answer: {item.reason}"), 0)
        for item in failures
    ]
