"""Papers that come in: what is kept, how often, and what is refused without keeping anything."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from tests.desk.bridge import Bridge
from tests.desk.pages import come, page_bridge, tasks
from tests.documents.made import HEIC, JPEG, PDF, pdf, photo

from massage_ins_bridge.desk import papers
from massage_ins_bridge.desk.errors import ConflictError, NotFoundError
from massage_ins_bridge.desk.paper_states import change_document
from massage_ins_bridge.desk.papers import (
    MOST_BYTES,
    MOST_FILES,
    Given,
    PaperError,
    Whose,
    document_row,
    file_paper,
    list_documents,
    look_through,
    plain_name,
)
from massage_ins_bridge.desk.tasks import TaskKind
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.store.documents import Documents
from massage_ins_bridge.store.page_models import DocumentRow

PNG = photo("PNG")


@pytest.fixture
def bridge(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    made = page_bridge(tmp_path, database_url)
    come(made)
    yield made
    made.close()


def file(bridge: Bridge, *files: Given, kind: str = "prescription") -> tuple[int, int]:
    """How many files are new, and how many were here already."""
    row = bridge.row("b1")
    with bridge.installation.write() as record:
        whose = Whose(row.patient_id, row.id, "client")
        seen = look_through(files)
        new, known = file_paper(bridge.installation, record, whose, kind, seen)
        return len(new), len(known)


def test_what_comes_is_kept_sealed_and_asked_about(bridge: Bridge) -> None:
    assert file(bridge, Given("rx 1.jpg", JPEG), Given("rx2.pdf", PDF)) == (2, 0)
    patient = bridge.row("b1").patient_id
    with bridge.installation.read() as record:
        first, second = list_documents(record, patient)
        row = document_row(record, first.id)
        assert record.documents.content(row) == JPEG
        assert (row.bytes_sealed.find(JPEG[:20]), row.name_sealed.find(b"rx")) == (-1, -1)
    assert (first.paper, first.number, second.number) == (second.paper, 1, 2)
    assert (first.name, first.media_type, first.pages) == ("rx 1.jpg", "image/jpeg", 1)
    assert (second.media_type, second.pages, second.state) == ("application/pdf", 1, "new")
    assert (first.created_by, first.size, len(first.sha256)) == ("client", len(JPEG), 64)
    assert tasks(bridge, "document") == [
        (
            "A paper came in: a prescription (2 files). Look at it, write down what it says, and "
            "mark it as filed."
        )
    ]


def test_the_same_file_is_kept_once(bridge: Bridge) -> None:
    assert file(bridge, Given("a.jpg", JPEG), Given("b.jpg", JPEG)) == (1, 0)
    assert file(bridge, Given("again.jpg", JPEG)) == (0, 1)
    assert file(bridge, Given("card.jpg", JPEG), kind="card") == (1, 0)
    assert len(tasks(bridge, "document")) == 2


def test_the_same_file_at_the_same_moment_is_kept_once(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert file(bridge, Given("rx.jpg", JPEG)) == (1, 0)
    look, looks = Documents.same, list[object]()

    def not_there_yet(self: Documents, *wanted: str) -> DocumentRow | None:
        looks.append(wanted)
        return look(self, *wanted) if len(looks) > 1 else None

    monkeypatch.setattr(Documents, "same", not_there_yet)
    assert file(bridge, Given("again.jpg", JPEG)) == (0, 1)


def test_a_paper_is_filed_as_a_whole_and_taken_back(bridge: Bridge) -> None:
    file(bridge, Given("1.jpg", JPEG), Given("2.png", PNG))
    patient = bridge.row("b1").patient_id
    with bridge.installation.write() as record:
        first, _ = list_documents(record, patient)
        change_document(bridge.installation, record, first.id, {"state": "filed"})
        found = list_documents(record, patient)
    assert [(d.state, d.filed_at is not None) for d in found] == [("filed", True)] * 2
    assert tasks(bridge, "document") == []
    with bridge.installation.write() as record:
        change_document(bridge.installation, record, first.id, {"state": "new"})
        assert [d.state for d in list_documents(record, patient)] == ["new", "new"]
        assert record.tasks.is_open(TaskKind.DOCUMENT, first.paper)
        with pytest.raises(UnusableInputError):
            change_document(bridge.installation, record, first.id, {"state": "gone"})
        with pytest.raises(NotFoundError):
            change_document(bridge.installation, record, "doc_0", {"state": "new"})


def test_a_paper_is_another_kind_than_was_said(bridge: Bridge) -> None:
    file(bridge, Given("1.jpg", JPEG), Given("2.png", PNG))
    file(bridge, Given("3.pdf", PDF), kind="card")
    patient = bridge.row("b1").patient_id
    with bridge.installation.write() as record:
        first, second, card = sorted(list_documents(record, patient), key=lambda one: one.name)
        change_document(bridge.installation, record, first.id, {"kind": "card"})
        assert [d.kind for d in list_documents(record, patient)] == ["card"] * 3
    assert any("insurance card (2 files)" in text for text in tasks(bridge, "document"))
    file(bridge, Given("same.png", PNG))
    with bridge.installation.write() as record, pytest.raises(ConflictError):
        change_document(bridge.installation, record, second.id, {"kind": "prescription"})
    with bridge.installation.write() as record:
        change_document(bridge.installation, record, card.id, {"state": "unusable"})
        assert (card_now := document_row(record, card.id)).state == "unusable"
        assert card_now.filed_at is not None


@pytest.mark.parametrize(
    ("files", "wrong", "name"),
    [
        ([], "no_file", ""),
        ([Given("a.jpg", b"")], "empty", "a.jpg"),
        ([Given("a.doc", b"PK\x03\x04 a document of an office")], "kind", "a.doc"),
        ([Given("a.html", b"<script>alert(1)</script>")], "kind", "a.html"),
        ([Given("a.jpg", JPEG[:-2])], "cut", "a.jpg"),
        ([Given("a.pdf", PDF[:60])], "cut", "a.pdf"),
        ([Given("a.pdf", pdf("x", password="secret"))], "locked", "a.pdf"),
        ([Given("a.png", PNG[:20])], "cut", "a.png"),
        ([Given("a.heic", HEIC[:40])], "cut", "a.heic"),
        ([Given("a.jpg", JPEG + b"\0" * MOST_BYTES)], "size", "a.jpg"),
        ([Given(f"{n}.jpg", JPEG) for n in range(MOST_FILES + 1)], "many", ""),
        ([Given("good.jpg", JPEG), Given("bad.txt", b"words")], "kind", "bad.txt"),
    ],
)
def test_what_is_wrong_with_one_keeps_none(
    bridge: Bridge, files: list[Given], wrong: str, name: str
) -> None:
    with pytest.raises(PaperError) as caught:
        file(bridge, *files)
    assert (caught.value.wrong, caught.value.name) == (wrong, name)
    with bridge.installation.read() as record:
        assert record.session.scalars(select(DocumentRow)).all() == []


def test_all_together_have_a_size_too(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MOST_TOGETHER", 2 * len(PNG))
    with pytest.raises(PaperError) as caught:
        file(bridge, Given("1.png", PNG), Given("2.jpg", JPEG))
    assert caught.value.wrong == "total"


def test_what_nobody_looks_at_does_not_grow_without_end(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "MOST_WAITING", 1)
    file(bridge, Given("1.jpg", JPEG))
    with pytest.raises(PaperError) as caught:
        file(bridge, Given("2.png", PNG))
    assert caught.value.wrong == "full"


@given(st.text(max_size=400))
def test_a_name_is_one_short_line_without_a_path(name: str) -> None:
    made = plain_name(name)
    assert made
    assert made.isprintable()
    assert len(made) <= 120
    assert "/" not in made
    assert "\\" not in made
