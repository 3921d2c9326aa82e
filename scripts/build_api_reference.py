"""Write docs/api-reference.md: hooks, what they are handed, what they answer, the words of both,
and the roles of connectors, as the code has them.

Run it after a change to any of them; with ``--check`` it writes nothing and says by its exit code
(1) whether the page is out of date.
"""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from written_page import keep, table

from massage_ins_bridge import api
from massage_ins_bridge.api import Hooks, connectors
from massage_ins_bridge.api._answer_meanings import ANSWERS, RULES
from massage_ins_bridge.api._examples import EXAMPLES
from massage_ins_bridge.api._help import public_names
from massage_ins_bridge.api._meanings import FACTS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "api-reference.md"
HEAD = "<!-- Written by scripts/build_api_reference.py from the code; edit the words there. -->\n"
HOOKS = tuple(name for name in vars(Hooks) if not name.startswith("_"))
ROLES = ("Receiving", "Bookings", "Writing", "Telling", "Calendar", "Examining", "Connecting")
#: What the words mean that an answer says or a fact holds, by the lists of ``api.VOCABULARIES``.
WORDS: Mapping[str, Mapping[str, str]] = {
    "statuses": {
        "met": "it is there",
        "unmet": "it is not there",
        "due": "it is not needed yet, by a day",
        "waived": "a firm waiver says that it does not apply",
        "unknown": "nobody can tell; it costs at most a hold",
    },
    "effects": {
        "none": "it costs nothing",
        "warn": "staff is told, and the booking stands",
        "hold": "the booking waits for staff, and can still be cured",
        "block": "the booking may not stand on insurance",
    },
    "outcomes": {
        "allow": "the booking may stand",
        "hold": "it waits for staff",
        "block": "it is refused, after the pause",
    },
    "routes": {
        "claim": "the clinic sends a claim",
        "superbill": "the client pays, and gets a bill to send in",
        "self-pay": "the client pays, and nobody is billed",
    },
    "waiver strengths": {
        "firm": "it does not apply",
        "doubtful": "nobody confirmed that: what is unmet becomes unknown",
    },
    "authorization statuses": {
        "approved": "the payer approved it",
        "requested": "it is asked for",
        "pended": "the payer asked for more before it answers",
        "denied": "the payer denied it",
        "void": "it was recorded by mistake, or taken back",
    },
    "authorization states": {
        "unknown": "visits or authorizations on file are not known",
        "none": "there is none",
        "not-required": "the payer said that none is needed",
        "covered": "one covers the booking",
        "incomplete": "one lacks its visits, its dates or its answer",
        "unfit": "one is for other care, or for another condition",
        "asked": "one is asked for and not answered",
        "denied": "the payer denied it",
        "revoked": "it was approved, and denied later",
        "used-up": "its visits are used, or booked before this one",
        "uncovered": "its days do not hold the booking's",
    },
    "claim statuses": {
        "open": "it pays",
        "allowed": "it pays",
        "pending": "it is not decided yet",
        "reopening": "it was closed, and is asked to be opened again",
        "closed": "it pays no longer, since the day on which it closed",
        "rejected": "it pays nothing",
        "exhausted": "nothing is left of what it pays",
        "unknown": "somebody asked, and nobody could say",
    },
}


def page() -> str:
    """The page's text. Whatever has no meaning yet, or has one and is gone, ends the run."""
    _same("examples", EXAMPLES, (*FACTS, *ANSWERS, *RULES, "Payer"))
    for name, said in WORDS.items():
        _same(name, said, api.VOCABULARIES[name])
    return HEAD + "\n".join(_lines()) + "\n"


def _same(what: str, told: Iterable[str], known: Iterable[str]) -> None:
    if odd := sorted(set(told) ^ set(known)):
        sys.exit(f"{what}: {', '.join(odd)} stands in the code or in {Path(__file__).name} alone")


