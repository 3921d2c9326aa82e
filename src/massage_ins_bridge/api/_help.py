"""``help`` of what plugins may import, for people: what it is, its fields, an example."""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from ..domain.told import fields_of
from ..rulebook.schema import rules_schema
from ._answer_meanings import ANSWERS, RULES, Fields
from ._examples import EXAMPLES
from ._meanings import FACTS

#: Columns of what ``help`` prints, behind its own margin.
WIDTH = 94
#: Plugins are handed these and never make one: how they are made tells nobody anything.
HANDED = ("Case",)


def public_names(module: Any) -> list[str]:
    """What a module has for plugins: every name but private ones and other modules, in order."""
    return [
        name
        for name, value in sorted(vars(module).items())
        if not name.startswith("_") and not inspect.ismodule(value)
    ]


def teach(module: Any) -> None:
    """Let ``help`` of the module's classes tell of their fields."""
    for name in public_names(module):
        made = getattr(module, name)
        known = inspect.isclass(made) and isinstance(vars(made)["__doc__"], _Text)
        if inspect.isclass(made) and fields_of(made) and not known:
            made.__doc__ = _Text(made.__doc__)
            made.__signature__ = _Making()  # type: ignore[attr-defined]


class _Text(str):
    """A class's text: its own, its fields, an example. It is made when somebody asks for it."""

    __slots__ = ()

    def __get__(self, _: object, made: type) -> str:
        return "\n".join([inspect.cleandoc(self), *_fields(made), *_example(made)])


class _Making:
    """How a class is made, without the types, of which its text tells."""

    def __get__(self, _: object, made: Any) -> inspect.Signature:
        if made.__name__ in HANDED:
            return inspect.Signature()
        function = made.__new__ if hasattr(made, "_fields") else made.__init__
        found = list(inspect.signature(function).parameters.values())[1:]
        return inspect.Signature([each.replace(annotation=each.empty) for each in found])


def _fields(made: type) -> Iterator[str]:
    said, hints = meanings(made.__name__), inspect.get_annotations(made)
    names = [name for name in fields_of(made) if name in hints]
    if names:
        yield "\nFields:"
    for name in names:
        meaning = f": {said[name]}" if name in said else ""
        yield textwrap.fill(
            f"{name} ({_held(hints[name])}){meaning}{_words(made, hints[name])}".replace("`", ""),
            WIDTH,
            initial_indent=" " * 2,
            subsequent_indent=" " * 6,
            break_long_words=False,
            break_on_hyphens=False,
        )


def _held(hint: Any) -> str:
    """What a field holds, as the code has it; of a named tuple it comes wrapped up."""
    return str(getattr(hint, "__forward_arg__", hint))


def _words(made: type, hint: Any) -> str:
    """The words that a field may hold, where it is of a list of words."""
    known = vars(sys.modules[made.__module__])
    lists = [known.get(part) for part in re.findall(r"\w+", _held(hint))]
    words = [word for each in lists if get_origin(each) is Literal for word in get_args(each)]
    return f" [{', '.join(words)}]" if words else ""


def meanings(name: str) -> Fields:
    """By field, what it means; nothing of a class whose own text tells."""
    if name == "Payer":  # as editors show it
        fields: Mapping[str, Any] = rules_schema()["$defs"]["payer"]["properties"]
        host = {"plugin": "who defines it", "served": "`False`: its name is known and no more"}
        return {key: each["description"] for key, each in fields.items()} | host
    return {**FACTS, **RULES, **ANSWERS}.get(name, {})


def _example(made: type) -> Iterator[str]:
    if example := EXAMPLES.get(made.__name__):
        yield "\nExample:\n"
        yield textwrap.indent(example, "    ")
