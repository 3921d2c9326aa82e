"""What tests of the host and of plugins use: a host over the installed plugins, and requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from ..domain.answers import PluginFailure
from ..domain.request import read_request
from ..hooks.host import Host
from ..hooks.validate_answers import InvalidAnswerError


class PluginFailedError(AssertionError):
    """A plugin that cannot be relied on, or whose answer breaks the contract; the text says how."""


#: How long a plugin may take here, in seconds: what a test finds must not hang on how busy the
#: machine is, and whoever takes too long once is set aside for the rest of the process.
PATIENCE = 20.0


@lru_cache(maxsize=1)
def installed_host() -> Host:
    """One host over every installed plugin, made once per process."""
    return Host.load(time_limit=PATIENCE)


def decide_request(
    request: dict[str, Any], host: Host | None = None, *, strict: bool = True
) -> dict[str, Any]:
    """The decision on a check request, as the contract's JSON values.

    A plugin that fails raises here: what it raised itself, with its own traceback, else
    ``PluginFailedError``. With ``strict=False`` it fails as it does in the field, and the decision
    holds for ``plugin.failed``.
    """
    asked = host or installed_host()
    chart = read_request(request, datetime.now().astimezone(), words=asked.words)
    decision, failures = asked.decide_and_tell(asked.case(chart))
    if strict:
        raise_first(failures)
    return decision.to_dict()


def raise_first(failures: Sequence[PluginFailure]) -> None:
    """Raise for the first plugin that failed, where one did."""
    for failure in failures:
        said = f"the plugin {failure.plugin!r} failed: {failure.reason}"
        if not isinstance(failure.cause, Exception) or type(failure.cause) is InvalidAnswerError:
            raise PluginFailedError(said) from failure.cause
        failure.cause.add_note(said)
        raise failure.cause
