"""Plugins made on the spot, for what needs no distribution."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from massage_ins_bridge.api import Requirement, Source, hookimpl
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.hooks.loading import installed

NAME = "trial"


@dataclass(frozen=True)
class Point:
    """Stands for an installed entry point."""

    name: str
    loaded: Any
    dist: None = None

    @property
    def value(self) -> str:
        return self.name

    def load(self) -> Any:
        return self.loaded


def plugin(**hooks: Callable[..., Any]) -> object:
    """A plugin object with these hook implementations."""
    marked = {name: staticmethod(hookimpl(function)) for name, function in hooks.items()}
    return type("Plugin", (), marked)()


def host_with(*points: Any, only: Iterable[str] | None = None, **settings: Any) -> Host:
    """A host over installed plugins (all, or these) and the points given."""
    wanted = None if only is None else {"core", *only}
    found = [point for point in installed() if wanted is None or point.name in wanted]
    return Host.load(points=[*found, *points], **{"time_limit": 2.0, **settings})


def note(**more: Any) -> Requirement:
    """A sound requirement of the plugin ``trial``, changed by ``more``."""
    values: dict[str, Any] = {"key": f"{NAME}.mood", "plugin": NAME, "source": Source("a test")}
    values |= {"status": "met", "effect": "none", "rule": "X-1", "message": "Well."}
    values |= dict.fromkeys(("remedy", "patient_message"), "")
    return Requirement(**(values | more))
