"""Loading plugins from their entry points, one by one, so that a broken one stays visible and
silences no other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint, entry_points
from inspect import isroutine
from typing import Any, Literal

import pluggy

from ..api import ALL_PAYERS, PROJECT, Hooks, Payer, Rule, RuleBook
from ..domain.problems import nearest
from ..rulebook.book import RuleDataError
from .dispatch import Dispatcher, NoReply
from .payers_served import Serving, compare_payers
from .remembered import Remembered
from .versions import noting, unfit_api, unfit_release

Health = Literal["ok", "failed", "disabled", "gone"]
#: The names of all hooks.
HOOKS = frozenset(name for name in vars(Hooks) if not name.startswith("_"))


@dataclass(slots=True, kw_only=True)
class Plugin(Serving):
    """One installed plugin and how it is.

    ``failure`` says why it cannot be relied on, ``failed_for_all`` whether that holds every
    insurance booking or only those of its payers, ``cause`` what was raised, if anything.
    ``package`` is the one that it is loaded from; its errors are placed there. ``was`` is what is
    remembered of one that is off, gone or broken; one that is gone has no ``point``. ``notes``:
    what it uses that is about to end.
    """

    point: EntryPoint | None = None
    package: str = ""
    failed_for_all: bool = False
    cause: BaseException | None = None
    book: RuleBook | None = None
    callers: dict[str, Callable[..., Any]] = field(default_factory=dict)
    was: Remembered | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def gone(self) -> bool:
        """Whether it was here once and is installed no longer."""
        return self.point is None and self.was is not None

    @property
    def distribution(self) -> str:
        """The name of its distribution, looked up when asked for: that takes a while."""
        if self.point and self.point.dist:
            return self.point.dist.name
        return self.was.distribution if self.was else ""

    @property
    def version(self) -> str:
        """The version of its distribution, looked up likewise."""
        if self.point and self.point.dist:
            return self.point.dist.version
        return self.was.version if self.was else ""

    @property
    def health(self) -> Health:
        """How it is, in a word. ``gone``: it was here once and is installed no longer."""
        if self.gone:
            return "gone"
        if self.disabled:
            return "disabled"
        return "failed" if self.failure or self.amiss else "ok"

    def fail(self, reason: str, *, for_all: bool = False) -> None:
        if self.failure is None:
            self.failure, self.failed_for_all = reason, for_all


def installed() -> tuple[EntryPoint, ...]:
    """The entry points of every installed plugin, in order of name."""
    return tuple(sorted(entry_points(group=PROJECT), key=lambda e: (e.name, e.value)))


def load_plugins(
    points: Iterable[EntryPoint], disabled: Iterable[str], dispatcher: Dispatcher
) -> list[Plugin]:
    """Import and register every plugin and ask what it is. What a plugin does wrong is kept in its
    ``failure``; nothing is raised."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    off = frozenset(disabled)
    plugins: list[Plugin] = []
    for point in points:
        package = point.value.partition(":")[0]
        name = point.name
        plugin = Plugin(name=name, point=point, package=package, disabled=name in off)
        if any(known.name == point.name for known in plugins):
            plugin.fail("another installed plugin has the same name", for_all=True)
        elif not plugin.disabled:
            _import(plugin, point, manager, dispatcher)
        plugins.append(plugin)
    for plugin in plugins:
        if plugin.failure is None and not plugin.disabled:
            _callers(plugin, manager)
            _announce(plugin, dispatcher)
    compare_payers(plugins)
    return plugins


def _import(
    plugin: Plugin, point: EntryPoint, manager: pluggy.PluginManager, dispatcher: Dispatcher
) -> None:
    if unfit := unfit_release(point):
        plugin.fail(unfit, for_all=True)
        return
    module = dispatcher.run([(noting(point.load, plugin.notes), (), plugin.package)])[0]
    if isinstance(module, NoReply):
        plugin.cause = module.cause
        plugin.fail(f"it cannot be imported: {_in_full(module)}", for_all=True)
        return
    plugin.package = _package_of(plugin.package)
    try:
        if amiss := unfit_api(module) or _unmarked(module):
            plugin.fail(amiss, for_all=True)
            return
        manager.register(module, name=plugin.name)
        if not manager.get_hookcallers(module):
            manager.unregister(name=plugin.name)
            plugin.fail("it has no hook", for_all=True)
    except (pluggy.PluginValidationError, ValueError) as error:
        plugin.fail(f"its hooks do not fit: {_first_line(error)}", for_all=True)
    except Exception as error:  # noqa: BLE001 - looking at a plugin may run its code
        plugin.fail(f"it cannot be looked at ({type(error).__name__})", for_all=True)


def _package_of(module: str) -> str:
    """The package of the plugin's module, whose other modules are the plugin's too."""
    return getattr(sys.modules.get(module), "__package__", None) or module


def _in_full(reply: NoReply) -> str:
    """An error of an import with its own text: no client is known then."""
    text = str(reply.cause or "").partition("\n")[0]
    return f"{reply.error}: {text[:200]}" if text and text.isprintable() else reply.error


def _unmarked(module: Any) -> str | None:
    """What to say of a function that is named like a hook and would never be called."""
    for name in sorted(HOOKS):
        function = getattr(module, name, None)
        if isroutine(function) and not hasattr(function, f"{PROJECT}_impl"):
            return (
                f"its function {name!r} is named like a hook and has no @hookimpl above it, so "
                "that it would never be called; mark it, or give it another name"
            )
    return None


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return "; ".join(lines[-2:]) if lines else type(error).__name__


