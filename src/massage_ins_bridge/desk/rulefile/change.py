"""Using a change of the clinic's rules, and taking it back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ...domain.reading import Problem, UnusableInputError
from ...domain.rule import Rule
from ...rulebook.own_file import tables_of, with_change, without_rule
from ...rulebook.schema import RuleDataError
from ...settings import Settings, StartError
from ...store.record import Record
from ..daily import look_anew
from ..errors import ConflictError, NotFoundError
from ..impact import OutcomeChange
from ..installation import Installation
from .drafts import Draft, Looks, draft_of, keep_draft, text_of, write_private
from .form import read_change
from .over import setting_over

#: The plugin whose rules all payers share.
CORE = "core"
AT_ONCE = "It holds at once; standing bookings are decided again within a minute."
AT_START = (
    "It holds once every process of the service was started again; standing bookings are decided "
    "again then."
)


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A change of the clinic's rule file that is not used yet. ``words``: it in one sentence;
    ``looked`` of ``total`` standing bookings were decided by it, ``found`` are those that would
    change once it is ``done``; ``when``: when it holds, if it is used; ``over``: which setting
    decides in the rule's place all the same, empty where none does."""

    id: str
    plugin: str
    rule: str
    words: str
    total: int
    looked: int
    done: bool
    trouble: str
    found: tuple[OutcomeChange, ...]
    when: str
    over: str = ""


def rule_of(installation: Installation, record: Record, plugin: str, rule_id: str) -> Rule:
    """The rule in force today, or its last version where none is. Raises ``NotFoundError``."""
    book = installation.host.books.get(plugin)
    versions = [rule for rule in book.rules if rule.id == rule_id] if book is not None else []
    if not versions:
        raise NotFoundError("rule")
    return next((rule for rule in versions if rule.in_force(record.today)), versions[-1])


def is_own(settings: Settings, rule: Rule) -> bool:
    """Whether the clinic's file says anything of a rule."""
    try:
        return bool(tables_of(text_of(settings), rule.plugin, rule.id))
    except RuleDataError:
        return False


def draft_change(
    installation: Installation, record: Record, rule: Rule, typed: Mapping[str, str]
) -> Draft:
    """Keep the change that a form asks for. Raises ``UnusableInputError``."""
    table = read_change(rule, typed)
    table["confirmed_on"] = record.today
    since = f" from {table['from'].isoformat()} on" if "from" in table else ""
    values = table["values"].items()
    changed = "; ".join(f"{name.replace('_', ' ')} is {_said(value)}" for name, value in values)
    words = f"{_called(rule)}{since}: {changed}."
    return _kept(installation.settings, rule, words, lambda text: with_change(text, table))


def draft_back(installation: Installation, rule: Rule) -> Draft:
    """Keep the change by which a rule is again as its plugin has it. Raises
    ``UnusableInputError``."""
    words = f"{_called(rule)} is again as its plugin has it."
    return _kept(
        installation.settings, rule, words, lambda text: without_rule(text, rule.plugin, rule.id)
    )


def look(installation: Installation, looks: Looks, draft_id: str) -> RuleDraft:
    """A draft, and how far the look at what it would change is. Raises ``NotFoundError``."""
    draft = draft_of(installation.settings, draft_id)
    now = looks.of(installation, draft)
    return RuleDraft(
        draft.id,
        draft.plugin,
        draft.rule,
        draft.words,
        now.total,
        now.looked,
        now.done,
        now.trouble,
        now.found,
        when(installation),
        setting_over(installation.settings.clinic_facts, draft.plugin, draft.rule),
    )


def use(installation: Installation, record: Record, draft_id: str) -> Draft:
    """Write the file as the draft has it, keep beside it what was there, and have it hold. Raises
    ``NotFoundError``, and ``ConflictError`` where the file was changed since."""
    draft = draft_of(installation.settings, draft_id)
    _put(installation, record, draft.before, draft.after)
    return draft


def take_back(installation: Installation, record: Record, draft_id: str) -> None:
    """The file as it was before a draft was used. Raises as ``use``."""
    draft = draft_of(installation.settings, draft_id)
    _put(installation, record, draft.after, draft.before)


def told(installation: Installation, made: Draft) -> str:
    """What came of using a draft, for whoever did."""
    over = setting_over(installation.settings.clinic_facts, made.plugin, made.rule)
    return f"{made.words} {over or when(installation)}"


def when(installation: Installation) -> str:
    """When a change of the file holds, in words. On SQLite one process does all."""
    return AT_ONCE if installation.store.sqlite else AT_START


def _kept(settings: Settings, rule: Rule, words: str, change: Callable[[str], str]) -> Draft:
    try:
        return keep_draft(settings, rule.plugin, rule.id, words, change)
    except RuleDataError as error:
        raise UnusableInputError([Problem("", str(error))]) from None


def _put(installation: Installation, record: Record, old: str, new: str) -> None:
    path = installation.settings.own_rules
    if text_of(installation.settings) != old:
        raise ConflictError("The rule file was changed since. Open the rule, and look again.")
    if path.is_file():
        shutil.copy2(path, path.with_name(f"{path.name}.before"))
    write_private(path, new)
    if installation.store.sqlite:
        try:
            installation.load_anew(record)
        except StartError as error:  # with it the next start would fail as well
            write_private(path, old)
            raise ConflictError(f"It cannot be used, and nothing was changed: {error}") from None
        look_anew(installation, record)


def _called(rule: Rule) -> str:
    """A rule by its number; whose it is, where it is not everybody's."""
    return rule.id if rule.plugin == CORE else f"{rule.id} of {rule.plugin}"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)
