"""A few real diagnosis codes: class, first and last day in the ICD-10-CM release."""

from datetime import date

PAYABLE, SECONDARY, HOLD, NEVER, NONE = "payable", "secondary", "hold", "never", "none"

IN_FORCE = {
    PAYABLE: "M54.2 M54.6 M25.511 M62.830 M75.101 S13.4XXA S16.1XXD S39.012A S33.5XXD",
    SECONDARY: "G89.29 G89.4",
    HOLD: "G56.01 R52 S13.4XXS M77.11",
    NEVER: "F41.1 Z00.00 R53.83",
    NONE: "I10 E11.9",
}
# code -> (class, first day or None, last day or None). What is not here is not a valid code.
CODES: dict[str, tuple[str, str | None, str | None]] = {
    "M54.50": (PAYABLE, "2021-10-01", None),
    "M54.5": (PAYABLE, None, "2021-09-30"),
    "M79.1": (PAYABLE, None, "2018-09-30"),
    "M79.18": (PAYABLE, "2018-10-01", None),
} | {code: (kind, None, None) for kind, codes in IN_FORCE.items() for code in codes.split()}
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