def _callers(plugin: Plugin, manager: pluggy.PluginManager) -> None:
    """Give the plugin one caller for each of its hooks that reaches no other plugin. A misspelt
    hook, or two functions for one hook, fail it."""
    own = manager.get_plugin(plugin.name)
    others = [p for p in manager.get_plugins() if p is not own]
    for caller in manager.get_hookcallers(own) or []:
        if caller.name not in HOOKS:
            hint = nearest(caller.name, HOOKS).replace("did you", "did it")
            plugin.fail(f"there is no hook {caller.name!r}{hint}", for_all=True)
            continue
        alone = manager.subset_hook_caller(caller.name, others)
        speaking = [i for i in alone.get_hookimpls() if not (i.hookwrapper or i.wrapper)]
        if len(speaking) > 1:
            names = " and ".join(sorted(i.function.__name__ for i in speaking))
            plugin.fail(f"it answers {caller.name} more than once ({names})", for_all=True)
        plugin.callers[caller.name] = _shortened(alone)


def _shortened(caller: pluggy.HookCaller) -> Callable[..., Any]:
    """A function that takes the hook's arguments in their order and gives the one answer or
    ``None``. Where one function answers the hook it is called without pluggy's machinery."""
    assert caller.spec is not None  # a hook without one was found to be misspelt
    names = tuple(caller.spec.argnames)
    found = caller.get_hookimpls()
    if len(found) == 1 and not (found[0].hookwrapper or found[0].wrapper):
        function, wanted = found[0].function, tuple(found[0].argnames)
        if wanted == names:
            return function
        places = [names.index(name) for name in wanted]
        return lambda *arguments: function(*[arguments[place] for place in places])

    def call(*arguments: Any) -> Any:
        results = caller(**dict(zip(names, arguments, strict=True)))
        return results[0] if results else None

    return call


def _announce(plugin: Plugin, dispatcher: Dispatcher) -> None:
    """Ask the plugin what it is: the payers it serves and its rules."""
    if plugin.failure is not None:
        return
    asked = [h for h in ("payers", "rules") if h in plugin.callers]
    replies = dispatcher.run([(_asked(plugin.callers[h]), (), plugin.package) for h in asked])
    answers = dict(zip(asked, replies, strict=True))
    for hook, reply in answers.items():
        if isinstance(reply, NoReply):
            plugin.cause = reply.cause
            plugin.fail(f"{hook}() failed: {_in_full(reply)}", for_all=True)
    if plugin.failure is None:
        try:
            _take(plugin, answers)
        except Exception as error:  # noqa: BLE001 - what a plugin hands over may be anything
            kind = type(error).__name__
            plugin.fail(f"what it says of itself cannot be read ({kind})", for_all=True)
    if "payers" not in plugin.callers and "on_booking" in plugin.callers:
        plugin.serves = frozenset({ALL_PAYERS})


def _asked(caller: Callable[[], Any]) -> Callable[[], Any]:
    """The same call, with a ``RuleDataError`` as its answer: its text holds no client's facts and
    is worth reading."""

    def call() -> Any:
        try:
            return caller()
        except RuleDataError as error:
            return error

    return call


def _take(plugin: Plugin, answers: dict[str, Any]) -> None:
    book, served = answers.get("rules"), answers.get("payers")
    for found in (book, served):
        if isinstance(found, RuleDataError):
            plugin.fail(str(found), for_all=True)
            return
    if "rules" in answers and not _is_book(book):
        plugin.fail("rules() returned no RuleBook", for_all=True)
        return
    plugin.book = book.named(plugin.name) if book is not None else None
    if "payers" in answers and not _are_payers(served):
        plugin.fail("payers() returned something else than payers and names", for_all=True)
        return
    own = (p for p in served or () if isinstance(p, Payer))
    known = {p.key: p for p in (plugin.book.payers if plugin.book else ())}
    plugin.payers = tuple(replace(known.get(p.key, p), plugin=plugin.name) for p in own)
    plugin.serves = frozenset(p.key if isinstance(p, Payer) else p for p in served or ())


def _is_book(book: Any) -> bool:
    return (
        isinstance(book, RuleBook)
        and all(isinstance(rule, Rule) for rule in book.rules)
        and all(isinstance(payer, Payer) for payer in book.payers)
    )


def _are_payers(served: Any) -> bool:
    if not isinstance(served, (list, tuple, set, frozenset)):
        return False
    names = [
        name
        for p in served
        for name in ((p.key, p.name, *p.aliases, *p.plan_aliases) if isinstance(p, Payer) else (p,))
    ]
    return all(isinstance(name, str) and name for name in names)


def connectors_of(plugin: Plugin, dispatcher: Dispatcher) -> tuple[type, ...]:
    """The connector classes that the plugin brings; a plugin that cannot say fails, and so does one
    with a class that no account could use. They are asked for where they are wanted alone: they
    load an HTTP client, which deciding does not need."""
    if plugin.disabled or plugin.failure is not None or "connectors" not in plugin.callers:
        return ()
    reply = dispatcher.run([(plugin.callers["connectors"], (), plugin.package)])[0]
    found = () if reply is None else reply
    if isinstance(found, NoReply):
        plugin.fail(f"connectors() failed: {found.error}", for_all=True)
    elif not isinstance(found, (list, tuple)) or not all(isinstance(c, type) for c in found):
        plugin.fail("connectors() returned something else than classes", for_all=True)
    else:
        from .connector_class import amiss

        if said := next(filter(None, map(amiss, found)), None):
            plugin.fail(said)
        return tuple(found)
    return ()
