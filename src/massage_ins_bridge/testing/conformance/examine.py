"""Examining one plugin from all sides, all violations at once."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import tomli

from ...domain.describe import sentence
from ...hooks.connector_class import check_class
from ...hooks.host import Host, HostError
from ...hooks.loading import installed
from ...hooks.platform_answers import ConnectorFaultError
from ..requests import Json
from .again import asked_elsewhere, digests
from .answering import Asking
from .code import Code, of_imports, of_printing
from .found import ASKED, OF_ALL, OF_CONNECTORS, OF_PAYERS, Findings, Violation
from .judging import MOST, Judge
from .rule_data import of_book, of_file, of_use
from .subject import Subject, files_with, plugin_of
from .watching import Watch

SUITE = "ConnectorSuite"
#: How the plugin is asked again, in another process; ``None`` where it is not.
Elsewhere = Callable[[str, int], dict[str, str]] | None


def examine(
    subject: Subject, given: str = "", elsewhere: Elsewhere = asked_elsewhere, every: int = 1
) -> Findings:
    """What is amiss with a plugin. ``given`` is how another process finds it; of the requests one
    in ``every`` is asked."""
    findings, code = Findings(), Code(subject)
    watch = Watch(frozenset(map(str, subject.files)))
    _of_file(subject, findings)
    try:
        with watch.loading():
            host = subject.host()
    except HostError as error:
        _not_loaded(subject, findings, [str(error)])
        return findings
    plugin = plugin_of(host, subject.name)
    amiss = [said for said in (plugin.failure, *plugin.amiss.values()) if said]
    amiss += _beside(subject) if not amiss else []
    if amiss:
        _not_loaded(subject, findings, amiss)
        return findings
    brings = "connectors" in plugin.callers
    findings.judged |= {"loads", "imports", "prints"}
    findings.add((*of_imports(code, connector=brings), *of_printing(code), *watch.found))
    if brings:
        _of_connectors(subject, host, findings)
    if set(plugin.callers) - {"connectors"}:
        asking = Asking(host, subject.name, code)
        again = partial(elsewhere, given or subject.name, every) if elsewhere else None
        with watch.taken_away():
            most = max(MOST // every, 3)
            _of_answers(asking, asking.requests(every), watch, findings, again, most)
    return findings


def kinds_of(findings: Findings) -> tuple[str, ...]:
    """The names of what a plugin of its kind is asked; of one that does not load, what could be
    judged all the same."""
    if findings.why_not:
        return tuple(name for name in ASKED if name in findings.judged)
    connector = bool(findings.judged & OF_CONNECTORS.keys())
    payer = not connector or "raises" in findings.judged
    return (*OF_ALL, *(OF_PAYERS if payer else ()), *(OF_CONNECTORS if connector else ()))


def _of_file(subject: Subject, findings: Findings) -> None:
    if subject.rules_file.exists():
        findings.judged.add("rule-data")
        findings.add(of_file(subject.rules_file))


def _not_loaded(subject: Subject, findings: Findings, amiss: list[str]) -> None:
    findings.judged.add("loads")
    findings.why_not = "the plugin does not load"
    for said in amiss:
        place = re.search(r" in (\S+\.py), line (\d+)", said)
        named = [path for path in subject.files if place and path.name == place[1]]
        where = (named[0], int(place[2])) if place and named else (subject.main, 1)
        if function := re.search(r"its function '(\w+)'", said):
            where = Code(subject).line_of_function(function[1]) or where
        findings.add([Violation(*where, "loads", sentence(said))])


def _beside(subject: Subject) -> list[str]:
    """The payers that another plugin, installed beside it, defines as well, and those that it names
    and none of them defines: by itself a stand-in defines those."""
    others = [point for point in installed() if point.name != subject.name]
    beside = plugin_of(Host.load(points=[*others, subject.point]), subject.name)  # type: ignore[list-item]
    return list(beside.amiss.values())


def _of_connectors(subject: Subject, host: Host, findings: Findings) -> None:
    """The classes; that each is tried by a suite is seen where the project's tests are."""
    findings.judged |= OF_CONNECTORS.keys()
    made = host.connectors[subject.name]
    if not made:
        said = plugin_of(host, subject.name).failure or "connectors() names no class"
        findings.add([Violation(subject.main, 1, "connector-class", sentence(said))])
    for one in made:
        try:
            check_class(one)
        except ConnectorFaultError as error:
            file = inspect.getsourcefile(one)
            place = Path(file) if file else subject.main
            line = inspect.getsourcelines(one)[1]
            findings.add([Violation(place, line, "connector-class", sentence(str(error)))])
        if not any(_names(path, one.__name__) for path in files_with(subject.project, SUITE)):
            said = f"no test tries {one.__name__} with {SUITE}"
            findings.add([Violation(subject.main, 1, "connector-tried", f"{said}.")])


def _names(path: Path, name: str) -> bool:
    return name in path.read_text(encoding="utf-8", errors="replace")


def _of_answers(
    asking: Asking,
    requests: list[tuple[str, Json]],
    watch: Watch,
    findings: Findings,
    elsewhere: Callable[[], dict[str, str]] | None,
    most: int,
) -> None:
    book, code = asking.book, asking.code
    asking.ask_all(requests, watch)
    findings.add(asking.violations)
    if asking.too_slow:
        findings.judged.add("in-time")
        findings.why_not = "the plugin takes too long"
        return
    findings.add(_again(asking, requests, elsewhere))
    findings.add(Judge(asking, most).violations(requests))
    if book is not None:
        findings.add(of_book(book, code))
    file = code.subject.rules_file
    data = tomli.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    findings.add(of_use(book, code, asking.noted, data))
    findings.judged |= OF_PAYERS.keys()


def _again(
    asking: Asking,
    requests: list[tuple[str, Json]],
    elsewhere: Callable[[], dict[str, str]] | None,
) -> Iterator[Violation]:
    """The same requests once more the other way round, here and in another process."""
    first = digests(asking.said)
    again = Asking(asking.host, asking.name, asking.code)
    again.ask_all(requests[::-1])
    last = len(requests) - 1
    turned = {(hook, last - number): said for (hook, number), said in again.said.items()}
    found = {"in another order": digests(turned)}
    if elsewhere is not None:
        found["in another process"] = elsewhere()
    for where, others in found.items():
        for key in sorted(first, key=lambda name: int(name.split()[1])):
            if others.get(key) != first[key]:
                hook, _, number = key.partition(" ")
                words = requests[int(number)][0]
                place = asking.place_of(hook)
                said = f"{hook} answers otherwise {where}. Seen: {words}."
                yield Violation(*place, "same-again", said)
                break
