"""The clinic's own wording: changed, tried with a real booking, and taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge
from tests.desk.pages import come, insured, page_bridge, told

from massage_ins_bridge.desk.errors import NotFoundError
from massage_ins_bridge.desk.mail_texts import (
    list_texts,
    preview,
    put_text,
    reset_text,
    sample,
    text,
)
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.messages.mails import shipped
from massage_ins_bridge.store.page_models import LinkRow, MailTextRow

OWN = {"subject": "Hi {first}", "body": "See {link}\n{clinic}", "by": "Mira"}


@pytest.fixture
def bridge(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    made = page_bridge(tmp_path, database_url)
    come(made)
    insured(made)
    yield made
    made.close()


def test_a_text_is_changed_and_taken_back(bridge: Bridge) -> None:
    with bridge.installation.write() as record:
        put_text(record, "hold", "en", {**OWN, "subject": "First"})
        made = put_text(record, "hold", "en", OWN)
        assert (made.subject, made.own, made.by) == ("Hi {first}", True, "Mira")
        assert "phone" in made.names
        kept = record.session.query(MailTextRow).one()
        assert b"Mira" not in kept.text_sealed
        assert text(record, "hold", "es").own is False
        back = reset_text(record, "hold", "en")
        assert (back.subject, back.own) == (shipped("hold", "en").subject, False)
        assert reset_text(record, "hold", "en") == back


def test_all_are_listed(bridge: Bridge) -> None:
    with bridge.installation.read() as record:
        found = [(t.name, t.language) for t in list_texts(record)]
    assert len(found) == 13
    assert ("digest", "es") not in found


def test_a_preview_shows_the_real_booking_and_keeps_nothing(bridge: Bridge) -> None:
    booking = bridge.row("b1").id
    with bridge.installation.read() as record:
        made = preview(bridge.installation, record, "hold", "en", {"booking": booking})
        assert made.subject == "Your visit on Tue, Dec 8: we need something from you"
        assert "with Tomás Ortega" in made.body
        assert "https://mib.example/p/preview" in made.body
        tried = {"booking": booking, "subject": "{day}!", "body": "{link} {clinic}"}
        assert preview(bridge.installation, record, "hold", "es", tried).subject == (
            "martes 8 de diciembre!"
        )
        assert "…" in preview(bridge.installation, record, "terms", "en", {"booking": booking}).body
        assert record.session.query(LinkRow).all() == []


@pytest.mark.parametrize(
    ("name", "sent", "field"),
    [
        ("hold", {"subject": "S", "body": "{clinic}", "by": "Mira"}, "body"),
        ("hold", {"subject": "S", "body": "{link}", "by": "Mira"}, "body"),
        ("hold", {"subject": "S", "body": "{link} {clinic}", "by": ""}, "by"),
        ("hold", {"subject": "S", "body": "{link} {clinic} {plan}", "by": "M"}, "body"),
        ("hold", {"subject": "S"}, "body"),
    ],
)
def test_a_text_that_cannot_be_used_is_not_kept(
    bridge: Bridge, name: str, sent: dict[str, str], field: str
) -> None:
    with bridge.installation.write() as record, pytest.raises(UnusableInputError) as caught:
        put_text(record, name, "en", sent)
    assert field in [p.path for p in caught.value.problems]


def test_what_there_is_not(bridge: Bridge) -> None:
    with bridge.installation.write() as record:
        for name, language in (("odd", "en"), ("hold", "fr"), ("digest", "es")):
            with pytest.raises(NotFoundError):
                text(record, name, language)
        with pytest.raises(NotFoundError):
            preview(bridge.installation, record, "hold", "en", {"booking": "bkg_0"})
        with pytest.raises(UnusableInputError):
            preview(bridge.installation, record, "hold", "en", {})


def test_a_preview_of_the_summary(bridge: Bridge) -> None:
    told(bridge, phone="253-555-0188")
    bridge.clock.moment = bridge.row("b1").start_at.replace(hour=15)
    with bridge.installation.read() as record:
        made = preview(bridge.installation, record, "digest", "en", {})
    assert made.subject.startswith("Today, Tue, Dec 8: 1 visit, ")


def test_a_trial_says_whose_settings_it_tries(bridge: Bridge) -> None:
    with bridge.installation.read() as record:
        assert "Alder Street Massage" in sample(bridge.installation, record).body
