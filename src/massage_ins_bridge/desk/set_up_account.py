"""What setting up asks of an account: which platform and with which key, and what its services,
hosts and questions mean here. Read from forms and written into the settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..api.connectors import PlatformError, Setting
from ..domain.reading import Problem, UnusableInputError
from ..hooks.host import Host
from ..settings.edit import SettingsFile
from . import connecting
from .accounts import Account
from .connecting import Choice, Offered
from .errors import ConflictError
from .set_up_clinic import must_hold
from .trouble import in_plain

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_ADDRESS = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")
#: How many rows of services stand empty where the platform lists none.
EMPTY_ROWS = 4
#: What a service means: insurance may pay for it, the client always does, or it is left alone.
INSURANCE, SELF_PAY, ALONE = "insurance", "self-pay", ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the steps work with: the settings as they are written, the plugins, and connectors
    beside those of the plugins."""

    file: SettingsFile
    host: Host
    extra: Mapping[str, type]

    def choices(self) -> dict[str, Choice]:
        return connecting.choices(self.host, self.extra)

    def connected(self, name: str) -> AbstractContextManager[Account]:
        return connecting.connected(self.file, name, self.host, self.extra)

    def choice_of(self, name: str) -> Choice | None:
        """What connects an account."""
        return self.choices().get(str((self.file.account(name) or {}).get("connector", "")))


@dataclass(frozen=True, slots=True)
class AskedSetting:
    """A setting as a form asks it. ``known``: the settings have it already, and an empty field
    keeps it; ``value``: what is shown of it."""

    setting: Setting
    known: bool
    value: str

    @property
    def field(self) -> str:
        return f"set-{self.setting.name.replace('.', '-')}"

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """What may be chosen, each with its words."""
        none = () if self.setting.required else (("", "Not said"),)
        return (*none, *((one, one) for one in self.setting.choices))


def asked_settings(choice: Choice, account: Mapping[str, Any]) -> list[AskedSetting]:
    """What a connector asks of an account; its secret of deliveries is made here."""
    found = []
    for setting in choice.settings:
        known = connecting.known_value(account, setting)
        if setting.name == "webhook_secret" and known is None:
            continue
        shown = setting.default if known is None else _text(known)
        found.append(AskedSetting(setting, known is not None, "" if hidden(setting) else shown))
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def hidden(setting: Setting) -> bool:
    """Whether it is never shown."""
    return setting.secret or setting.name in ("api_key", "webhook_secret")


def put_account(desk: Desk, form: Mapping[str, str]) -> str:
    """Write an account into the settings, which are not saved yet; its name. It only watches. A
    ``new`` one takes the place of none. Raises ``UnusableInputError``."""
    name, problems = form.get("name", ""), []
    choice = desk.choices().get(form.get("connector", ""))
    if not _NAME.fullmatch(name):
        problems.append(Problem("name", "use lower-case letters, digits and hyphens"))
    if choice is None:
        problems.append(Problem("connector", "choose one of these"))
    known = desk.file.account(name) or {}
    if known and (form.get("new") or (choice and known.get("connector") != choice.name)):
        problems.append(Problem("name", "is in use; take another name"))
    url = form.get("public_url", "").rstrip("/")
    if url and not _ADDRESS.fullmatch(url):
        said = "is no address; write one such as https://desk.example.com"
        problems.append(Problem("public_url", said))
    if problems or choice is None:
        raise UnusableInputError(problems)
    enforcement = known.get("enforcement", "observe")
    desk.file.put_account(name, {"connector": choice.name, "enforcement": enforcement})
    problems += _put_settings(desk.file, name, choice, form)
    if url:
        desk.file.put("public_url", url)
    must_hold(desk.file, problems, lambda where: _asked(desk, name, choice, where))
    return name


def _asked(desk: Desk, name: str, choice: Choice, where: str) -> str:
    """The form's field of one of the account's settings."""
    account, _, setting = where.partition(".")
    if account != f"accounts[{desk.file.names().index(name)}]":
        return ""
    field = setting.removesuffix("_file")
    known = asked_settings(choice, desk.file.account(name) or {})
    return next((one.field for one in known if one.setting.name == field), "")


