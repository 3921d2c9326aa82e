"""A story of one's own is read from a file, and what it cannot say is told with its place."""

import re
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from massage_ins_bridge.demo.run import run
from massage_ins_bridge.demo.story import Book, Learn, Move, Note, asked, confirmed, declined
from massage_ins_bridge.demo.story_file import SINCE, read_story
from massage_ins_bridge.settings import StartError

STORY = """
title = "out of network, and later with a prescription"

[client]
name = "Nora Example"
coverages = [{ payer = "aetna" }]
visits = [{ on = -20 }]

[[steps]]
day = 0
does = "books"
visit = 10

[[steps]]
day = 2
does = "learns"
what = "prescriptions"
fact = { visits = 6 }

[ends]
visit = ["0 asked", "2 confirmed"]
"""
CLAIM = """
title = "a claim"
network = { lni = [{ status = "out" }] }
[client]
name = "Nora Example"
coverages = [{ payer = "lni", claim = { number = "AB12345", date_of_injury = 2026-09-01 } }]
authorizations = [{ status = "requested" }]
[[steps]]
day = 0
does = "books"
visit = 10
[[steps]]
day = 1
does = "moves"
visit = 11
[[steps]]
day = 3
does = "corrects"
what = "coverages"
fact = { to = 4 }
[ends]
visit = ["0 asked", "1 moved"]
"moved visit" = ["1 asked", "4 declined"]
"""


def put(folder: Path, text: str) -> Path:
    path = folder / "story.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_usual_is_left_out(tmp_path: Path) -> None:
    story, network = read_story(put(tmp_path, STORY))
    assert network == {"aetna": SINCE}
    (covered,), (visit,) = story.client.facts["coverages"], story.client.facts["visits"]
    assert (covered["payer"], covered["staff_confirmed"], covered["visit_limit"]) == (
        "aetna",
        True,
        16,
    )
    assert (visit["on"], visit["payer"], visit["modality"]) == ("2026-11-11", "aetna", "massage")
    book, learn = story.steps
    assert isinstance(book, Book)
    assert isinstance(learn, Learn)
    assert (book.visit, book.words, learn.fact["visits"]) == (10, "Nora Example books", 6)
    assert learn.fact["signed"] is True
    assert story.ends["visit"].history == (asked(0), confirmed(2))


def test_staff_says_what_only_they_know(tmp_path: Path) -> None:
    said = (
        "[[steps]]\nday = 1\ndoes = 'notes'\nfact = { extra = { acme = { since = 2026-12-02 } } }\n"
    )
    story, _ = read_story(put(tmp_path, STORY.replace("[ends]", f"{said}[ends]")))
    note = story.steps[-1]
    assert isinstance(note, Note)
    assert (note.booking, note.change) == ("visit", {"extra": {"acme": {"since": "2026-12-02"}}})


def test_claims_moves_and_networks(tmp_path: Path) -> None:
    story, network = read_story(put(tmp_path, CLAIM))
    assert network == {"lni": [{"status": "out"}]}
    (covered,), (asked_for,) = (
        story.client.facts["coverages"],
        story.client.facts["authorizations"],
    )
    assert covered["claim"] == {"number": "AB12345", "date_of_injury": "2026-09-01"}
    assert "visit_limit" not in covered
    assert (asked_for["kind"], asked_for["payer"]) == ("prior-authorization", "lni")
    assert isinstance(story.steps[1], Move)
    assert story.ends["moved visit"].history == (asked(1), declined(4))


WRONG = {
    ("title", "titel"): "story.toml: titel: is not known here; did you mean 'title'?",
    ('title = "', 'titles = "'): "story.toml: title: is missing",
    ("visit = 10\n", "vist = 10\n"): "steps.0.vist: is not known here; did you mean 'visit'?",
    ("visit = 10\n", "visit = 'ten'\n"): "steps.0.visit: must be a valid integer",
    ('does = "books"', 'does = "book"'): "did you mean 'books'?",
    ("visit = 10\n", ""): "steps.0.visit: is missing; on which day",
    ('what = "prescriptions"\n', ""): "steps.1.what: is missing; it is one of coverages",
    ("[ends]", "[[steps]]\nday = 1\ndoes = 'notes'\n[ends]"): "steps.2.fact: is missing; what",
    ('"0 asked"', '"0 asks"'): "'0 asks' is not a day and what happens on it",
    ("[ends]\nvisit", "[ends]\nvist"): "'visit' has no end",
    ("[ends]", '[ends]\nother = ["0 asked"]'): "'other' is no booking that a step makes",
    ("[client]", "[client"): "not valid TOML",
}


@pytest.mark.parametrize("change", WRONG, ids=[f"{old!r:.20}" for old, _ in WRONG])
def test_what_it_cannot_say_is_told(change: tuple[str, str], tmp_path: Path) -> None:
    assert change[0] in STORY
    with pytest.raises(StartError, match=re.escape(WRONG[change])):
        read_story(put(tmp_path, STORY.replace(*change)))


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(StartError, match="cannot be read"):
        read_story(Path("nowhere.toml"))


@pytest.mark.slow
def test_it_is_played_live(tmp_path: Path) -> None:
    """On real processes, with no story beside it."""
    out = StringIO()
    code = run(once=True, files=(put(tmp_path, STORY),), console=Console(file=out, width=200))
    assert code == 0, out.getvalue()
    assert "The story ended as it should, by what the platform saw." in out.getvalue()
    assert "Nora Example: out of network, and later with a prescription" in out.getvalue()
