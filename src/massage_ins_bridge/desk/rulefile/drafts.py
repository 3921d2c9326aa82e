"""Changes of the clinic's rule file that somebody looks at before they are used: each kept beside
the data, until it is used or a week is over, and what it would change worked out in the background.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import structlog

from ...domain.describe import describe
from ...domain.reading import Problem, UnusableInputError
from ...hooks.configured import load_host
from ...hooks.host import Host
from ...settings import Settings, StartError
from ..errors import NotFoundError
from ..impact import OutcomeChange, count_standing, impact
from ..installation import Installation

log = structlog.get_logger(__name__)
FOLDER = "rule-drafts"
#: After so many seconds a draft is forgotten.
KEPT = 7 * 24 * 3600
_ID = frozenset("abcdef0123456789")


@dataclass(frozen=True, slots=True)
class Draft:
    """A change. ``words``: it in one sentence; ``before`` and ``after``: the file's text without
    and with it."""

    id: str
    plugin: str
    rule: str
    words: str
    before: str
    after: str


@dataclass(slots=True)
class Look:
    """How far the look at the standing bookings is, and what it found; ``trouble``: why it ended
    before its time."""

    total: int = 0
    looked: int = 0
    done: bool = False
    trouble: str = ""
    found: tuple[OutcomeChange, ...] = ()


@dataclass(slots=True)
class Looks:
    """The looks of this process, by draft. Safe to use from several threads."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _looks: dict[str, Look] = field(default_factory=dict)

    def of(self, installation: Installation, draft: Draft) -> Look:
        """The look at a draft, begun where there is none, as after a start."""
        with self._lock:
            known = self._looks.get(draft.id)
            if known is not None:
                return known
            look = self._looks[draft.id] = Look()
        work = threading.Thread(
            target=_look, args=(installation, draft, look), name="mib-impact", daemon=True
        )
        work.start()
        return look


def text_of(settings: Settings) -> str:
    """The clinic's own rule file; empty where there is none."""
    path = settings.own_rules
    return path.read_text(encoding="utf-8-sig") if path.is_file() else ""


def keep_draft(
    settings: Settings, plugin: str, rule: str, words: str, change: Callable[[str], str]
) -> Draft:
    """Keep what ``change`` makes of the file, once it is known that it can be used. Raises
    ``UnusableInputError`` with what is wrong with it."""
    before = text_of(settings)
    made = Draft(secrets.token_hex(8), plugin, rule, words, before, change(before))
    host_of(settings, made)
    folder = _folder(settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in folder.glob("*.json"):
        if time.time() - path.stat().st_mtime > KEPT:
            path.unlink(missing_ok=True)
    write_private(folder / f"{made.id}.json", json.dumps(asdict(made), ensure_ascii=False))
    return made


def draft_of(settings: Settings, draft_id: str) -> Draft:
    """Raises ``NotFoundError``."""
    path = _folder(settings) / f"{draft_id}.json"
    if not draft_id or set(draft_id) - _ID or not path.is_file():
        raise NotFoundError("change of a rule")
    return Draft(**json.loads(path.read_text(encoding="utf-8")))


def host_of(settings: Settings, draft: Draft) -> Host:
    """The host as it would be. Raises ``UnusableInputError`` where the file cannot be used."""
    trial = settings.data_dir / f".rules-{draft.id}-{threading.get_ident()}.toml"
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        write_private(trial, draft.after)
        return load_host(settings.model_copy(update={"rules_file": trial}))
    except StartError as error:
        said = str(error).removeprefix(f"{trial}: ")
        raise UnusableInputError([Problem("", said)]) from None
    finally:
        trial.unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a file at one stroke, which nobody else reads."""
    half = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    opened = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(text)
    half.replace(path)


def _look(installation: Installation, draft: Draft, look: Look) -> None:
    def on(looked: int) -> None:
        look.looked += looked

    try:
        edited = host_of(installation.settings, draft)
        with installation.read() as record:
            look.total = count_standing(record)
        look.found = tuple(impact(installation, edited, on))
    except Exception as error:  # noqa: BLE001 - whatever it is, whoever waits is told
        log.error("a change of rules could not be looked at", error=describe(error))
        look.trouble = describe(error)
    look.done = True


def _folder(settings: Settings) -> Path:
    return settings.data_dir / FOLDER
