"""``doctor``: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from .finding import Finding
from .mail_check import mail_check
from .serve import Config

if TYPE_CHECKING:
    from ..desk.accounts import Account
    from ..hooks.host import Host
    from ..hooks.loading import Plugin
    from ..settings import Settings
    from .start_warnings import StartWarning

_MARKS = {"good": "ok  ", "note": "note", "bad": "BAD "}
#: A code list is in force for a year, and the next one is known a few weeks before.
RELEASE_MONTHS = 12
#: Bytes: a few thousand bookings.
LEAST_FREE = 50_000_000


def doctor(
    config: Config = None,
    offline: Annotated[bool, typer.Option("--offline", help="Do not call the platforms.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Look at settings, database, plugins, accounts, clock and keys. Exit 1 if anything is bad."""
    import json
    from dataclasses import asdict

    found = list(examine(config, datetime.now(UTC), offline=offline))
    if as_json:
        typer.echo(json.dumps([asdict(f) for f in found], indent=2))
    else:
        for finding in found:
            typer.echo(f"{_MARKS[finding.level]} {finding.subject}: {finding.message}")
    if any(f.level == "bad" for f in found):
        raise typer.Exit(1)


def examine(config: Config, now: datetime, *, offline: bool) -> Iterator[Finding]:
    """Every finding, in the order in which things depend on each other."""
    from ..hooks.configured import load_host
    from ..settings import StartError, load_settings, settings_file
    from .exposed import exposed
    from .start_warnings import missing_secrets, settings_warnings

    try:
        settings = load_settings(config)
    except StartError as error:
        yield from (Finding("bad", "settings", line) for line in str(error).splitlines())
        return
    yield Finding("good", "settings", f"{len(settings.accounts)} account(s)")
    yield from _key(settings)
    yield from _warned(settings_warnings(settings, settings_file(config)))
    try:
        host = load_host(settings)
    except StartError as error:
        yield Finding("bad", "rules", str(error))
        return
    yield from _warned(missing_secrets(settings, host))
    yield from _clinic(settings, now)
    yield from _plugins(host, settings)
    yield from _codes(now)
    yield from _accounts(settings, host, now, offline=offline)
    yield from mail_check(settings, offline=offline)
    yield from _room(settings)
    yield from _database(settings, now)
    if not offline:
        yield from exposed(settings)


def _room(settings: Settings) -> Iterator[Finding]:
    """What is written into room that a file has already succeeds on a full disk."""
    import shutil

    if settings.data_dir.is_dir():
        free = shutil.disk_usage(settings.data_dir).free
        if free < LEAST_FREE:
            said = f"{settings.data_dir} has {free // 1_000_000} MB left; make room"
            yield Finding("bad", "disk", said)


def _key(settings: Settings) -> Iterator[Finding]:
    import stat

    from ..store.vault import KEY_FILE

    path = settings.data_dir / KEY_FILE
    if settings.secret_key is not None:
        yield Finding("good", "key", "sealing keys come from the settings")
    elif not path.exists():
        yield Finding("note", "key", f"{path} will be made at the first start")
    elif stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Finding("bad", "key", f"{path} can be read by others; run: chmod 600 {path}")
    else:
        yield Finding("good", "key", f"{path}; keep a copy apart from the database's backups")


def _warned(warnings: Iterable[StartWarning]) -> Iterator[Finding]:
    for warning in warnings:
        yield Finding("bad" if warning.sure else "note", warning.subject, warning.message)


def _meanwhile(plugin: Plugin) -> str:
    holds = plugin.failed_for_all or plugin.serves
    return "it holds bookings" if holds else "no account is connected by it"


def _plugins(host: Host, settings: Settings) -> Iterator[Finding]:
    from .start_warnings import unknown_payers

    known = {plugin.name for plugin in host.plugins}
    for name in settings.disabled_plugins:
        if name not in known:
            yield Finding("note", f"plugin {name}", "is disabled in the settings, not installed")
    for plugin in host.plugins:
        subject = f"plugin {plugin.name}"
        if plugin.disabled:
            yield Finding("note", subject, "is disabled in the settings")
        elif plugin.failure:
            yield Finding(
                "bad",
                subject,
                f"{plugin.failure}; repair or update {plugin.distribution or 'it'}, or add it to "
                f"disabled_plugins; until then {_meanwhile(plugin)}",
            )
        else:
            for said in plugin.amiss.values():
                yield Finding("bad", subject, f"{said}; until then that payer's bookings are held")
            if not plugin.amiss:
                yield Finding("good", subject, plugin.version or "no version")
            yield from (Finding("note", subject, said) for said in plugin.notes)
    yield from _warned(unknown_payers(settings, host))
    for conflict in host.payers.conflicts:
        yield Finding("note", "payers", conflict)


