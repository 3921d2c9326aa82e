"""E-mails: filled in, kept in their lines, and without a word on anybody's health."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massage_ins_bridge.messages.days import Language
from massage_ins_bridge.messages.mails import (
    NAMES,
    Template,
    fill,
    languages,
    problems_of,
    shipped,
)

ALL = [(name, language) for name in NAMES for language in languages(name)]
VALUES: dict[str, str | None] = {
    "first": "Sofia",
    "day": "Wed, Dec 16",
    "time": "2:00 PM",
    "therapist": "Tomás Ortega",
    "count": "3 things",
    "by_when": "by Sat, Dec 12",
    "kept_until": "Sat, Dec 12",
    "last_day": "Sat, Dec 12",
    "phone": "(253) 555-0142",
    "clinic": "Alder Street",
    "address": "418 Alder St, Tacoma",
    "link": "https://mib.example/p/x",
    "terms": "You pay $110 at the visit.",
}
#: Insurers, papers, kinds of care, and what they are for.
HEALTH = re.compile(
    r"regence|premera|kaiser|aetna|cigna|medicare|medicaid|apple health|l&i|insur|segur[oa]\b|"
    r"prescri|receta|referral|referencia|intake|formulario|authoriz|autoriz|approv|aprob|claim|"
    r"reclam|massage therapy|masaje|diagnos|pain|dolor|injur|lesi[oó]n|accident|treatment|"
    r"tratamiento|therapy for|plan\b|médic|doctor",
    re.IGNORECASE,
)


@pytest.mark.parametrize(("name", "language"), ALL)
def test_what_is_shipped_can_be_used(name: str, language: Language) -> None:
    assert problems_of(name, shipped(name, language)) == []


@pytest.mark.parametrize(("name", "language"), [pair for pair in ALL if pair[0] != "digest"])
def test_no_mail_to_a_client_tells_of_health(name: str, language: Language) -> None:
    template = shipped(name, language)
    assert not HEALTH.search(template.subject + template.body)
    mail = fill(template, VALUES)
    assert "{" not in mail.subject + mail.body
    assert VALUES["link"] in mail.body.split()
    assert "Sofia" not in mail.subject


def test_a_mail_as_it_reads() -> None:
    mail = fill(shipped("hold", "en"), VALUES)
    assert mail.subject == "Your visit on Wed, Dec 16: we need something from you"
    assert mail.body == (
        "Hello Sofia,\n"
        "You asked for Wed, Dec 16 at 2:00 PM with Tomás Ortega. The visit is not confirmed yet.\n"
        "We need 3 things from you by Sat, Dec 12. This page shows what, and takes it from your "
        "phone:\n"
        "https://mib.example/p/x\n"
        "We keep the time for you until Sat, Dec 12.\n"
        "Questions? Call (253) 555-0142.\n"
        "Alder Street\n"
    )


def test_what_is_not_known_takes_its_sentence_with_it() -> None:
    mail = fill(shipped("cured", "en"), {**VALUES, "address": None, "first": None})
    assert mail.body.startswith("Your visit on")
    assert mail.body.endswith("Alder Street\n")
    said = fill(Template("S", "One. Two {phone}. Three."), {})
    assert said.body == "One. Three.\n"


def test_a_spanish_time_ends_its_sentence_once() -> None:
    template = Template("S", "Es el {day} a las {time}. {link} {clinic}")
    mail = fill(template, {**VALUES, "time": "2:00 p. m."})
    assert "2:00 p. m. https" in mail.body


@given(
    name=st.sampled_from(sorted(set(VALUES) - {"terms"})),
    text=st.text(min_size=1, max_size=60)
    | st.sampled_from(["a\r\nBcc: x@y.example", "a\nSubject: b", "\u2028evil", "a\x0bb", "\x00"]),
)
def test_no_value_adds_a_line_or_a_header(name: str, text: str) -> None:
    for kind, language in (("hold", "en"), ("reminder", "es"), ("cured", "en")):
        template = shipped(kind, language)  # type: ignore[arg-type]
        plain = fill(template, VALUES)
        made = fill(template, {**VALUES, name: text})
        assert len(made.body.splitlines()) == len(plain.body.splitlines())
        assert made.subject.isprintable()


def test_terms_alone_have_several_lines() -> None:
    mail = fill(shipped("terms", "en"), {**VALUES, "terms": "One\rline.\nTwo\x00lines."})
    assert "\nOne\nline.\nTwo lines.\n" in mail.body


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("", "{link} {clinic}", "subject: is empty; say in a few words what it is about"),
        ("S", "{clinic}", "body: lacks {link}, which every e-mail has; put it in"),
        ("S", "{link}", "body: lacks {clinic}, which every e-mail has; put it in"),
        (
            "Hello {frist}",
            "{link} {clinic}",
            "subject: holds {frist}, which is not known here; did you mean 'first'?",
        ),
        (
            "S",
            "{link} {clinic} {diagnosis}",
            "body: holds {diagnosis}, which is not known here",
        ),
        (
            "S",
            "{link} {clinic} {",
            "body: holds a brace without its partner; write names as {first}",
        ),
        (
            "a\nb",
            "{link} {clinic}",
            "subject: has a line break or another odd character; leave it out",
        ),
        ("{link}", "{link} {clinic}", "subject: holds {link}; a link belongs in the body alone"),
        ("x" * 151, "{link} {clinic}", "subject: is longer than 150 characters; shorten it"),
        ("S", "{link} {clinic}" + "x" * 4000, "body: is longer than 4,000 characters; shorten it"),
    ],
)
def test_a_text_that_cannot_be_used(subject: str, body: str, said: str) -> None:
    assert [str(p) for p in problems_of("hold", Template(subject, body))] == [said]


def test_every_name_that_is_offered_is_known_to_the_values() -> None:
    for name, known in product(NAMES, VALUES):
        if name != "digest":
            assert NAMES[name] <= set(VALUES)
        assert known
