"""A host over one plugin, and what its three hooks answer.

    def test_the_fifth_visit_holds(one_plugin):
        evergreen = one_plugin("evergreen")
        decision = evergreen.decide(request("evergreen", visits=visits("evergreen", *days(4))))
        assert shown(decision, "prior-authorization") == "unmet/hold"

A plugin that raises raises in the test, with its own traceback; an answer that breaks the contract
is a ``PluginFailedError``.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

from ..api import Action, Case, Requirement, UploadAnswer
from ..hooks.host import Host
from . import raise_first
from .requests import Json, chart_of, host_of


@dataclass(frozen=True)
class InPlace:
    """Stands for an entry point of a plugin that is at hand: a module, or an object with hooks."""

    name: str
    loaded: Any
    dist: None = None

    @property
    def value(self) -> str:
        """Where its errors are placed."""
        return str(getattr(self.loaded, "__name__", self.name))

    def load(self) -> Any:
        """It is loaded already."""
        return self.loaded


@dataclass(frozen=True)
class Kit:
    """A host over the shared rules and the plugin ``name``."""

    name: str
    host: Host

    def decide(self, made: Json) -> Json:
        """The decision on a check request, as the contract's JSON values."""
        decision, failures = self.host.decide_and_tell(self.host.case(chart_of(made, self.host)))
        raise_first(failures)
        return decision.to_dict()

    def on_booking(self, made: Json) -> tuple[Requirement, ...]:
        """What the plugin alone asks of the booking, as it stands in the decision."""
        decision, failures = self.host.decide_and_tell(self.host.case(chart_of(made, self.host)))
        raise_first(failures)
        return tuple(item for item in decision.requirements if item.plugin == self.name)

    def on_visit_complete(self, made: Json) -> tuple[Action, ...]:
        """What is owed once the booking is done; the request is that of before the visit."""
        case = self._case(made)
        actions, failures = self.host.visit_complete(case, self.host.decide_case(case))
        raise_first(failures)
        return actions

    def on_prescription_upload(self, made: Json, place: int = 0) -> UploadAnswer:
        """Findings on one of the request's prescriptions, and what it may cure."""
        case = self._case(made)
        answer, failures = self.host.prescription_upload(case, (case.prescriptions or ())[place])
        raise_first(failures)
        return answer

    def _case(self, made: Json) -> Case:
        return self.host.case(chart_of(made, self.host))


def kit_of(plugin: str | ModuleType | Any, name: str | None = None, *beside: str) -> Kit:
    """A kit for an installed plugin by its name, for a module, or for an object with hooks, which
    ``name`` names; ``beside`` are installed plugins that it needs. Raises ``LookupError`` for one
    that is not installed, and ``PluginFailedError`` for one that does not load."""
    if isinstance(plugin, str):
        kit = Kit(plugin, host_of(plugin, *beside))
    else:
        named = name or plugin.__name__.rpartition(".")[2].removeprefix("massage_ins_bridge_")
        kit = Kit(named, host_of(*beside, points=[InPlace(named, plugin)]))
    (found,) = (one for one in kit.host.plugins if one.name == kit.name)
    if found.failure:
        from . import PluginFailedError

        said = f"the plugin {kit.name!r} failed: {found.failure}"
        raise PluginFailedError(said) from found.cause
    return kit
