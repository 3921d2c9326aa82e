"""What is wrong with settings whose every field is sound by itself."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from email import policy

from ..domain.reading import UnusableInputError
from ..domain.request import impossible_clinic
from .model import AccountSettings, Settings

MOST_DOLLARS = 10_000


def problems_of(settings: Settings) -> Iterator[str]:
    """One line for each, with the field and the cure."""
    keys: list[str] = []
    try:
        facts = settings.clinic_facts
        yield from map(str, impossible_clinic(facts))
        keys = [p.key for p in facts.practitioners or ()]
    except UnusableInputError as error:
        yield from map(str, error.problems)
    if not isinstance(settings.clinic.get("office_hours", ""), str):
        yield "clinic.office_hours: must be text; write days and times, in quotation marks"
    else:
        try:
            _ = settings.office_hours
        except ValueError as error:
            yield f"clinic.office_hours: {error}"
    names = [a.name for a in settings.accounts]
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield f"accounts: the name {name!r} is given twice; webhooks could not be told apart"
    yield from _mail(settings)
    for number, account in enumerate(settings.accounts):
        yield from _practitioners(f"accounts[{number}].practitioners", account, keys)


def _mail(settings: Settings) -> Iterator[str]:
    mail = settings.mail
    if mail is None:
        return
    if not settings.public_url:
        yield "mail: clients get the address of their page with each e-mail; set public_url"
    if not settings.clinic.get("name"):
        yield "mail: every e-mail says whom it is from; set name under [clinic]"
    if mail.user and mail.security == "none":
        yield 'mail.security: a password would be sent unsealed; use "starttls" or "tls"'
    named = {"sender": mail.sender} | {f"staff[{n}]": text for n, text in enumerate(mail.staff)}
    if mail.reply_to:
        named["reply_to"] = mail.reply_to
    for field, text in named.items():
        if not is_address(text):
            yield f"mail.{field}: {text!r} is no e-mail address; write one like desk@clinic.example"
    for service, price in settings.client_page.prices.items():
        if not 0 < price < MOST_DOLLARS:
            yield f"client_page.prices.{service}: {price} is no price of a visit; write dollars"


def is_address(text: str) -> bool:
    """Whether a text is one e-mail address, with or without a name, in one line."""
    if not text.isprintable():
        return False
    header = policy.SMTP.header_factory("to", text)
    found = list(getattr(header, "addresses", ()))
    return len(found) == 1 and not header.defects and "." in found[0].domain.strip(".")


def _practitioners(where: str, account: AccountSettings, keys: list[str]) -> Iterator[str]:
    for host, key in account.practitioners.items():
        if key in keys:
            continue
        near = get_close_matches(key, keys, n=1)
        cure = f"did you mean {near[0]!r}?" if near else "add a [[clinic.practitioners]] with it"
        yield f"{where}.{host}: {key!r} is no key of [[clinic.practitioners]]; {cure}"
