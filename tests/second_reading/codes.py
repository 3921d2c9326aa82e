"""A few real diagnosis codes: class, first and last day in the ICD-10-CM release."""

from datetime import date

PAYABLE, SECONDARY, HOLD, NEVER, NONE = "payable", "secondary", "hold", "never", "none"

# code -> (class, first day or None, last day or None). What is not here is not a valid code.
CODES: dict[str, tuple[str, str | None, str | None]] = {
    "M54.50": (PAYABLE, "2021-10-01", None),
    "M54.5": (PAYABLE, None, "2021-09-30"),
    "M79.1": (PAYABLE, None, "2018-09-30"),
    "M79.18": (PAYABLE, "2018-10-01", None),
    "M54.2": (PAYABLE, None, None),
    "M54.6": (PAYABLE, None, None),
    "M25.511": (PAYABLE, None, None),
    "M62.830": (PAYABLE, None, None),
    "M75.101": (PAYABLE, None, None),
    "S13.4XXA": (PAYABLE, None, None),
    "S16.1XXD": (PAYABLE, None, None),
    "S39.012A": (PAYABLE, None, None),
    "S33.5XXD": (PAYABLE, None, None),
    "G89.29": (SECONDARY, None, None),
    "G89.4": (SECONDARY, None, None),
    "G56.01": (HOLD, None, None),
    "R52": (HOLD, None, None),
    "S13.4XXS": (HOLD, None, None),
    "M77.11": (HOLD, None, None),
    "F41.1": (NEVER, None, None),
    "Z00.00": (NEVER, None, None),
    "R53.83": (NEVER, None, None),
    "I10": (NONE, None, None),
    "E11.9": (NONE, None, None),
}


PLAIN = {code.replace(".", ""): entry for code, entry in CODES.items()}


def plain(code: str) -> str:
    return code.upper().replace(".", "")


def valid(code: str, day: date) -> bool:
    if plain(code) not in PLAIN:
        return False
    _, first, last = PLAIN[plain(code)]
    return (first or "") <= day.isoformat() <= (last or "9999")


def classes(codes: list[str], day: date) -> set[str]:
    """Classes present; a code that is not valid is in no class."""
    return {PLAIN[plain(code)][0] if valid(code, day) else NONE for code in codes}


def category(code: str) -> str:
    return plain(code)[:3]
