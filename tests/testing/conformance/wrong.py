"""Plugins that do what none may do: a comment marks each line that is to be found."""

from pathlib import Path

RULES = """
plugin = "{name}"
ruleset = "1"

[[sources]]
id = "manual"
title = "Provider manual"
publisher = "Oddity Health"
address = "https://www.example.com/manual"
read_on = 2026-11-22

[[payers]]
key = "{name}"
name = "Oddity Health"

[[rules]]
id = "ODD-01"
text = "So many visits need no approval."
source = "manual"
sure = "read"
confirmed_on = 2026-11-22
review_by = 2027-02-20
values = {{ visits = 4, list = ["a"] }}
"""
HEAD = """
from massage_ins_bridge.api import Action, Answer, Payer, UploadAnswer, hookimpl, load_book

@hookimpl
def payers():
    return load_book(__name__).payers

@hookimpl
def rules():
    return load_book(__name__)
"""

#: Answers well, and does by the way what it may not.
IMPURE = """
import os  #: imports
import random  #: imports
from datetime import date, datetime
from massage_ins_bridge.domain.days import local_day  #: imports

seen = []
began = datetime.now()  #: clock

@hookimpl
def on_booking(case):  #: changes
    print("", end="")  #: prints
    seen.append(date.today())  #: clock
    random.random()  #: chance
    try:
        open("/tmp/chart.txt", "w")  #: reaches-out
    except RuntimeError:
        pass
    case.rules["ODD-01"].values["list"].append("b")
    case.payer = None
    return Answer()

@hookimpl
def on_visit_complete(case):
    case.prescription.visits  #: raises
    return [Action("submit-claim", "ODD-01", "Send the claim.")]

@hookimpl
def on_prescription_upload(case, prescription):  #: answers
    return "well"
"""

#: Keeps to itself what it answered before, and lists what comes out of a set, of more words than
#: two processes list alike by chance.
FICKLE = """
count = []

@hookimpl
def on_booking(case):  #: same-again
    count.append(1)
    rule = case.rules["ODD-01"]
    return Answer((rule.met("prior-authorization", f"This is booking {len(count)}."),))
"""
SCATTERED = """
@hookimpl
def on_booking(case):  #: same-again
    words = " ".join(set("ash bay elm fig fir oak pear pine plum rose".split()))
    return Answer((case.rules["ODD-01"].met("prior-authorization", f"It is {words}."),))
"""

#: Never answers.
SLOW = """
@hookimpl
def on_booking(case):
    while case: pass  #: in-time
"""

#: Judges as none may judge, and speaks likewise.
UNJUST = """
KEY = "prior-authorization"

@hookimpl
def on_booking(case):
    rule = case.rules["ODD-01"]  #: unknown-frees #: later-loosens #: unconfirmed-blocks
    if case.visit_number is None or case.visit_number <= rule.values["visits"]:
        return Answer((rule.met(KEY, "It is free."),))
    if case.today < case.date_of_service:
        text = "See prior-authorization ODD-01 now"  #: texts
        client = "Please pay for it yourself."  #: paying
        return Answer((rule.unmet("{name}.form", "block", text, "Ask them.", client),))
    return Answer((rule.unmet(KEY, "warn", "It is late now.", "Ask them.", ""),))

@hookimpl
def on_visit_complete(case):
    if case.rule("ODD-99"):  #: no-such-rule
        return [case.rules["ODD-10"].action("appeal", "Well.")]  #: no-such-rule
    return [case.rules["ODD-01"].action("appeal", "See rules.toml")]  #: texts

@hookimpl
def on_prescription_upload(case, prescription):
    rule = case.rules["ODD-01"]
    return UploadAnswer((rule.finding("visits", "unmet", "It is None."),))  #: texts
"""
UNJUST_RULES = """
[[sources]]
id = "hearsay"
title = "What somebody said"
publisher = "Somebody"
read_on = 2026-11-22

[[sources]]
id = "unread" #: sources
title = "Something else"
publisher = "Somebody"
read_on = 2026-11-22

[[rules]]
id = "ODD-02" #: sources #: unasked
text = "Something."
source = "hearsay"
sure = "read"
confirmed_on = 2026-11-22
review_by = 2027-02-20

[[rules]]
id = "ODD-03" #: unasked #: gaps #: sources
text = "Something else."
source = "manual"
sure = "read"
confirmed_on = 2026-11-22

[[rules.versions]]
to = 2025-12-31

[[rules.versions]]
from = 2026-02-01
"""

#: Rule data with two faults, each told.
BROKEN_RULES = """
[[rules]] #: rule-data
id = "ODD-02"
txt = "Something." #: rule-data
source = "manual"
sure = "certain" #: rule-data
"""
UNMARKED = """
def on_booking(case):
    return Answer()
"""
CONNECTOR = """
import socket  #: imports
from massage_ins_bridge.api.connectors import Gone

class Odd:  #: connector-class
    name = "odd"
    capabilities = frozenset({"cancle"})
    hold_style = "pending"

@hookimpl
def connectors():
    return [Odd]
"""


def written(folder: Path, name: str, code: str, rules: str = "") -> Path:
    """A plugin of one module with its rules beside it; the marks are left in."""
    (folder / f"{name}.toml").write_text(RULES.format(name=name) + rules, encoding="utf-8")
    file = folder / f"{name}.py"
    file.write_text(HEAD + code.replace("{name}", name), encoding="utf-8")
    return file


def marked(file: Path) -> set[tuple[str, int, str]]:
    """File, line and name of all that is marked."""
    found = set()
    for path in (file, file.with_suffix(".toml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for name in line.split("#: ")[1:]:
                found.add((path.name, number, name.strip()))
    return found
