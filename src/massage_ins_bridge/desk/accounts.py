"""Connections to platforms: each account with the connector that speaks to it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from difflib import get_close_matches

from ..api.connectors import AccountConfig, PlatformClient, ServiceMeaning
from ..hooks.connector_class import make_connector
from ..hooks.host import Host
from ..hooks.platform_answers import CheckedConnector, ConnectorFaultError
from ..settings import AccountSettings, Settings, StartError
from .counted import CountedConnector
from .counts import Counts


@dataclass(frozen=True, slots=True)
class Account:
    """One connection to a platform and the connector that speaks to it."""

    settings: AccountSettings
    connector: CheckedConnector
    client: PlatformClient | None = None

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def enforces(self) -> bool:
        return self.settings.enforcement == "enforce"

    def can(self, capability: str) -> bool:
        return capability in self.connector.capabilities

    def turn(self, calls: int) -> AbstractContextManager[None]:
        """Reserve calls to the platform that belong together: all of them may be made, or the
        ``with`` raises ``PlatformBusyError`` before the first."""
        return self.client.turn(calls) if self.client is not None else nullcontext()


def connector_classes(host: Host) -> dict[str, type]:
    """The connectors of the plugins at hand, by the name that settings use."""
    return {
        str(getattr(found, "name", "")): found
        for classes in host.connectors.values()
        for found in classes
    }


def make_accounts(
    settings: Settings, host: Host, extra: Mapping[str, type], counts: Counts | None = None
) -> dict[str, Account]:
    """A connector per account; ``StartError`` names the account whose settings do not do.

    ``extra`` adds classes by name to those of the plugins; ``counts`` is told of every call."""
    counts = counts or Counts()
    classes = {**connector_classes(host), **extra}
    accounts: dict[str, Account] = {}
    try:
        for number, account in enumerate(settings.accounts):
            accounts[account.name] = _make(number, account, classes, counts)
    except BaseException:
        close_accounts(accounts)
        raise
    return accounts


def close_accounts(accounts: Mapping[str, Account]) -> None:
    """Close the connections of all of them."""
    for account in accounts.values():
        if account.client is not None:
            account.client.close()


def _make(
    number: int, account: AccountSettings, classes: Mapping[str, type], counts: Counts
) -> Account:
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
            f"accounts[{number}].base_url: {said}; write an address such as https://api.example.com"
        ) from None
    try:
        connector = CountedConnector(
            make_connector(made, account_config(account, base_url), client), account.name, counts
        )
    except ConnectorFaultError as error:
        client.close()
        raise StartError(f"accounts[{number}].connector: {error}") from None
    except ValueError as error:
        client.close()
        raise StartError(f"accounts[{number}].{_refused(account, error)}") from None
    return Account(account, connector, client)


def _refused(account: AccountSettings, error: ValueError) -> str:
    """Which setting a connector could not use. Its words are not shown where they may speak of a
    secret."""
    key = account.api_key.get_secret_value().strip()
    if not (key.isascii() and key.isprintable()):
        return "api_key: holds odd characters or a line break; copy the key anew from the platform"
    return f"connector: {account.connector!r} cannot use these settings: {error}"


def account_config(account: AccountSettings, base_url: str) -> AccountConfig:
    """The account as its connector needs it."""
    return AccountConfig(
        name=account.name,
        base_url=base_url,
        api_key=account.api_key.get_secret_value(),
        webhook_secret=account.webhook_secret.get_secret_value(),
        services={
            ref: ServiceMeaning(s.service, s.self_pay) for ref, s in account.services.items()
        },
        form_fields=account.form_fields,
        options=account.options,
        hosts=tuple(account.practitioners),
    )