def _put_settings(
    file: SettingsFile, name: str, choice: Choice, form: Mapping[str, str]
) -> Iterator[Problem]:
    account = file.account(name) or {}
    for asked in asked_settings(choice, account):
        setting = replace(asked.setting, required=False) if asked.known else asked.setting
        try:
            value = connecting.as_value(setting, form.get(asked.field, ""))
        except ConflictError as error:
            said = str(error).partition(": ")[2] or str(error)
            yield Problem(asked.field, said.removesuffix(f" ({setting.label})"))
            continue
        keeps = asked.known and not form.get(asked.field)
        if value not in ("", None, []) and not keeps:
            connecting.put_setting(file, name, setting, value)
    secret = next((s for s in choice.settings if s.name == "webhook_secret"), None)
    if secret is not None and connecting.known_value(account, secret) is None:
        connecting.put_setting(file, name, secret, connecting.new_secret())


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of asking a platform: whose key it is, what is lacking or to be mended there, or
    why it could not be asked."""

    owner: str = ""
    notes: tuple[str, ...] = ()
    failed: str = ""


def try_account(desk: Desk, name: str, now: datetime) -> Tried:
    """Ask the platform whose key it is, and look through its own settings."""
    try:
        with desk.connected(name) as account:
            found = connecting.access(account, now)
            url = str(desk.file.get("public_url") or "")
            address = connecting.webhook_address(url, name) if url else None
            advice = account.connector.examine(address) if account.can("examine") else ()
            notes = (*(found.lacks if found else ()), *(a.message for a in advice))
            return Tried(found.owner if found else "", tuple(dict.fromkeys(notes)))
    except PlatformError as error:
        return Tried(failed=_refused(error))


def _refused(error: PlatformError) -> str:
    return in_plain(connecting.refused(error))


def register(desk: Desk, name: str) -> str:
    """Have the platform send its deliveries here; what was done, in words. Raises
    ``ConflictError``."""
    try:
        with desk.connected(name) as account:
            done = connecting.register(account, str(desk.file.get("public_url") or ""))
    except PlatformError as error:
        raise ConflictError(_refused(error)) from None
    words = {"made": "was made", "changed": "was mended", "already": "is there already"}
    return f"The webhook {words[done.how]}."


def offered(desk: Desk, name: str) -> tuple[Offered, str]:
    """What the platform lists, or nothing and why it could not be asked."""
    try:
        with desk.connected(name) as account:
            return connecting.offered(account), ""
    except PlatformError as error:
        return Offered((), ()), _refused(error)


@dataclass(frozen=True, slots=True)
class Row:
    """A service, host or question: the platform's ``ref`` of it (empty where people write it), what
    it is called there, and what it means here. ``note`` says what is odd about it."""

    ref: str
    called: str
    name: str = ""
    how: str = ALONE
    note: str = ""


@dataclass(frozen=True, slots=True)
class Meanings:
    """All that is named of an account."""

    services: tuple[Row, ...]
    hosts: tuple[Row, ...]
    questions: tuple[Row, ...]


def meanings(file: SettingsFile, name: str, found: Offered) -> Meanings:
    """What the settings say of what the platform lists, with what is likely where they say
    nothing."""
    account = file.account(name) or {}
    services, hosts = account.get("services", {}), account.get("practitioners", {})
    fields, people = account.get("form_fields", {}), file.practitioners()
    listed = [
        _service(s.ref, s.name, services, self_pay=connecting.likely_self_pay(s), s=s)
        for s in found.services
    ]
    refs = {s.ref for s in found.services}
    listed += [_service(r, r, services) for r in services if r not in refs]
    listed += [Row("", "") for _ in range(0 if found.services else EMPTY_ROWS)]
    return Meanings(
        tuple(listed),
        tuple(
            Row(h.ref, h.name, how=hosts.get(h.ref) or _likely(h.name, people)) for h in found.hosts
        ),
        tuple(
            Row(ref, label, how=fields.get(ref) or connecting.likely_fact(label) or "")
            for ref, label in found.questions.items()
        ),
    )


def _service(
    ref: str, called: str, known: Mapping[str, Any], *, self_pay: bool = False, s: Any = None
) -> Row:
    note = ""
    if s is not None and s.asks_confirmation is False and not self_pay:
        note = "It takes bookings without asking: a held visit cannot be held there."
    if ref in known:
        how = SELF_PAY if known[ref]["self_pay"] else INSURANCE
        return Row(ref, called, str(known[ref]["service"]), how, note)
    if known:  # it was left alone
        return Row(ref, called, connecting.name_of(called), ALONE, note)
    return Row(ref, called, connecting.name_of(called), SELF_PAY if self_pay else INSURANCE, note)


def _likely(called: str, people: Mapping[str, str]) -> str:
    first = called.split(" ", maxsplit=1)[0].casefold()
    return next((key for key, name in people.items() if name.casefold().startswith(first)), "")


def put_meanings(desk: Desk, name: str, form: Mapping[str, str]) -> None:
    """Write what services, hosts and questions mean into the settings, which are not saved yet.
    Raises ``UnusableInputError``."""
    services: dict[str, Any] = {}
    problems = []
    for number, ref in _refs(form, "service"):
        called = form.get(f"service-name-{number}", "")
        how = form.get(f"service-how-{number}", ALONE)
        if how == ALONE:
            services[ref] = None
        elif not called:
            problems.append(Problem(f"service-name-{number}", "is missing; give it a plain name"))
        else:
            services[ref] = {"service": called, "self_pay": how == SELF_PAY}
    people = desk.file.practitioners()
    hosts = {ref: form.get(f"host-how-{n}") or None for n, ref in _refs(form, "host")}
    facts = {ref: form.get(f"question-how-{n}") or None for n, ref in _refs(form, "question")}
    hosts = {ref: key if key in people else None for ref, key in hosts.items()}
    facts = {ref: one if one in connecting.FACTS else None for ref, one in facts.items()}
    if not any(services.values()) and not problems:
        problems.append(Problem("", "Name at least one service: of the others nothing is judged."))
    desk.file.put_account(
        name, {"services": services, "practitioners": hosts, "form_fields": facts}
    )
    must_hold(desk.file, problems)


def _refs(form: Mapping[str, str], kind: str) -> Iterator[tuple[int, str]]:
    """The rows of a kind that name something."""
    for number in range(500):
        ref = form.get(f"{kind}-ref-{number}")
        if ref is None:
            return
        if ref and len(ref) <= 255:
            yield number, ref
