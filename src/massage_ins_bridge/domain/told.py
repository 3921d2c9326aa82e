"""Classes that plugins read about with ``help``: what a person would look for, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Told(type):
    """A class whose ``dir``, and so whose ``help``, has its own methods and properties. What
    ``dataclass`` makes is left out, and fields are, of which the class's text tells. Its instances
    know nothing of it."""

    def __dir__(cls) -> Iterable[str]:
        own = {name for made in cls.__mro__ if made is not object for name in vars(made)}
        return sorted(name for name in own - set(fields_of(cls)) if not name.startswith("_"))

    # Else a class of it would have the text above, where it may have one that is made when asked.
    __doc__ = vars(type)["__doc__"]


def fields_of(made: Any) -> tuple[str, ...]:
    """A dataclass's or named tuple's fields, in order; none of any other class."""
    known: Iterable[str] = getattr(made, "__dataclass_fields__", getattr(made, "_fields", ()))
    return tuple(name for name in known if not name.startswith("_"))
