"""E-mail addresses and telephone numbers in the one form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from fnmatch import fnmatchcase

import phonenumbers

#: Where numbers without a country's code are at home.
_HOME = "US"
#: A number without its area code.
_LOCAL = 7
_WITH_AREA = 10
_MEXICO = 52
#: Google's help, "Dots don't matter in Gmail addresses" and "Why is my address googlemail.com";
#: Apple's support, "iCloud Mail addresses".
_SAME_DOMAIN = {"googlemail.com": "gmail.com", "me.com": "icloud.com", "mac.com": "icloud.com"}
_DOTS_IGNORED = frozenset({"gmail.com"})
_SEVERAL = re.compile(r"\s*(?:[/;|\n]|,(?!,)|\bor\b|\band\b)\s*", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\((?=[^)]*[a-z])[^)]*\)", re.IGNORECASE)
_ABROAD = re.compile(r"^\W*(?:00|011)(?=[\s.\-]*[1-9])")
_KIND = re.compile(r"\b(?:cell|mobile|home|work|office|phone|tel|main)\b[.:]?", re.IGNORECASE)


def normal_email(value: str | None) -> str | None:
    """The mailbox that an address leads to: without what follows a plus, and without dots where the
    provider ignores them. ``None`` for what is no address."""
    text = unicodedata.normalize("NFKC", value or "").strip().strip("<>").casefold()
    local, _, domain = text.removeprefix("mailto:").rpartition("@")
    domain = domain.rstrip(".")
    local = local.partition("+")[0] or local
    if not local or not domain or any(c.isspace() for c in text):
        return None
    domain = _SAME_DOMAIN.get(domain, domain)
    if domain in _DOTS_IGNORED:
        local = local.replace(".", "")
    return f"{local}@{domain}"


def made_up(email: str | None, patterns: Iterable[str]) -> bool:
    """Whether an address is one that the platform made, such as for who gave a telephone alone. It
    leads to nobody, and many people may share it."""
    text = (email or "").strip().casefold()
    return any(fnmatchcase(text, pattern.casefold()) for pattern in patterns)


def normal_phones(value: str | None) -> tuple[str, ...]:
    """Every telephone number in a text, with its country's code and without an extension."""
    text = _KIND.sub(" ", _IN_BRACKETS.sub(" ", unicodedata.normalize("NFKC", value or "")))
    whole = normal_phone(text.replace("/", " "))  # 206/555-0100
    parts = [text] if whole else _SEVERAL.split(text)
    found = (normal_phone(part.replace("/", " ")) for part in parts)
    return tuple(dict.fromkeys(number for number in found if number))


def normal_phone(value: str | None) -> str | None:
    """One number as its digits, those of the country first. A number of seven digits has no area
    code and stays as it is. ``None`` for what is no number."""
    text = _ABROAD.sub("+", (value or "").strip())
    try:
        read = phonenumbers.parse(text, _HOME)
    except phonenumbers.NumberParseException:
        return None
    national = str(read.national_number)
    if len(national) == _LOCAL:
        return national
    if read.country_code == 1 and len(national) != _WITH_AREA:
        return None
    if read.country_code == _MEXICO and len(national) > _WITH_AREA:
        national = national.removeprefix("1")  # mobile numbers had it until 2019
    return f"{read.country_code}{national}" if len(national) > _LOCAL - 2 else None


def local_part(phone: str) -> str:
    """What a number ends with, whatever its country and area."""
    return phone[-_LOCAL:]


def same_phone(one: str, other: str) -> bool:
    """Whether two numbers can be one: one of them may lack its area code."""
    if _LOCAL in (len(one), len(other)):
        return local_part(one) == local_part(other)
    return one == other
