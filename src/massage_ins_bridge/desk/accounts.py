"""Connections to platforms: each account with the connector that speaks to it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from difflib import get_close_matches

from ..api.connectors import AccountConfig, PlatformClient, ServiceMeaning
from ..domain.clinic import DEFAULT_ZONE
from ..hooks.connector_class import amiss, make_connector
from ..hooks.host import Host
from ..hooks.platform_answers import CheckedConnector, ConnectorFaultError
from ..settings import AccountSettings, Settings, StartError
from .counted import CountedConnector
from .counts import Counts

#: What a notice asks for, of a platform that acts by itself.
_BY_NOTICE = frozenset({"confirm", "reject", "cancel"})


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
    def platform(self) -> str:
        """Its platform as people call it, to begin a sentence with."""
        return self.connector.platform_name or "The platform"

    @property
    def platform_within(self) -> str:
        """The same within a sentence."""
        name = self.platform
        return f"the {name.removeprefix('The ')}" if name.startswith("The ") else name

    @property
    def enforces(self) -> bool:
        return self.settings.enforcement == "enforce"

    def can(self, capability: str) -> bool:
        """Whether its platform can do it. One that is told does itself what a notice asks for."""
        found: frozenset[str] = self.connector.capabilities
        return capability in found or (capability in _BY_NOTICE and "tell" in found)

    @property
    def marks(self) -> bool:
        """Whether its platform marks bookings as held that it had accepted."""
        marked = self.connector.hold_style in ("tag", "tentative")
        return marked and (self.can("hold") or self.can("tell"))

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


def sound_classes(host: Host) -> dict[str, type]:
    """Those of them that an account could use."""
    return {name: made for name, made in connector_classes(host).items() if amiss(made) is None}


def make_accounts(
    settings: Settings, host: Host, extra: Mapping[str, type], counts: Counts | None = None
) -> dict[str, Account]:
    """A connector per account; ``StartError`` names the account whose settings do not do.

    ``extra`` adds classes by name to those of the plugins; ``counts`` is told of every call."""
    counts = counts or Counts()
    classes = {**connector_classes(host), **extra}
    accounts: dict[str, Account] = {}
    zone = settings.clinic_facts.timezone or DEFAULT_ZONE
    try:
        for number, account in enumerate(settings.accounts):
            if account.connector not in classes:
                cure = _instead_of(account.connector, classes, host)
                raise StartError(f"accounts[{number}].connector: {cure}")
            accounts[account.name] = _make(number, account, classes, counts, zone)
    except BaseException:
        close_accounts(accounts)
        raise
    return accounts


def close_accounts(accounts: Mapping[str, Account]) -> None:
    """Close the connections of all of them."""
    for account in accounts.values():
        if account.client is not None:
            account.client.close()


def _instead_of(connector: str, classes: Mapping[str, type], host: Host) -> str:
    """What is said of a connector that no plugin at hand brings."""
    if any(plugin.name == connector and plugin.disabled for plugin in host.plugins):
        return f"{connector!r} is switched off; `mib plugins enable {connector}`, and start again"
    near = get_close_matches(connector, classes, n=1)
    known = f"did you mean {near[0]!r}?" if near else "see `mib plugins`"
    return f"no installed plugin brings {connector!r}; {known}"


def _make(
    number: int, account: AccountSettings, classes: Mapping[str, type], counts: Counts, zone: str
) -> Account:
    made = classes[account.connector]
    base_url = account.base_url or str(getattr(made, "default_base_url", ""))
    try:
        client = PlatformClient(
            base_url, per_minute=account.rate_limit, allowed_hosts=account.allowed_hosts
        )
    except ValueError as error:
        said = str(error).removeprefix("base_url ")
        raise StartError(
            f"accounts[{number}].base_url: {said}; write an address such as https://api.example.com"
        ) from None
    try:
        config = account_config(account, base_url, zone)
        connector = CountedConnector(make_connector(made, config, client), account.name, counts)
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


def account_config(account: AccountSettings, base_url: str, zone: str) -> AccountConfig:
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
        timezone=zone,
    )
