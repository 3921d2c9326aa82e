"""Facts as forms show them, and forms as facts; the plugins' own fields come after the host's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from ..domain.declared import DeclaredFact, Vocabulary
from ..domain.reading import Problem, UnusableInputError
from ..identity.addresses import normal_phones
from .fact_fields import FORMS, Field, Widget

#: No count and no amount of a clinic has more.
MOST_DIGITS = 9
#: One @, and a domain behind it.
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_BELOW_ZERO = re.compile(r"-\s?[0-9]+")
_TYPES: Mapping[str, Widget] = {
    "text": "text",
    "bool": "yes-no",
    "int": "number",
    "date": "date",
    "amount": "money",
    "choice": "choice",
}


def fields_of(
    form: str, words: Vocabulary, data: Mapping[str, Any] | None = None
) -> tuple[Field, ...]:
    """The fields of a form, with those that plugins declare; an authorization's kinds, too.

    Of a plugin that is off or gone only what stands in ``data``, the fact that is shown.
    """
    kind, own = FORMS[form]
    data = data or {}
    if kind == "authorization" and words.authorization_kinds:
        kinds = words.authorization_kinds.values()
        asked = (k for k in kinds if k.plugin not in words.former or data.get("kind") == k.kind)
        more = tuple((k.kind, k.label) for k in asked)
        own = tuple(_with_options(f, more) if f.path == "kind" else f for f in own)
    declared = [
        _declared(fact, off=plugin in words.former)
        for plugin, facts in words.facts.get(kind, {}).items()
        for fact in facts.values()
    ]
    off = tuple(f"extra.{plugin}." for plugin in words.former)
    shown = (f for f in declared if not f.path.startswith(off) or _at(data, f.path) is not None)
    return (*own, *shown)


def _with_options(field: Field, more: tuple[tuple[str, str], ...]) -> Field:
    return replace(field, options=(*field.options, *more))


def _declared(fact: DeclaredFact, *, off: bool) -> Field:
    options = tuple((choice, choice) for choice in fact.choices)
    return Field(
        f"extra.{fact.plugin}.{fact.name}",
        fact.label,
        _TYPES[fact.type],
        options=(("", "Not known"), *options) if fact.type == "choice" else (),
        group=f"For {fact.plugin}, which is off or gone" if off else f"For {fact.plugin}",
    )


def shown(fields: Sequence[Field], data: Mapping[str, Any]) -> dict[str, str]:
    """By the form's names, what stands in a fact."""
    return {field.name: _shown(field, _at(data, field.path)) for field in fields}


def typed(fields: Sequence[Field], form: Mapping[str, str]) -> dict[str, Any]:
    """The fact that a form says, with ``None`` for what was left empty or taken away.

    Raises ``UnusableInputError`` for what is no number, by the form's names.
    """
    data: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in fields:
        try:
            value = _typed(field, form.get(field.name, ""))
        except ValueError as error:
            problems.append(Problem(field.path, str(error)))
            continue
        _put(data, field.path, value)
    if problems:
        raise UnusableInputError(problems)
    return _without_empty(data)


def _at(data: Mapping[str, Any], path: str) -> Any:
    value: Any = data
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for part in parents:
        data = data.setdefault(part, {})
    data[last] = value


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    """An object of which nothing is known is not known itself."""
    made: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, dict):
            inner = _without_empty(value)
            made[name] = inner if any(v is not None for v in inner.values()) else None
        else:
            made[name] = value
    return made


def _shown(field: Field, value: Any) -> str:
    if value is None:
        return ""
    if field.widget == "yes-no":
        return "yes" if value is True else "no"
    if field.widget == "long" and value is False:
        return "none"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return str(value)


def _phone(text: str) -> str:
    if not normal_phones(text):
        raise ValueError("is no phone number; write it with its area code, such as 206-555-0100")
    return text


def _email(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError("is no e-mail address; write one such as ann@example.com")
    return text


def _typed(field: Field, text: str) -> Any:
    text = text.strip()
    if not text:
        return None
    read = _READ.get(field.widget)
    return read(text) if read is not None else text


def _number(text: str) -> int:
    if _BELOW_ZERO.fullmatch(text):
        raise ValueError("is less than nothing; write 0 or more")
    if not (text.isascii() and text.isdigit()):
        raise ValueError("is no whole number; write digits alone, such as 12")
    if len(text) > MOST_DIGITS:
        raise ValueError("is too large; look at its digits")
    return int(text)


def _amount(text: str) -> str:
    try:
        number = Decimal(text.lstrip("$").replace(",", ""))
    except InvalidOperation:
        raise ValueError("is no amount; write it such as 25 or 25.50") from None
    if not number.is_finite() or number.adjusted() >= MOST_DIGITS or _places(number) > MOST_DIGITS:
        raise ValueError("is no amount of money; write it such as 25 or 25.50")
    return f"{number:f}"


def _places(number: Decimal) -> int:
    """How many digits stand behind the point."""
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


#: By widget, how what is typed is read; each raises ``ValueError`` for what it is not.
_READ: Mapping[str, Callable[[str], Any]] = {
    "number": _number,
    "money": _amount,
    "yes-no": {"yes": True, "no": False}.get,
    "phone": _phone,
    "email": _email,
    "list": _parts,
    "long": lambda text: False if text.casefold() == "none" else text,
}
