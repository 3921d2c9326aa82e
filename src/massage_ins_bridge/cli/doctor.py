"""``doctor``: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from .serve import Config

if TYPE_CHECKING:
    from ..hooks.host import Host
    from ..settings import Settings
    from ..store.database import Store
    from ..workflows.service import Account
    from .start_warnings import StartWarning

Level = Literal["good", "note", "bad"]
_MARKS = {"good": "ok  ", "note": "note", "bad": "BAD "}
#: A code list is in force for a year, and the next one is known a few weeks before.
RELEASE_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is and, where it is not good, the cure in the same line."""

    level: Level
    subject: str
    message: str


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
    from ..settings import StartError, load_settings, settings_file
    from ..workflows.service import load_host
    from .start_warnings import settings_warnings

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
    yield from _plugins(host, settings)
    yield from _codes(now)
    yield from _accounts(settings, host, now, offline=offline)
    yield from _database(settings, now)


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
                "disabled_plugins; until then it holds bookings",
            )
        else:
            yield Finding("good", subject, plugin.version or "no version")
    yield from _warned(unknown_payers(settings, host))
    for conflict in host.payers.conflicts:
        yield Finding("note", "payers", conflict)


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
    from ..settings import StartError
    from ..workflows.service import make_accounts

    try:
        accounts = make_accounts(settings, host, {})
    except StartError as error:
        yield Finding("bad", "accounts", str(error))
        return
    for account in accounts.values():
        subject = f"account {account.settings.name}"
        if not account.settings.services:
            yield Finding(
                "note", subject, "no [accounts.services]: every booking is treated as insurance"
            )
        if account.settings.enforcement == "observe":
            yield Finding("note", subject, "only observes; nothing is written to the platform")
        if not offline:
            yield _reach(account, subject, now)
        if account.client is not None:
            account.client.close()


def _reach(account: Account, subject: str, now: datetime) -> Finding:
    from ..api.connectors import PlatformError

    if not account.can("changes"):
        return Finding("good", subject, "its platform cannot be asked")
    try:
        account.connector.changes(now - timedelta(minutes=5))
    except PlatformError as error:
        return Finding("bad", subject, f"{error.message}; check base_url and api_key")
    except Exception as error:  # noqa: BLE001 - a connector may raise anything
        return Finding("bad", subject, f"its connector failed: {type(error).__name__}")
    return Finding("good", subject, "the platform answers and takes the key")


def _database(settings: Settings, now: datetime) -> Iterator[Finding]:
    from sqlalchemy.exc import SQLAlchemyError

    from ..settings import StartError
    from ..store.database import database_trouble, open_store, real_write
    from ..store.migrate import current, head, refuse_newer

    try:
        store = open_store(settings)
    except StartError as error:
        yield Finding("bad", "database", str(error))
        return
    try:
        with store.engine.connect() as connection:
            revision = current(connection)
        refuse_newer(revision)
        if revision is None:
            yield Finding("note", "database", "is empty; it is filled at the first start")
            return
        if revision != head():
            yield Finding("note", "database", f"at {revision}; `mib db upgrade` brings it on")
            return
        real_write(store.engine)
        yield Finding("good", "database", f"{store.engine.dialect.name}, revision {revision}")
        yield from _contents(store, settings, now)
    except StartError as error:
        yield Finding("bad", "database", str(error))
    except SQLAlchemyError as error:
        trouble = database_trouble(error, "database", sqlite=store.sqlite)
        yield Finding("bad", "database", str(trouble))
    finally:
        store.close()


def _contents(store: Store, settings: Settings, now: datetime) -> Iterator[Finding]:
    from sqlalchemy import func, select

    from ..settings import DEFAULT_CLINIC
    from ..store.keys import list_keys
    from ..store.models import DecisionRow, EffectRow
    from ..store.seals import try_keys
    from ..store.vault import SealError

    with store.read() as session:
        latest = session.scalar(select(func.max(DecisionRow.decided_at)))
        if latest is not None and latest > now + timedelta(minutes=5) and not settings.demo_clock:
            yield Finding("bad", "clock", f"decisions lie in the future ({latest}); set the clock")
        else:
            yield Finding("good", "clock", f"{now:%Y-%m-%d %H:%M} UTC")
        try:
            try_keys(store.engine, store.vault)
        except SealError as error:
            yield Finding("bad", "key", str(error))
            return
        failed = select(func.count()).where(EffectRow.state == "failed")
        if count := session.scalar(failed):
            yield Finding("note", "effects", f"{count} could not be written; see the tasks")
    if not any(key.revoked_at is None for key in list_keys(store, DEFAULT_CLINIC)):
        yield Finding("note", "API keys", "there is none; `mib key add NAME` makes one")
    yield from _unconfirmed(store, settings)


def _unconfirmed(store: Store, settings: Settings) -> Iterator[Finding]:
    """Services whose platform setting lets insurance bookings in without asking, as seen by
    bookings that had been accepted when they should have waited."""
    from sqlalchemy import select

    from ..store.bookings import Bookings
    from ..store.models import BookingRow, EffectRow

    with store.read() as session:
        rows = session.scalars(
            select(BookingRow)
            .join(EffectRow, EffectRow.booking_id == BookingRow.id)
            .where(EffectRow.kind == "manual")
            .order_by(BookingRow.created_at.desc())
            .limit(500)
        )
        seen = {
            (row.account, Bookings(session, store.vault, row.clinic).details(row).service_ref)
            for row in rows
        }
    for account, service in _still_there(settings, seen):
        yield Finding(
            "note",
            f"account {account}",
            f"the service {service} lets bookings in unconfirmed: have the platform ask for "
            "confirmation, or holds are left to staff",
        )


def _still_there(
    settings: Settings, seen: Iterable[tuple[str, str | None]]
) -> Iterator[tuple[str, str]]:
    for name, service in sorted((a, s) for a, s in seen if s):
        account = settings.account(name)
        meant = account.services.get(service) if account else None
        if account is not None and (meant is None or not meant.self_pay):
            yield name, service
