"""The host as an installation's settings want it: the one way from settings to a host."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import EntryPoint

from ..rulebook.book import RuleBook, RuleDataError
from ..rulebook.overrides import read_overrides
from ..settings import Settings, StartError
from .host import Host, HostError
from .loading import installed
from .plugins_dir import found_in


def load_host(settings: Settings, books: Sequence[RuleBook] = ()) -> Host:
    """The host with the clinic's choices. ``books`` stand in the place of those of the plugins that
    they name. Raises ``StartError`` where a rule file is unsound or names what is not there, or
    where the folder of plugins cannot be read."""
    points = points_of(settings)
    rules = settings.own_rules
    try:
        return Host.load(
            disabled=settings.disabled_plugins,
            overrides=read_overrides(rules) if settings.rules_file or rules.is_file() else (),
            time_limit=settings.plugin_time_limit,
            books=books,
            points=points,
        )
    except (HostError, RuleDataError) as error:
        raise StartError(str(error)) from None


def points_of(settings: Settings) -> tuple[EntryPoint, ...]:
    """Every plugin that there is by now: those installed, then those of the folder. Raises
    ``StartError`` where the folder cannot be read."""
    try:
        own = found_in(settings.plugins_dir) if settings.plugins_dir else ()
    except OSError as error:
        said = f"plugins_dir: {settings.plugins_dir} cannot be read ({error.strerror})"
        raise StartError(said) from None
    return (*installed(), *own)  # type: ignore[arg-type]
