"""The steps of setting up as programs ask for them and send them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from ..domain.reading import Problem, UnusableInputError, plain_key, read
from ..store.record import Record
from . import set_up_account as account_step
from .errors import NotFoundError
from .odd_characters import refuse_odd_characters
from .people import BySent, on_word_of
from .roles import Person
from .set_live import EnforcementSent
from .set_up_account import Desk, Meanings
from .set_up_fields import (
    FormStep,
    account_values,
    labels_of,
    meaning_values,
    values_of,
    write_step,
)

T = TypeVar("T", "StepSent", "PolicySent", "PolicyBack", "EnforcementSent", BySent)
#: What a step takes beside its fields: what is said of somebody who works here no more goes along.
_BESIDE: Mapping[str, frozenset[str]] = {"clinic": frozenset({"along"})}


@dataclass(frozen=True, slots=True)
class StepField:
    """One field; ``value`` as the settings say it, or as it is proposed. A secret is never shown:
    left empty, it stays as it is."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class StepForm:
    """What a step asks. ``account``: of which account, at the steps ``connect`` and ``services``;
    ``version``: of the settings file."""

    step: FormStep
    account: str
    version: str
    fields: tuple[StepField, ...]


@dataclass(frozen=True, slots=True)
class StepSent:
    """``by``: who has it done; ``fields``: those that change, by name; the others stay."""

    by: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PolicySent:
    """``by``: who has it done; ``policy``: the ready one to start from."""

    by: str
    policy: str


@dataclass(frozen=True, slots=True)
class PolicyBack:
    """``by``: who has it done; ``version``: of the settings as the policy left them."""

    by: str
    version: str


@dataclass(frozen=True, slots=True)
class StepSaved:
    """``changed``: what became another, in words, empty where nothing did; ``version``: of the file
    as it is now; ``waits``: whether anything in it holds from the service's next start on alone."""

    changed: str
    version: str
    waits: bool


@dataclass(frozen=True, slots=True)
class Registered:
    """``said``: what was done at the platform, in words."""

    said: str


def step_form(desk: Desk, step: FormStep, account: str = "", connector: str = "") -> StepForm:
    """What a step asks, for a program. ``connector``: by which an account is to be connected that
    is new. Raises ``NotFoundError``."""
    if step == "services":
        if desk.file.account(account) is None:
            raise NotFoundError("account")
        found, _ = account_step.offered(desk, account)
        meant = account_step.meanings(desk.file, account, found)
        values, labels = _with_refs(meant), labels_of(desk, step, meant)
    else:
        values, labels = values_of(desk, step, account), labels_of(desk, step)
    if step == "connect":
        values, asked = _of_account(desk, account, connector)
        labels |= asked
    labels |= {name: "What the platform calls it" for name in values if "-ref-" in name}
    shown = [StepField(name, labels.get(name, name), value) for name, value in values.items()]
    return StepForm(step, account, desk.file.tag, tuple(shown))


def _with_refs(meant: Meanings) -> dict[str, str]:
    """The fields of services, hosts and questions, with what each is of on its platform."""
    kinds = {"service": meant.services, "host": meant.hosts, "question": meant.questions}
    refs = {f"{kind}-ref-{n}": r.ref for kind, rows in kinds.items() for n, r in enumerate(rows)}
    return refs | meaning_values(meant)


def _of_account(desk: Desk, name: str, connector: str) -> tuple[dict[str, str], dict[str, str]]:
    """An account's fields and what they are called."""
    choice = desk.choice_of(name) or desk.choices().get(connector)
    said = {"name": name, "connector": choice.name if choice else connector, "public_url": ""}
    asked = account_step.asked_settings(choice, desk.file.account(name) or {}) if choice else []
    labels = {one.field: one.setting.label for one in asked}
    return said | account_values(desk, name, connector), labels


def read_sent(record: Record, kind: type[T], data: object) -> tuple[T, Person]:
    """What a program sent, and on whose word. Raises ``UnusableInputError``."""
    refuse_odd_characters(data, one_line=True)
    sent = read(kind, data)
    return sent, on_word_of(record, sent.by)


def put_sent(desk: Desk, form: StepForm, sent: Mapping[str, str], now: datetime) -> None:
    """Write what a program sent over what stands. Raises as ``write_step``, with the problems under
    ``fields``."""
    values = {one.name: one.value for one in form.fields}
    try:
        _must_be_asked(sent, {*values, *_BESIDE.get(form.step, ())})
        if form.step == "connect":
            _must_stay_ours(desk, form.account, values, sent)
        write_step(desk, form.step, {**values, **sent, "account": form.account}, now)
    except UnusableInputError as error:
        found = [replace(p, path=f"fields.{p.path}".rstrip(".")) for p in error.problems]
        raise UnusableInputError(found) from None


def _must_be_asked(sent: Mapping[str, str], asked: set[str]) -> None:
    said = "is no field of this step; ask for its form to see them"
    unknown = [name for name in sent if name not in asked]
    if unknown:
        raise UnusableInputError([Problem(plain_key(name), said) for name in unknown])


def _must_stay_ours(
    desk: Desk, name: str, values: Mapping[str, str], sent: Mapping[str, str]
) -> None:
    """A key of the API that was stolen, and is revoked, leaves nothing behind: a platform's key on
    file goes to no address that a program names, and neither do clients and deliveries."""
    url, problems = values.get("public_url", ""), []
    if url and sent.get("public_url", url) != url:
        said = "stands in the settings; change it at the desk or in the file, not by a program"
        problems.append(Problem("public_url", said))
    choice = desk.choice_of(name)
    asked = account_step.asked_settings(choice, desk.file.account(name) or {}) if choice else []
    secrets = [one.field for one in asked if account_step.hidden(one.setting)]
    plain = [one.field for one in asked if one.field not in secrets]
    if any(sent.get(field, values[field]) != values[field] for field in plain):
        said = "is missing; who changes an account sends its secrets too"
        problems += [Problem(field, said) for field in secrets if not sent.get(field)]
    if problems:
        raise UnusableInputError(problems)
