"""With which payers the clinic is in network is asked, and written into the settings."""

from datetime import date
from pathlib import Path

import pytest

from massage_ins_bridge.desk import set_up_clinic, set_up_payers
from massage_ins_bridge.desk.errors import ConflictError
from massage_ins_bridge.domain.payer import Payer
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.settings.edit import SettingsFile
from massage_ins_bridge.testing import installed_host

CLINIC = {
    "name": "Alder Street Massage",
    "timezone": "America/Los_Angeles",
    "therapist-0": "Mira Olsen, LMT",
    "therapist-1": "Tomás Ortega, LMT",
}
PAYERS = [Payer("acme", "Acme", "p"), Payer("pip", "PIP", "p", needs_network=False)]
TODAY = date(2026, 11, 26)


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "massage-ins-bridge.toml")


def test_each_payer_is_asked_of_each_therapist(file: SettingsFile) -> None:
    set_up_clinic.put_clinic(file, CLINIC, TODAY)
    (row,) = set_up_payers.payer_rows(file, PAYERS)
    assert (row.key, dict(row.network), row.since) == ("acme", {"mira": "", "tomas": ""}, "")
    set_up_payers.put_payers(file, PAYERS, {"acme-mira": "in", "acme-since": "2015-01-01"})
    assert file.table("clinic")["network"]["acme"] == [
        {"status": "in", "from": "2015-01-01", "practitioners": ["mira"]}
    ]
    (row,) = set_up_payers.payer_rows(file, PAYERS)
    assert (dict(row.network), row.since) == ({"mira": "in", "tomas": ""}, "2015-01-01")
    both = {"acme-mira": "out", "acme-tomas": "out", "prior_approval": "always"}
    set_up_payers.put_payers(file, PAYERS, both)
    assert file.table("clinic")["network"]["acme"] == [{"status": "out"}]
    assert file.table("clinic")["prior_approval"] == "always"
    set_up_payers.put_payers(file, PAYERS, {})
    assert file.table("clinic")["network"] == {}


@pytest.mark.parametrize("since", ["soon", "20150101", "0015-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_told_at_its_field(file: SettingsFile, since: str) -> None:
    """Also one that only the settings refuse, such as a year of two digits, and then once."""
    set_up_clinic.put_clinic(file, CLINIC, TODAY)
    sent = {"acme-mira": "in", "acme-tomas": "out", "acme-since": since}
    with pytest.raises(UnusableInputError) as caught:
        set_up_payers.put_payers(file, PAYERS, sent)
    assert [problem.path for problem in caught.value.problems] == ["acme-since"]


def test_what_the_settings_say_beyond_the_form_stays(file: SettingsFile) -> None:
    spans = [{"status": "in", "to": "2019-07-26"}, {"status": "out", "from": "2019-07-27"}]
    file.put_network("acme", spans)
    (row,) = set_up_payers.payer_rows(file, PAYERS)
    assert (row.kept, dict(row.network)) == (True, {"": "keep"})
    set_up_payers.put_payers(file, PAYERS, {"acme-": "keep"})
    assert file.table("clinic")["network"]["acme"] == spans
    set_up_payers.put_payers(file, PAYERS, {"acme-": "in"})
    assert file.table("clinic")["network"]["acme"] == [{"status": "in"}]


def test_a_ready_policy_is_laid_over_the_clinic(file: SettingsFile) -> None:
    (first, title), *_ = set_up_payers.ready_policies()
    assert title.startswith("A therapist who bills Regence")
    set_up_payers.put_policy(file, first)
    assert "regence" in file.table("clinic")["network"]
    with pytest.raises(UnusableInputError):
        set_up_payers.put_policy(file, "none")


def test_a_policy_takes_the_place_of_another_one(file: SettingsFile) -> None:
    file.put_network("pip", [{"status": "in"}])
    file.save()
    set_up_payers.put_policy(file, "out-of-network-lni")
    file.save()
    rows = set_up_payers.payer_rows(file, installed_host().payers.payers)
    network = {row.key: row.network[""] for row in rows}
    assert network.pop("crime-victims") == ""
    assert (network.pop("lni"), set(network.values())) == ("in", {"out"})
    file = SettingsFile(file.path)  # as the next press finds it
    set_up_payers.put_policy(file, "in-network-regence")
    assert set(file.table("clinic")["network"]) == {"regence", "pip"}
    file.save()
    with pytest.raises(ConflictError, match="changed since"):
        set_up_payers.take_policy_back(file, "another")
    set_up_payers.take_policy_back(file, file.tag)
    assert (file.table("clinic")["network"]["va"], file.table("clinic")["prior_approval"]) == (
        [{"status": "out"}],
        "always",
    )


def test_how_it_stands_today_is_said_where_the_form_cannot_ask(file: SettingsFile) -> None:
    spans = [{"status": "in", "to": "2019-07-26"}, {"status": "out", "from": "2019-07-27"}]
    file.put_network("acme", spans)
    (row,) = set_up_payers.payer_rows(file, PAYERS, TODAY)
    assert dict(row.today) == {"": "out today"}
    file.put_network("acme", [{"status": "in", "plans": ["Gold"]}, {"status": "out"}])
    (row,) = set_up_payers.payer_rows(file, PAYERS, TODAY)
    assert dict(row.today) == {"": "not known today, or it depends"}