def _clinic(settings: Settings, now: datetime) -> Iterator[Finding]:
    from ..desk.set_up_clinic import npi_problem

    for one in settings.clinic_facts.practitioners or ():
        if wrong := npi_problem(one.npi or "", now.date()):
            yield Finding("bad", "clinic", f"practitioners, {one.key}, npi: {one.npi!r} {wrong}")
    if settings.accounts and not settings.clinic_facts.network:
        yield Finding(
            "note",
            "clinic",
            "[clinic.network] names no payer, so that all that is billed to insurance is on hold; "
            "`mib clinic profile list` shows policies to start from",
        )


def _codes(now: datetime) -> Iterator[Finding]:
    from ..domain.days import add_months
    from ..rulebook.icd10 import releases

    newest = releases()[-1]
    end = add_months(newest.in_force_from, RELEASE_MONTHS)
    if now.date() >= end:
        yield Finding(
            "bad",
            "diagnosis codes",
            f"the newest list ({newest.title}) was in force until {end - timedelta(days=1)}; "
            "update massage-ins-bridge",
        )
    else:
        yield Finding("good", "diagnosis codes", f"{newest.title}, in force until {end}")


def _accounts(settings: Settings, host: Host, now: datetime, *, offline: bool) -> Iterator[Finding]:
    from ..desk.accounts import close_accounts, make_accounts
    from ..settings import StartError

    try:
        accounts = make_accounts(settings, host, {})
    except StartError as error:
        yield Finding("bad", "accounts", str(error))
        return
    for account in accounts.values():
        subject = f"account {account.settings.name}"
        if not account.settings.services:
            yield Finding(
                "note", subject, "no [accounts.services]: every booking is left alone; name them"
            )
        if account.settings.enforcement == "observe":
            yield Finding("note", subject, "only observes; nothing is written to the platform")
        if not offline:
            yield from _on_the_platform(account, subject, settings.public_url, now)
    close_accounts(accounts)


def _on_the_platform(
    account: Account, subject: str, public_url: str, now: datetime
) -> Iterator[Finding]:
    """Whether the platform answers, and what is amiss in the clinic's settings there."""
    from ..api.connectors import PlatformError

    reached = _reach(account, subject, now)
    yield reached
    if reached.level == "bad" or not account.can("examine"):
        return
    url = f"{public_url.rstrip('/')}/webhooks/{account.name}" if public_url else None
    try:
        for advice in account.connector.examine(url):
            yield Finding(advice.level, subject, advice.message)
    except PlatformError as error:
        yield Finding("note", subject, f"its settings there could not be read: {error.message}")


#: What can be said of a platform that lists nothing; by whether it shows one booking.
_UNLISTED = {
    True: "its platform lists no bookings; whether it takes the key shows with the first one",
    False: "its platform cannot be asked; whether its secret fits shows with the first delivery",
}
_NO_CHANGES = "; it does not list what changed: `mib sync {} --full` finds what deliveries missed"


def _reach(account: Account, subject: str, now: datetime) -> Finding:
    from ..api.connectors import PlatformError
    from ..desk.clock_check import apart_from

    look = next((role for role in ("changes", "upcoming") if account.can(role)), None)
    if look is None:
        return Finding("good", subject, _UNLISTED[account.can("fetch")])
    try:
        getattr(account.connector, look)(None, now)
    except PlatformError as error:
        return Finding("bad", subject, f"{error.message}; check base_url and api_key")
    if apart := apart_from(account, datetime.now(UTC)):
        return Finding("bad", "clock", f"{apart}; set the clock: nothing passes until then")
    more = "" if look == "changes" else _NO_CHANGES.format(account.name)
    return Finding("good", subject, f"the platform answers and takes the key{more}")


def _database(settings: Settings, now: datetime) -> Iterator[Finding]:
    from sqlalchemy.exc import SQLAlchemyError

    from ..settings import StartError
    from ..store.database import GONE, database_trouble, open_store, real_write
    from ..store.lock import is_served
    from ..store.migrate import current, head, refuse_newer
    from .contents import contents

    try:
        store = open_store(settings)
    except StartError as error:
        yield Finding("bad", "database", str(error))
        return
    try:
        with store.engine.connect() as connection:
            revision = current(connection)
        refuse_newer(revision)
        if revision is None and store.file is not None and is_served(store.file):
            said = f"{store.file} is empty and a service runs; if that did not start just now, it"
            yield Finding("bad", "database", f"{said} {GONE}")
            return
        if revision is None:
            yield Finding("note", "database", "is empty; it is filled at the first start")
            return
        if revision != head():
            yield Finding("note", "database", f"at {revision}; `mib db upgrade` brings it on")
            return
        real_write(store.engine)
        yield Finding("good", "database", f"{store.engine.dialect.name}, revision {revision}")
        yield from contents(store, settings, now)
    except StartError as error:
        yield Finding("bad", "database", str(error))
    except SQLAlchemyError as error:
        trouble = database_trouble(error, "database", sqlite=store.sqlite)
        yield Finding("bad", "database", str(trouble))
    finally:
        store.close()
