"""What a text may say, and how: each check lists what is wrong with one text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

LONGEST = 25
STAFF, CLIENT = 10.0, 8.0
#: What nobody can do without here and every reader of the text knows counts as two syllables, so
#: that it does not hide how the sentence around it reads.
STAFFS_WORDS = re.compile(
    r"authoriz\w+|prescri\w+|insur\w+|diagnos\w+|coverages?|evicore|premera"
    r"|coinsurance|deductible|rehabilitation|maintenance|relaxation"
)
CLIENTS_WORDS = re.compile(r"prescription|insurance|provider|diagnosis")
MONTHS = {f"{date(2000, n, 1):%B}": n for n in range(1, 13)}
DAY = re.compile(rf"({'|'.join(MONTHS)}) (\d{{1,2}}), (\d{{4}})")
IN_TIME = re.compile(rf"\b(?:[Bb]y|in time until) {DAY.pattern}")
QUOTED = re.compile(r"“[^”]*”")
SILENT_END = re.compile(r"[^aeiouyl]e$|[^aeiouydt]ed$|[^aeiouysxzcg]es$")

CODES = {
    "a rule's id": re.compile(r"\b(?!ICD-)[A-Z]{2,4}-(?:\d|[A-Z]{3})[A-Z0-9]*\b"),
    "an internal code": re.compile(
        r"\b(?!e-mail|self-(?:pay|insured|insurer)\b)[a-z]+-[a-z-]+\b|\b[a-z]+\.[a-z]+\b|\w_\w"
    ),
    "a file's name": re.compile(r"\.(?:toml|py|md|json)\b"),
    "a day that is not in words": re.compile(r"\d{4}-\d\d-\d\d"),
    "a person's sex": re.compile(r"\b(?:she|he|hers?|hi[ms]|(?:her|him)self)\b", re.IGNORECASE),
    "a hole": re.compile(r"\bNone\b|\{|\}|  |\(\)|\.\.| \.|^(?!eviCore)[a-z]|\b1 \w+s are\b"),
    "one of many": re.compile(r"\b1 (?:visits|days|months|years)\b"),
}
PAYS_ONESELF = re.compile(
    r"self-pay|\bcash\b|superbill|\bpay\b[^.]*\b(?:your|them|one)sel", re.IGNORECASE
)
DOUBT = re.compile(
    r"\bmay\b|\b[Aa]s far as we know\b|\b(?:is|are) said to\b|\boften\b|has not confirmed"
)
PROMISES = re.compile(r"will (?:tell|confirm|see)|taking care|are (?:still )?(?:checking|seeing)")
JARGON = re.compile(r"eviCore|\b(?:PIP|NPI|ICD|[Aa]uthoriz\w+|[Ee]pisode|[Ff]unding|LMT)\b")
REFUSED = "This visit cannot take place on insurance."
AWAITS = re.compile(r"\bPlease\b|\bare (?:still )?checking\b|\b(?:has|must|needs?)\b")
#: What a payer has answered, or what stands on a paper, is no matter of doubt.
ON_FILE = re.compile(r"(?:did not|has not) approved?|has rejected|is closed|does not show")
CAN_DO = re.compile(r"\bPlease\b|\bYou (?:may|are welcome)\b")


@dataclass(frozen=True)
class Text:
    """One text and what it stands in: ``whom`` it is for, what the requirement costs and how sure
    its source is, how the decision came out, and which day it was."""

    text: str
    whom: str
    today: date
    effect: str = "none"
    sure: str = "ours"
    outcome: str = "allow"
    terms: str | None = None
    due: date | None = None


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])[”\"]?\s+", text.strip()) if part]


def syllables(word: str) -> int:
    """By groups of vowels, a silent end aside."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", plain))
    return max(count - bool(count > 1 and SILENT_END.search(plain)), 1)


def grade(text: str, known: re.Pattern[str]) -> float:
    """Flesch and Kincaid's reading grade. A day, and what is quoted, is one short word."""
    plain = QUOTED.sub("it", DAY.sub("May", text))
    words = re.findall(r"[A-Za-z0-9][A-Za-z0-9'-]*", plain)
    counts = [
        min(2, syllables(word)) if known.fullmatch(word.lower()) else syllables(word)
        for word in words
    ]
    length = len(words) / max(len(sentences(plain)), 1)
    return 0.39 * length + 11.8 * sum(counts) / max(len(words), 1) - 15.59


def days(pattern: re.Pattern[str], text: str) -> list[date]:
    return [date(int(y), MONTHS[m], int(d)) for m, d, y in pattern.findall(text)]


def faults(item: Text) -> Iterator[str]:
    """Everything that is wrong with it."""
    if not item.text:
        yield from _of_silence(item)
        return
    yield from _of_any(item)
    if item.whom == "client":
        yield from _of_the_clients(item)
    elif item.whom == "staff, why" and _costs_unsurely(item) and not DOUBT.search(item.text):
        yield "a rule that is not sure speaks surely"


def _costs_unsurely(item: Text) -> bool:
    return item.effect != "none" and item.sure in ("secondary", "unsure")


def _of_silence(item: Text) -> Iterator[str]:
    if item.whom == "client" and item.effect in ("hold", "block") and item.effect == item.outcome:
        yield "the client is told nothing"
    if item.whom in ("staff, why", "staff, work"):
        yield "staff is told nothing"
    if item.whom == "staff, cure" and item.effect in ("hold", "block"):
        yield "staff is not told what to do"


def _of_any(item: Text) -> Iterator[str]:
    text = item.text
    for sentence in sentences(text):
        if len(sentence.split()) > LONGEST:
            yield f"a sentence of {len(sentence.split())} words"
    limit, known = (CLIENT, CLIENTS_WORDS) if item.whom == "client" else (STAFF, STAFFS_WORDS)
    if (found := grade(text, known)) > limit:
        yield f"reading grade {found:.1f}"
    plain = re.sub(r"`[^`]*`", "it", QUOTED.sub("It", text))
    yield from (what for what, pattern in CODES.items() if pattern.search(plain))
    if any(day < item.today for day in days(IN_TIME, text)):
        yield "a deadline that has passed"
    if PAYS_ONESELF.search(text) and item.terms is None:
        yield "paying oneself, where it is not offered"
    if not re.search(r"[.?!]$", text):
        yield "no full stop"


def _of_the_clients(item: Text) -> Iterator[str]:
    text = item.text
    refused = REFUSED in text
    if refused != (item.effect == item.outcome == "block"):
        yield "the refusal is said where there is none, or not said"
    if JARGON.search(text):
        yield "a word that clients do not know"
    if re.search(r"\bpay", text) and item.terms is None and "when you come" not in text:
        yield "a client who may not be billed is told to pay"
    if item.outcome == "block":
        yield from _of_a_refusal(item)
    elif item.effect == item.outcome == "hold":
        if not AWAITS.search(text):
            yield "it is not said what is awaited (Please …, it needs …, we are checking …)"
        if item.due is not None and item.due >= item.today and not days(DAY, text):
            yield "it is not said by when"


def _of_a_refusal(item: Text) -> Iterator[str]:
    if item.effect != "block":
        yield "something is asked of a client whose visit is refused"
    if PROMISES.search(item.text):
        yield "a promise about a visit that is refused"
    if not CAN_DO.search(item.text):
        yield "it is not said what the client can do"
    if _costs_unsurely(item) and not (DOUBT.search(item.text) or ON_FILE.search(item.text)):
        yield "a rule that is not sure speaks surely"
