"""Changing the settings file: what people wrote in it stays, comments and all; what is written is
checked first, and the file as it was is kept beside it."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from .changed import changed_words
from .errors import ChangedMeanwhileError, SettingsError
from .files import alone_in, read_secret, text_of, write_alone
from .load import load_settings
from .model import Settings
from .policies import choose

#: What is said of a file that somebody else changed first.
_MEANWHILE = "was changed meanwhile, and nothing was written; do it again"


class SettingsFile:
    """A settings file that is being changed; nothing is written before ``save``."""

    def __init__(self, path: Path) -> None:
        """``path`` need not exist. Raises ``SettingsError`` for what is no TOML."""
        self.path = path
        self._secrets: dict[Path, str] = {}
        self._kept = False
        try:
            self._old = text_of(path)
            self._document: Any = tomlkit.parse(self._old)
        except (OSError, UnicodeDecodeError, TOMLKitError) as error:
            raise SettingsError([f"{path}: cannot be read as settings: {error}"]) from None

    @property
    def before(self) -> Path:
        """Where the file is kept as it was before the first change."""
        return self.path.with_name(self.path.name + ".before")

    def get(self, name: str) -> Any:
        """A setting of the whole installation; ``None`` where it is not in the file."""
        return _plain(self._document.get(name))

    def put(self, name: str, value: Any) -> None:
        """Set one."""
        if self.get(name) != value:
            self._document[name] = value

    def account(self, name: str) -> dict[str, Any] | None:
        """The account of that name, as it stands in the file."""
        found = self._account(name)
        return _plain(found) if found is not None else None

    def names(self) -> list[str]:
        """Of all accounts in the file."""
        return [str(account.get("name")) for account in self._document.get("accounts", ())]

    def put_account(self, name: str, values: Mapping[str, Any]) -> None:
        """Set fields of an account, which is added where there is none; ``None`` takes a field
        out. Tables such as ``services`` are laid over what stands there, key by key."""
        account = self._account(name)
        if account is None:
            account = tomlkit.table()
            account["name"] = name
            if "accounts" not in self._document:
                self._apart()
                self._document["accounts"] = tomlkit.aot()
            self._document["accounts"].append(account)
            account = self._account(name)
        _lay(account, values)

    def put_secret(self, name: str, field: str, value: str) -> None:
        """Set a secret of an account where its settings keep it: in the file that they name, else
        in place where it stands already, else in a file of its own beside the settings."""
        account = self._account(name)
        if account is not None and field in account:
            account[field] = value
            return
        file = f"{field}_file"
        named = account.get(file) if account is not None else None
        path = Path(str(named)) if named else self.path.resolve().with_name(f"{name}-{field}")
        self._secrets[path] = value
        if not named:
            self.put_account(name, {file: str(path)})

    def put_option(self, name: str, option: str, value: Any) -> None:
        """Set one of an account's ``options``."""
        self.put_account(name, {"options": {option: value}})

    def table(self, name: str) -> dict[str, Any]:
        """A table of the whole installation, such as ``clinic``, as it stands in the file."""
        return _plain(self._document.get(name)) or {}

    def put_table(self, name: str, values: Mapping[str, Any]) -> None:
        """Set fields of such a table; ``None`` takes a field out."""
        if any(value is not None for value in values.values()) or name in self._document:
            _lay(self._table(name), values)

    @property
    def tag(self) -> str:
        """It names what the file says as it was read or saved: another one is another file."""
        return hashlib.sha256(self._old.encode()).hexdigest()[:24]

    def changed(self) -> str:
        """What is to be saved, in words without secrets; empty where nothing is."""
        words = changed_words(tomlkit.parse(self._old).unwrap(), self._document.unwrap())
        secrets = (path.name for path, value in self._secrets.items() if read_secret(path) != value)
        return "; ".join(
            [*([words] if words else []), *(f"{name} was changed" for name in secrets)]
        )

    def put_policy(self, name: str) -> None:
        """Lay one of the ready policies over the clinic's own, and over what another one wrote."""
        for _ in choose(self._table("clinic"), name):
            pass

    def put_network(self, payer: str, spans: Sequence[Mapping[str, Any]]) -> None:
        """Since when the clinic is in or out of a payer's network; none: that is not known."""
        clinic = self._table("clinic")
        network = clinic.setdefault("network", tomlkit.table())
        if not spans:
            network.pop(payer, None)
        elif _plain(network.get(payer)) != [dict(span) for span in spans]:
            network[payer] = [_inline(span) for span in spans]

    def add_practitioner(self, key: str, called: str) -> None:
        """Add one of the clinic's practitioners, unless there is one of that key."""
        if key not in self.practitioners():
            self.put_practitioner(key, {"name": called})

    def put_practitioner(self, key: str, values: Mapping[str, Any]) -> None:
        """Set what is known of one of the clinic's practitioners, who is added where there is none
        of that key."""
        clinic = self._table("clinic")
        if "practitioners" not in clinic:
            clinic["practitioners"] = tomlkit.aot()
        found = next((one for one in clinic["practitioners"] if one.get("key") == key), None)
        if found is None:
            made = tomlkit.table()
            made["key"] = key
            clinic["practitioners"].append(made)
            found = clinic["practitioners"][-1]
        _lay(found, values)

    def where_named(self, key: str) -> list[str]:
        """Where the settings speak of a practitioner: payers' networks, and accounts' hosts."""
        network = self.table("clinic").get("network") or {}
        payers = [
            f"in the network of {payer}"
            for payer, spans in network.items()
            if any(key in span.get("practitioners", ()) for span in spans)
        ]
        accounts = (self.account(name) or {} for name in self.names())
        hosts = [
            f"as a host of {account['name']}"
            for account in accounts
            if key in account.get("practitioners", {}).values()
        ]
        return payers + hosts

    def remove_practitioner(self, key: str) -> None:
        """Take out one of the clinic's practitioners, with all that is said of them elsewhere. What
        held for them alone is not known then, so that it holds bookings at most."""
        for payer, spans in (self.table("clinic").get("network") or {}).items():
            if any(key in span.get("practitioners", ()) for span in spans):
                self.put_network(payer, list(_without(spans, key)))
        for account in self.names():
            hosts = (self.account(account) or {}).get("practitioners", {})
            gone = {host: None for host, meant in hosts.items() if meant == key}
            self.put_account(account, {"practitioners": gone} if gone else {})
        known = self._table("clinic").get("practitioners", ())
        for number in reversed(range(len(known))):
            if known[number].get("key") == key:
                del known[number]

    def practitioners(self) -> dict[str, str]:
        """The clinic's practitioners: names by key."""
        found = self._document.get("clinic", {}).get("practitioners", ())
        return {str(one.get("key")): str(one.get("name", "")) for one in found}

    def settings(self) -> Settings:
        """What the file will say, with the environment over it. Raises ``SettingsError``."""
        trial = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        kept = {path: read_secret(path) for path in self._secrets}
        try:
            write_alone(trial, tomlkit.dumps(self._document))
            for path, value in self._secrets.items():
                write_alone(path, value)
            return load_settings(trial)
        except SettingsError as error:
            said = [line.replace(str(trial), str(self.path)) for line in error.problems]
            raise SettingsError(said) from None
        finally:
            trial.unlink(missing_ok=True)
            for path, old in kept.items():
                path.unlink(missing_ok=True) if old is None else write_alone(path, old)

    def save(self) -> bool:
        """Check and write; whether anything was to be written. Raises ``SettingsError``, as
        ``ChangedMeanwhileError`` where the file is not what was read any more."""
        self.settings()
        with alone_in(self.path.parent):
            if not self._is_as_read():
                raise ChangedMeanwhileError([f"{self.path}: {_MEANWHILE}"])
            return self._write()

    def _is_as_read(self) -> bool:
        try:
            return text_of(self.path) == self._old
        except (OSError, UnicodeDecodeError):
            return False

    def _write(self) -> bool:
        text = tomlkit.dumps(self._document)
        changed = text != self._old
        for path, value in self._secrets.items():
            if read_secret(path) != value:
                write_alone(path, value)
                changed = True
        self._secrets.clear()
        if text != self._old:
            if self.path.exists() and not self._kept:
                shutil.copy2(self.path, self.before)
            self._kept = True
            new = self.path.with_name(f".{self.path.name}.{os.getpid()}")
            write_alone(new, text)
            if self.path.exists():
                shutil.copymode(self.path, new)
            new.replace(self.path)
            self._old = text_of(self.path)
        return changed

    def _table(self, name: str) -> Any:
        if name not in self._document:
            self._apart()
            self._document[name] = tomlkit.table()
        return self._document[name]

    def _apart(self) -> None:
        """An empty line before what comes."""
        if tomlkit.dumps(self._document).strip():
            self._document.add(tomlkit.nl())

    def _account(self, name: str) -> Any:
        for account in self._document.get("accounts", ()):
            if account.get("name") == name:
                return account
        return None


def _without(spans: Sequence[Mapping[str, Any]], key: str) -> Iterator[dict[str, Any]]:
    """A payer's spans without a practitioner."""
    for span in spans:
        named = span.get("practitioners")
        left = [one for one in named or () if one != key]
        if named is None or left:
            yield {**span, **({"practitioners": left} if named is not None else {})}


def _lay(target: Any, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, Mapping):
            if not isinstance(target.get(key), Mapping):
                if all(item is None for item in value.values()):
                    continue
                target[key] = tomlkit.table()
            for inner, item in value.items():
                _lay_item(target[key], inner, item)
        elif _plain(target.get(key)) != value:
            target[key] = value


def _lay_item(table: Any, key: str, item: Any) -> None:
    if item is None:
        table.pop(key, None)
    elif _plain(table.get(key)) != item:
        table[key] = _inline(item) if isinstance(item, Mapping) else item


def _inline(values: Mapping[str, Any]) -> Any:
    inline = tomlkit.inline_table()
    inline.update(values)
    return inline


def _plain(value: Any) -> Any:
    return value.unwrap() if hasattr(value, "unwrap") else value
