"""The steps of ``connect``: each asks, has ``desk.connecting`` do it, and says what came of it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from ..api.connectors import PlatformError, PlatformHost, PlatformService
from ..desk import connecting
from ..desk.errors import ConflictError
from . import connect_given as given

if TYPE_CHECKING:
    from ..api.connectors import Setting
    from ..desk.accounts import Account
    from ..desk.connecting import Choice, Offered
    from ..hooks.host import Host
    from ..settings.edit import SettingsFile
    from .asking import Asker

_HOLDS = {
    "pending": "a hold is a booking that waits for confirmation there",
    "tag": "a hold is a mark there",
    "tentative": "a hold is a tentative entry there",
    "none": "a hold is a task for staff: nothing there shows it",
}


class Steps:
    """The steps of one account, over the settings file."""

    def __init__(self, file: SettingsFile, host: Host, asker: Asker) -> None:
        self.file, self.name = file, ""
        self._host, self._asker = host, asker
        self.choice: Choice | None = None

    def begin(self, name: str | None) -> None:
        """Which account, on which connector, and how it acts."""
        known = self.file.names()
        suggested = known[0] if len(known) == 1 else "front-desk"
        self.name = (
            given.account_name(name)
            if name
            else self._asker.ask(
                "NAME",
                "Name of the account (a part of the webhook's address)",
                given.account_name,
                suggested=suggested,
            )
        )
        account = self.file.account(self.name) or {}
        found = connecting.choices(self._host)
        if not found:
            raise ConflictError(
                "no connector is installed; install one, such as "
                "massage-ins-bridge-connector-calcom"
            )
        if not account and not self._asker.yes:
            for one in found.values():
                typer.echo(f"  {one.name}: {_HOLDS[one.hold_style]}")
        only = next(iter(found)) if len(found) == 1 else None
        self.choice = self._asker.ask(
            "--connector",
            "Connector",
            lambda text: given.chosen(found, text),
            suggested=account.get("connector", only),
        )
        enforcement = self._asker.ask(
            "--enforcement",
            "observe (only watch) or enforce (write outcomes back)",
            given.enforcement,
            suggested=account.get("enforcement", "observe"),
        )
        self.file.put_account(
            self.name, {"connector": self.choice.name, "enforcement": enforcement}
        )

    def check(self) -> None:
        """The connector's settings, until the platform takes them."""
        while True:
            for setting in self._choice.settings:
                self._ask_setting(setting)
            try:
                with self._connected() as account:
                    found = connecting.access(account, datetime.now(UTC))
            except PlatformError as error:
                if self._asker.yes:
                    raise
                typer.echo(f"  {connecting.refused(error)}", err=True)
                if not self._asker.agreed("Enter them anew?"):
                    raise
                continue
            break
        typer.echo(f"The key belongs to {found.owner}." if found else "The platform answers.")
        for lack in found.lacks if found else ():
            typer.echo(f"  note: {lack}")
        _save(self.file)

    def map(self) -> None:
        """What each service, host and question of the forms means here."""
        with self._connected() as account:
            found = connecting.offered(account)
        known = self.file.account(self.name) or {}
        for service in found.services:
            self._map_service(service, known.get("services", {}).get(service.ref))
        if len(found.hosts) > 1 or any(not host.own for host in found.hosts):
            for host in found.hosts:
                self._map_host(host, known.get("practitioners", {}).get(host.ref))
        for ref, label in found.questions.items():
            self._map_question(ref, label, known.get("form_fields", {}).get(ref))
        self._map_unlisted(found)
        self._tell_unlisted(found)
        _save(self.file)

    def register(self) -> None:
        """Where deliveries go."""
        if not self.hears:
            return
        known = str(self.file.get("public_url") or "")
        url = self._asker.ask(
            "--public-url",
            "Address at which the platform reaches this bridge (https://…; empty: later)",
            given.address,
            suggested=known,
        )
        if url:
            self.file.put("public_url", url)
        if "register" in self._choice.capabilities and not url:
            typer.echo("Deliveries are not sent yet: run this again with --public-url https://…")
            return
        if not url or "register" not in self._choice.capabilities:
            with self._connected() as account:
                typer.echo(f"To do: {connecting.by_hand(account, url)}{self._where_secret()}")
            return
        _save(self.file)
        with self._connected() as account:
            done = connecting.register(account, url)
        words = {"made": "was made", "changed": "was mended", "already": "is there already"}
        detail = f" ({done.detail})" if done.detail else ""
        typer.echo(f"The webhook {words[done.how]}{detail}.")

    def tell_what_is_next(self, *, waited: bool) -> None:
        """What is left to do."""
        with self._connected() as account:
            try:
                address = str(self.file.get("public_url") or "")
                url = connecting.webhook_address(address, self.name) if address else None
                for advice in account.connector.examine(url) if account.can("examine") else ():
                    typer.echo(f"  {advice.level}: {advice.message}")
            except PlatformError as error:
                typer.echo(f"  note: its settings could not be read: {error.message}")
            enforces = account.enforces
        typer.echo(f"{self.name} is connected; the settings stand in {self.file.path}.")
        if not waited:
            typer.echo("Start the service (massage-ins-bridge serve), or start it again.")
        if not enforces:
            typer.echo(
                f"It observes. To go live later: massage-ins-bridge enforce {self.name} --preview"
            )

    @property
    def hears(self) -> bool:
        """Whether the platform sends deliveries."""
        return any(setting.name == "webhook_secret" for setting in self._choice.settings)

    @property
    def _choice(self) -> Choice:
        assert self.choice is not None, "begin() comes first"
        return self.choice

    def _connected(self) -> AbstractContextManager[Account]:
        return connecting.connected(self.file, self.name, self._host)

    def _where_secret(self) -> str:
        file = (self.file.account(self.name) or {}).get("webhook_secret_file")
        return f"; it stands in {file}" if file else ""

    def _ask_setting(self, setting: Setting) -> None:
        known = connecting.known_value(self.file.account(self.name) or {}, setting)
        hidden = setting.secret or setting.name in ("api_key", "webhook_secret")
        makes = setting.name == "webhook_secret" and not known
        suggested = "" if known is not None or not setting.required or makes else None
        if known is not None and not hidden:
            suggested = ", ".join(known) if isinstance(known, list) else str(known)
        elif known is None and setting.default:
            suggested = setting.default
        help_ = f" ({setting.help})" if setting.help else ""
        kept = " (empty: as it is)" if known is not None and hidden else help_
        optional = _optional(setting) if known is not None or makes else setting
        value = self._asker.ask(
            f"--set {setting.name}",
            f"{setting.label}{kept}",
            lambda text: connecting.as_value(optional, text),
            suggested=suggested,
            secret=hidden,
        )
        if makes and not value:
            value = connecting.new_secret()
        if value not in ("", None, []) and not (hidden and value == setting.default):
            connecting.put_setting(self.file, self.name, setting, value)

    def _map_service(self, service: PlatformService, known: Any) -> None:
        minutes = f", {service.minutes} minutes" if service.minutes else ""
        suggested = "-"
        if known:
            suggested = known["service"] + (":self-pay" if known["self_pay"] else "")
        elif not self._asker.yes:
            self_pay = ":self-pay" if connecting.likely_self_pay(service) else ""
            suggested = f"{connecting.name_of(service.name)}{self_pay}"
        meant = self._asker.ask(
            f"--service {service.ref}",
            f"Service {service.name!r} ({service.ref}{minutes}) means (NAME, NAME:self-pay, or - "
            "to leave it alone)",
            connecting.meaning,
            suggested=suggested,
        )
        self.file.put_account(self.name, {"services": {service.ref: meant}})
        if meant and not meant["self_pay"] and service.asks_confirmation is False:
            typer.echo(f"  note: {service.name!r} asks for no confirmation: it cannot be held")

    def _map_host(self, host: PlatformHost, known: str | None) -> None:
        keys = self.file.practitioners()
        named = connecting.name_of(host.name)
        likely = next((key for key, called in keys.items() if called.startswith(host.name)), named)
        key = self._asker.ask(
            f"--host {host.ref}",
            f"{host.name} ({host.ref}) is the practitioner (KEY, or - to leave their bookings "
            f"alone); known: {', '.join(keys) or 'none yet'}",
            given.key,
            suggested=known or ("-" if self._asker.yes else likely),
        )
        if key:
            self.file.add_practitioner(key, host.name)
        self.file.put_account(self.name, {"practitioners": {host.ref: key}})

    def _map_question(self, ref: str, label: str, known: str | None) -> None:
        told = self._asker.ask(
            f"--question {ref}",
            f"Question {label!r} tells ({', '.join(sorted(connecting.FACTS))}, or - for nothing)",
            connecting.fact,
            suggested=known or connecting.likely_fact(label) or "-",
        )
        self.file.put_account(self.name, {"form_fields": {ref: told}})

    def _map_unlisted(self, found: Offered) -> None:
        """What was given by an option, or is known to people alone."""
        listed = {service.ref for service in found.services}
        for ref in self._asker.given("--service"):
            if ref not in listed:
                self._map_service(PlatformService(ref, f"service {ref}"), None)
        for ref in self._asker.given("--host"):
            if ref not in {host.ref for host in found.hosts}:
                self._map_host(PlatformHost(ref, f"host {ref}"), None)
        for ref in self._asker.given("--question"):
            if ref not in found.questions:
                self._map_question(ref, ref, None)
        if found.services or self._asker.yes:
            return
        while ref := typer.prompt("A service, by the platform's id of it (empty: none more)", ""):
            self._map_service(PlatformService(ref, f"service {ref}"), None)

    def _tell_unlisted(self, found: Offered) -> None:
        named = (self.file.account(self.name) or {}).get("services", {})
        if not named:
            typer.echo("No service is named: all bookings are left alone (--service names one).")
        for service in found.services:
            if service.ref not in named:
                typer.echo(f"  left alone: {service.name} ({service.ref})")


def _save(file: SettingsFile) -> None:
    if file.save():
        typer.echo(f"Written to {file.path}.")


def _optional(setting: Setting) -> Setting:
    return replace(setting, required=False, default="")
