"""Whether a plugin and this host are made for each other: the release that its distribution asks
for, and the version of the API that its module asks for.

Whoever installs a plugin without letting pip look (an editable copy, ``--no-deps``, one file) is
told so at the start, and not by what goes wrong later.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint
from typing import Any

from .. import __version__
from ..api import API_VERSION, ApiDeprecationWarning

SEE = "see docs/upgrading-plugins.md"
#: What a module says of the API that it needs: ``requires_api = "1.0"``.
ATTRIBUTE = "requires_api"
_ASKS = re.compile(r"^Requires-Dist: massage[-_.]ins[-_.]bridge(?![\w.-])([^;\n]*)$", re.MULTILINE)
_AT_LEAST = re.compile(r">=(\d+(?:\.\d+)*)")
_API = re.compile(r"(\d+)\.(\d+)")


def unfit_release(point: EntryPoint, version: str = __version__) -> str | None:
    """What to say where the plugin's distribution asks for another release of the host."""
    text = point.dist.read_text("METADATA") if point.dist is not None else None
    for asked in _ASKS.findall(text or ""):
        wanted = asked.strip().strip("()").replace(" ", "")
        if not _fits(wanted, version):
            return (
                f"it asks for massage-ins-bridge{wanted}, and this is {version}; install a release "
                f"of it that goes with this one, or update massage-ins-bridge ({SEE})"
            )
    return None


def unfit_api(module: Any, version: str = API_VERSION) -> str | None:
    """What to say where the module asks for another version of the API."""
    asked = getattr(module, ATTRIBUTE, None)
    if asked is None:
        return None
    wanted = _API.fullmatch(asked) if isinstance(asked, str) else None
    if wanted is None:
        return f'its {ATTRIBUTE} is no version; write it as {ATTRIBUTE} = "{version}"'
    major, minor = map(int, wanted.groups())
    here = tuple(map(int, version.split(".")))
    if major == here[0] and minor <= here[1]:
        return None
    cure = "update massage-ins-bridge" if (major, minor) > here else "update the plugin"
    return f"it asks for version {asked} of the API, and this host has {version}; {cure} ({SEE})"


def noting(load: Callable[[], Any], notes: list[str]) -> Callable[[], Any]:
    """The same, with what it uses of the API that is about to end put into ``notes``."""

    def call() -> Any:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", ApiDeprecationWarning)
            loaded = load()
        notes.extend(_told(caught))
        return loaded

    return call


def _told(caught: Iterable[warnings.WarningMessage]) -> Iterable[str]:
    """Our own warnings; the others are issued again."""
    for one in caught:
        if isinstance(one.message, ApiDeprecationWarning):
            yield str(one.message)
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)


def _fits(wanted: str, version: str) -> bool:
    """Whether a version is among those that are asked for."""
    if not wanted:
        return True
    simple = _AT_LEAST.fullmatch(wanted)
    if simple is not None:  # what nearly all say is read without a library that takes its time
        return _numbers(version) >= _numbers(simple.group(1))
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(wanted).contains(version, prereleases=True)
    except InvalidSpecifier:
        return True  # pip would have refused it; it is no word on versions


def _numbers(version: str) -> tuple[int, ...]:
    """A version's numbers without zeros at the end, so that 1.0 is 1."""
    found = [int(part) for part in re.findall(r"\d+", version)[:4]]
    while found and found[-1] == 0:
        found.pop()
    return tuple(found)
