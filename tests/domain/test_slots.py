"""A class that is filled directly is in all else the one that ``dataclass`` made."""

from dataclasses import FrozenInstanceError, dataclass, replace
from inspect import signature

import pytest

from massage_ins_bridge.domain.slots import filled_directly


@dataclass(frozen=True, slots=True)
class Plain:
    name: str
    days: tuple[int, ...] = ()
    note: str | None = None


@filled_directly
@dataclass(frozen=True, slots=True)
class Filled:
    name: str
    days: tuple[int, ...] = ()
    note: str | None = None


def test_it_takes_what_the_other_takes() -> None:
    assert signature(Filled) == signature(Plain)
    for made in (
        *(Filled("a"), Filled(name="a", days=()), replace(Filled("b", (1,)), name="a", days=())),
    ):
        assert made == Filled("a", (), None)
        assert repr(made) == repr(Plain("a")).replace("Plain", "Filled")
    with pytest.raises(TypeError, match="missing 1 required"):
        Filled()  # type: ignore[call-arg]


def test_it_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Filled("a").name = "b"  # type: ignore[misc]