def _lines() -> Iterator[str]:
    yield "# What plugins are handed, and what they answer\n"
    yield (
        f"Version {api.API_VERSION} of the API; [Keep a plugin working](upgrading-plugins.md) says "
        "what that promises. [What the words of rules and decisions mean](reference.md) has the "
        "fields of `rules.toml`, requirement keys and kinds. In Python, "
        "`help(massage_ins_bridge.api.Case)` tells the same of a class, "
        "`help(massage_ins_bridge.api)` what there is.\n"
    )
    yield "## Hooks\n"
    for name in HOOKS:
        yield from _hook(name, getattr(Hooks, name))
    yield "## What a hook is handed\n"
    yield "Facts never change, and one that nobody knows is `None`.\n"
    for name, fields in FACTS.items():
        yield from _class(name, fields)
    yield "## What a hook answers\n"
    for name, fields in ANSWERS.items():
        yield from _class(name, fields)
    yield "## What an answer goes by\n"
    for name, fields in RULES.items():
        yield from _class(name, fields)
    yield "`judge_approval(case, Approval(…))` makes an approval's requirement, and its work.\n"
    yield "A `Rule` makes most answers: it fills in its id, the plugin and the source.\n"
    rule = api.Rule
    for name in ("met", "unmet", "unknown", "owed", "advised", "waive", "action", "finding"):
        yield f"- {_signature(f'rule.{name}', getattr(rule, name))}"
    yield "\n## Functions\n"
    yield "What many rules need, from `massage_ins_bridge.api`.\n"
    for name in public_names(api):
        function = getattr(api, name)
        if inspect.isfunction(getattr(function, "__wrapped__", function)):
            yield f"- {_signature(name, function)}: {_told(name, function)}"
    yield "\n## Words\n"
    for name, words in WORDS.items():
        yield f"### {name.capitalize()}\n"
        yield from table(("word", "what"), ((f"`{word}`", words[word]) for word in words))
    yield "## Roles of a connector\n"
    yield (
        "A connector's class plays them; [Write a connector](connectors/write-one.md) has an "
        "example of each.\n"
    )
    for name in ROLES:
        yield from _role(name, getattr(connectors, name))


def _hook(name: str, spec: Callable[..., Any]) -> Iterator[str]:
    text = (inspect.getdoc(spec) or "").partition("\nExample:\n")[0]
    yield f"### `{name}`\n"
    yield f"{_signature(name, spec)}\n"
    yield f"{_one_line(text)}\n"
    yield from _code(hook_example(name))


def hook_example(name: str) -> str:
    """Of each hook one that works. One without ends the run."""
    text = inspect.getdoc(getattr(Hooks, name)) or ""
    found = text.partition("\nExample:\n")[2]
    return textwrap.dedent(found).strip() or sys.exit(f"{name}: has no example")


def _code(example: str) -> Iterator[str]:
    yield f"```python\n{example}\n```\n"


def _class(name: str, fields: Mapping[str, str]) -> Iterator[str]:
    made = getattr(api, name)
    known = getattr(made, "__dataclass_fields__", None) or made._fields
    _same(f"fields of {name}", fields, (field for field in known if not field.startswith("_")))
    hints = {key: str(value) for key, value in inspect.get_annotations(made).items()}
    yield f"### `{name}`\n"
    rows = ((f"`{field}`", f"`{_plain(hints[field])}`", said) for field, said in fields.items())
    yield from table(("field", "holds", "what"), rows)
    shown = [
        (f"`{key}`", f"`{_plain(value.fget.__annotations__['return'])}`", _prose(value))
        for key, value in vars(made).items()
        if isinstance(value, property) and value.fget is not None and not key.startswith("_")
    ]
    if shown:
        yield "What follows from them:\n"
        yield from table(("property", "holds", "what"), shown)
    yield from _code(EXAMPLES[name])


def _role(name: str, role: type) -> Iterator[str]:
    yield f"### `{name}`\n"
    yield f"{_prose(role)}\n"
    for method, function in vars(role).items():
        if not method.startswith("_") and callable(function):
            yield f"- {_signature(method, function)}: {_prose(function)}"
    yield ""


def _told(name: str, function: Callable[..., Any]) -> str:
    """What a function does; one that says nothing ends the run."""
    return _prose(function) or sys.exit(f"{name}: has no docstring, and plugins may call it")


def _signature(name: str, function: Callable[..., Any]) -> str:
    found = inspect.signature(function)
    rest = [value for key, value in found.parameters.items() if key != "self"]
    return f"`{name}{_plain(str(found.replace(parameters=rest)))}`"


def _plain(text: str) -> str:
    text = re.sub(r"<function (\w+) at \w+>", r"\1", text)
    bare = re.sub(r"ForwardRef\((?:'([^']*)')(?:, [^()]*)?\)", r"\1", text)
    return re.sub(r"'([^']+)'", r"\1", bare.replace("''", '""')).replace("|", "or")


def _prose(thing: Any) -> str:
    """A docstring on one line, as the page writes it."""
    return _one_line(inspect.getdoc(thing) or "")


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("``", "`").replace("|", "or")


if __name__ == "__main__":
    sys.exit(keep(__doc__, "build_api_reference.py", lambda: {PAGE: page()}))
