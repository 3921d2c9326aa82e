"""A few real diagnosis codes: class, first and last day in the ICD-10-CM release."""

from datetime import date

PAYABLE, SECONDARY, HOLD, NEVER, NONE = "payable", "secondary", "hold", "never", "none"
AFTERCARE = "aftercare"  # paid for beside a musculoskeletal code

IN_FORCE = {
    PAYABLE: (
        "M54.2 M54.6 M54.12 M54.31 M54.81 M25.511 M25.561 M62.830 M75.101 M75.01 M75.41 M77.11 "
        "M70.61 M76.51 M43.6 M62.40 M79.2 M25.611 G56.01 G54.0 G43.909 G44.209 R25.2 R07.89 "
        "R68.84 R07.82 M76.61 M50.20 M51.26 M53.3 S13.4XXA S16.1XXD S39.012A S33.5XXD"
    ),
    SECONDARY: "G89.29 G89.4",
    HOLD: "R52 R26.2 R10.9 R07.9 R25.1 R29.3 I89.0 M99.01 S13.4XXS D17.0",
    NEVER: "F41.1 Z00.00 Z73.3 R53.83 R42 Y93.01",
    AFTERCARE: "Z47.1 Z48.89",
    NONE: "I10 E11.9 M17.11",
}
# code -> (class, first day or None, last day or None). What is not here is not a valid code.
CODES: dict[str, tuple[str, str | None, str | None]] = {
    "M54.50": (PAYABLE, "2021-10-01", None),
    "M54.5": (PAYABLE, None, "2021-09-30"),
    "M79.1": (PAYABLE, None, "2018-09-30"),
    "M79.18": (PAYABLE, "2018-10-01", None),
    "G44.86": (PAYABLE, "2021-10-01", None),
    "R51.9": (PAYABLE, "2020-10-01", None),
    "R05.9": (NEVER, "2021-10-01", None),
    "M72.2": (PAYABLE, None, "2026-09-30"),
    "M72.20": (PAYABLE, "2026-10-01", None),
    "M26.609": (PAYABLE, "2016-10-01", None),
    "M48.061": (PAYABLE, "2017-10-01", None),
} | {code: (kind, None, None) for kind, codes in IN_FORCE.items() for code in codes.split()}
PLAIN = {code.replace(".", ""): entry for code, entry in CODES.items()}


def plain(code: str) -> str:
    return code.upper().replace(".", "").strip()


def valid(code: str, day: date) -> bool:
    if plain(code) not in PLAIN:
        return False
    _, first, last = PLAIN[plain(code)]
    return (first or "") <= day.isoformat() <= (last or "9999")


def classes(codes: list[str], day: date) -> set[str]:
    """Classes present; a code that is not valid is in no class."""
    good = [plain(code) for code in codes if valid(code, day)]
    kinds = {PLAIN[code][0] for code in good} | ({NONE} if len(good) < len(codes) else set())
    if AFTERCARE in kinds:
        kinds.remove(AFTERCARE)
        kinds.add(PAYABLE if any(code[0] in "MS" for code in good) else NONE)
    return kinds


def category(code: str) -> str:
    return plain(code)[:3]


def share(ours: list[str], theirs: list[str]) -> bool:
    """Whether two lists of codes have a three-character category in common."""
    return bool({category(code) for code in ours} & {category(code) for code in theirs})
