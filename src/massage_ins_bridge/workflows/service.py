"""Everything that the workflows work with, put together once at the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from ..api.connectors import AccountConfig, Connector, PlatformClient
from ..api.connectors import Service as PlatformService
from ..hooks.host import Host, HostError
from ..rulebook.book import RuleDataError
from ..rulebook.overrides import read_overrides
from ..settings import DEFAULT_CLINIC, AccountSettings, Settings, StartError
from ..store.chart import ChartContext
from ..store.database import Store, open_store
from ..store.lock import DataFileLock
from ..store.migrate import upgrade
from ..store.seals import refuse_other_key
from .clock import Clock


@dataclass(frozen=True, slots=True)
class Account:
    """One connection to a platform and the connector that speaks to it."""

    settings: AccountSettings
    connector: Connector
    client: PlatformClient | None = None

    @property
    def enforces(self) -> bool:
        return self.settings.enforcement == "enforce"

    def can(self, capability: str) -> bool:
        return capability in self.connector.capabilities


@dataclass(slots=True)
class Service:
    """A running installation. ``on_work`` is called after a commit that left work to start."""

    settings: Settings
    store: Store
    host: Host
    clock: Clock
    accounts: Mapping[str, Account]
    clinic: str = DEFAULT_CLINIC
    lock: DataFileLock | None = None
    on_work: Callable[[str, str], None] = field(default=lambda _kind, _id: None)

    @property
    def context(self) -> ChartContext:
        return ChartContext(self.store.vault, self.clinic, self.settings.clinic_facts)

    def close(self) -> None:
        for account in self.accounts.values():
            if account.client is not None:
                account.client.close()
        self.store.close()
        if self.lock is not None:
            self.lock.give_back()


def build_service(
    settings: Settings,
    clock: Clock,
    host: Host | None = None,
    connectors: Mapping[str, type] | None = None,
) -> Service:
    """Open the database (migrating it), load the plugins and connect the accounts.

    ``connectors`` adds classes by name to those of the plugins. Raises ``StartError``.
    """
    host = host or load_host(settings)
    accounts = make_accounts(settings, host, connectors or {})
    store = open_store(settings)
    lock = DataFileLock(store.file) if store.file is not None else None
    service = Service(settings, store, host, clock, accounts, lock=lock)
    try:
        if lock is not None:
            lock.take()
        upgrade(store)
        refuse_other_key(store.engine, store.vault)
    except BaseException:
        service.close()
        raise
    return service


def load_host(settings: Settings) -> Host:
    """The host with the clinic's choices; ``StartError`` where its rule file is unsound."""
    try:
        tables = read_overrides(settings.rules_file) if settings.rules_file else ()
        return Host.load(
            disabled=settings.disabled_plugins,
            overrides=tables,
            time_limit=settings.plugin_time_limit,
        )
    except (HostError, RuleDataError) as error:
        raise StartError(str(error)) from None


def connector_classes(host: Host) -> dict[str, type]:
    """The connectors of the plugins at hand, by the name that settings use."""
    return {
        str(getattr(found, "name", "")): found
        for classes in host.connectors.values()
        for found in classes
    }


def make_accounts(settings: Settings, host: Host, extra: Mapping[str, type]) -> dict[str, Account]:
    """A connector per account; ``StartError`` names the account whose settings do not do."""
    classes = {**connector_classes(host), **extra}
    accounts: dict[str, Account] = {}
    for number, account in enumerate(settings.accounts):
        made = classes.get(account.connector)
        if made is None:
            near = get_close_matches(account.connector, classes, n=1)
            known = f"did you mean {near[0]!r}?" if near else "see `mib plugins`"
            raise StartError(
                f"accounts[{number}].connector: no installed plugin brings "
                f"{account.connector!r}; {known}"
            )
        base_url = account.base_url or str(getattr(made, "default_base_url", ""))
        try:
            client = PlatformClient(base_url, per_minute=account.rate_limit)
        except ValueError as error:
            said = str(error).removeprefix("base_url ")
            raise StartError(
                f"accounts[{number}].base_url: {said}; write an address such as "
                "https://api.example.com"
            ) from None
        try:
            connector = made(account_config(account, base_url), client)
        except ValueError as error:
            client.close()
            raise StartError(f"accounts[{number}].{_refused(account, error)}") from None
        accounts[account.name] = Account(account, connector, client)
    return accounts


def _refused(account: AccountSettings, error: ValueError) -> str:
    """Which setting a connector could not use. Its words are not shown where they may speak of a
    secret."""
    key = account.api_key.get_secret_value().strip()
    if not (key.isascii() and key.isprintable()):
        return "api_key: holds odd characters or a line break; copy the key anew from the platform"
    return f"connector: {account.connector!r} cannot use these settings: {error}"


def account_config(account: AccountSettings, base_url: str) -> AccountConfig:
    return AccountConfig(
        name=account.name,
        base_url=base_url,
        api_key=account.api_key.get_secret_value(),
        webhook_secret=account.webhook_secret.get_secret_value(),
        services={
            ref: PlatformService(s.service, s.self_pay) for ref, s in account.services.items()
        },
        form_fields=account.form_fields,
        options=account.options,
    )
