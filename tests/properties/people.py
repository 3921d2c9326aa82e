"""Ten people, their families and namesakes, and the many ways in which they give themselves."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

Given = dict[str, str]
#: Addresses that the platform makes up for who gave none.
MADE_UP = ("12065550199@sms.platform.example", "booked-by-phone@platform.example")


@dataclass(frozen=True)
class Somebody:
    """``names``: the one on file, then short and foreign forms of it; ``former``: another family
    name that they have or had."""

    names: tuple[str, ...]
    email: str
    phone: str
    former: str = ""


@dataclass(frozen=True)
class Client(Somebody):
    """On file with a chart that is cured. ``near``: people who share something with them, and are
    others."""

    near: tuple[Somebody, ...] = ()


def _client(number: int, names: str, former: str, *near: tuple[str, str, str]) -> Client:
    """``near``: a name, and whether e-mail and phone are the client's (``same``), their own
    (``own``) or not given (``no``)."""
    email, phone = f"client{number}@mail{number}.example", f"206555{1000 + number}"
    others = []
    for place, (name, mail, call) in enumerate(near):
        own = f"other{number}{place}@mail{number}.example", f"253555{1000 + number * 10 + place}"
        others.append(
            Somebody(
                (name,),
                {"same": email, "own": own[0], "no": ""}[mail],
                {"same": phone, "own": own[1], "no": ""}[call],
            )
        )
    return Client(tuple(names.split("; ")), email, phone, former, tuple(others))


PEOPLE = (
    _client(
        0,
        "Robert Eriksen; Bob Eriksen; Rob Eriksen; Bobby Eriksen",
        "",
        ("Robert Eriksen Jr.", "same", "same"),
        ("Robert Eriksen", "own", "own"),
        ("Linda Eriksen", "same", "same"),
    ),
    _client(
        1,
        "Elizabeth Marie O'Brien; Liz O'Brien; Betty O\u2019Brien; Elizabeth O'Brien",
        "Kowalski",
        ("Eileen O'Brien", "same", "same"),
        ("Elizabeth OBrien", "own", "same"),
    ),
    _client(
        2,
        "José Luis García López; Pepe García; José García; Jose Garcia Lopez",
        "",
        ("José García López", "same", "own"),
        ("Lucía García", "same", "same"),
    ),
    _client(
        3,
        "Aleksandra Petrova; Sasha Petrova; Александра Петрова; Alexandra Petrova",
        "Ivanova",
        ("Aleksandr Petrov", "same", "same"),
        ("Aleksandra Petrova", "own", "no"),
    ),
    _client(
        4,
        "Katherine Nguyen; Kate Nguyen; Kathryn Nguyen; Nguyen Katherine",
        "Tran",
        ("Kathleen Nguyen", "same", "same"),
        ("Katherine Nguyen", "no", "own"),
    ),
    _client(
        5,
        "William James Carter; Bill Carter; Will Carter; James Carter",
        "",
        ("William James Carter III", "same", "same"),
        ("James Carter", "own", "same"),
    ),
    _client(
        6,
        "Wang Xiaoming; 王小明; Xiaoming Wang",
        "",
        ("Wang Xiaomei", "same", "same"),
        ("Wang Xiaoming", "own", "own"),
    ),
    _client(
        7,
        "Ann Lee; Annie Lee; Anne Lee",
        "Baker",
        ("Anna Lee", "same", "same"),
        ("Ann Lee", "same", "own"),
        ("Ben Lee", "same", "same"),
    ),
    _client(
        8,
        "Jürgen Müller; Juergen Mueller; Jurgen Muller",
        "",
        ("Jörg Müller", "same", "same"),
        ("Jürgen Müller", "own", "own"),
    ),
    _client(
        9,
        "Fatima Hassan; Fatma Hassan; Fatimah Hassan",
        "Ali",
        ("Fatima Hassan", "own", "same"),
        ("Hanna Hassan", "same", "same"),
    ),
)


def variant(client: Client, random: Random) -> Given:
    """One way in which the client gives themselves: another name or another address, and not both
    so that nobody could know them."""
    email, phone = _mailbox(client.email, random), _number(client.phone, random)
    if random.random() < 0.25:
        first, *_, last = client.names[0].split()
        weak = [f"{first} {client.former or last}", first, f"{first[0]}. {last}"]
        said = {"name": random.choice(weak), "email": email, "phone": phone}
        return _without(random.choice(("", "email", "phone")), said)
    name = _written(random.choice(client.names), random)
    if name.isascii() and random.random() < 0.3:
        name = _misspelled(name, random)
    if random.random() < 0.3:
        email = f"new{random.randrange(10_000)}@other.example"
    if random.random() < 0.3:
        phone = f"360555{random.randrange(10_000):04}"
    if random.random() < 0.2:
        email = random.choice(MADE_UP)
    return _without(random.choice(("", "", "email", "phone")), _said(name, email, phone))


def strangers(client: Client, random: Random) -> Iterator[Given]:
    """The people near a client, as they give themselves."""
    for other in client.near:
        name = _written(other.names[0], random)
        yield _said(name, _mailbox(other.email, random), _number(other.phone, random))
        if other.phone and other.phone != client.phone:
            yield _said(name, MADE_UP[1], other.phone)


def _without(field: str, given: Given) -> Given:
    return {k: v for k, v in given.items() if k != field}


def _said(name: str, email: str, phone: str) -> Given:
    return {k: v for k, v in (("name", name), ("email", email), ("phone", phone)) if v}


def _written(name: str, random: Random) -> str:
    """Case, accents and order."""
    *given, family = name.split()
    return random.choice(
        [
            name,
            name.upper(),
            name.lower(),
            f"{family}, {' '.join(given)}" if given else name,
            "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)),
        ]
    )


def _misspelled(name: str, random: Random) -> str:
    """One letter less, doubled, or in the place of its neighbour, in a long word."""
    words = name.split()
    place = max(range(len(words)), key=lambda at: len(words[at]))
    word = words[place]
    if len(word) < 5:
        return name
    at = random.randrange(2, len(word) - 1)
    words[place] = random.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )
    return " ".join(words)


def _mailbox(email: str, random: Random) -> str:
    local, _, domain = email.partition("@")
    forms = [email, email.upper(), f"{local}+cal@{domain}"]
    return random.choice(forms) if email else ""


def _number(phone: str, random: Random) -> str:
    a, b, c = phone[:3], phone[3:6], phone[6:]
    forms = [phone, f"({a}) {b}-{c}", f"+1 {a} {b} {c}", f"001 {a} {b} {c}", f"{a}-{b}-{c} ext. 3"]
    return random.choice(forms) if phone else ""
