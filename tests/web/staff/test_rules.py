"""Rules are changed in the page: looked at first, used then, and taken back."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.hooks.test_remembered import WAS
from tests.web.conftest import Site, open_site
from tests.web.staff.desk_pages import came_today, let_in, shown

from massage_ins_bridge.desk.chart import add_fact, change_client
from massage_ins_bridge.desk.daily import look_at_the_day
from massage_ins_bridge.desk.installation import Installation
from massage_ins_bridge.desk.rulefile.drafts import FOLDER
from massage_ins_bridge.settings import StartError, load_settings
from massage_ins_bridge.testing import installed_host

CHANGE = "/rules/core/RX-07/change"
CLINIC = {"network": {"regence": [{"status": "in", "from": "2015-01-01"}]}}


@pytest.fixture
def site(tmp_path: Any) -> Iterator[Site]:
    """One client, who books two weeks ahead and has no prescription yet."""
    for made in open_site(tmp_path, host=installed_host(), clinic=CLINIC):
        let_in(made)
        came_today(made, "ann lee", hours=24 * 6, answers={"payer": "Regence"})
        insured(made)
        yield made


def insured(site: Site) -> None:
    patient = site.booking("ann lee")["patient"]
    coverage = {"payer": "regence", "position": "primary", "funding": "fully_insured"}
    with site.installation.write() as record:
        for row in record.facts.list(patient, "coverage"):
            record.facts.remove(row)
        add_fact(record, patient, "coverage", {**coverage, "staff_confirmed": True})
        change_client(record, patient, {"intake_received": True})


def changed(site: Site, **fields: str) -> Any:
    given = {"do": "look", "v-lead_days": "8", "source": "our own choice", **fields}
    return site.http.post(CHANGE, data={**shown(site, CHANGE).fields, **given})


def looked(site: Site, answer: Any) -> tuple[str, str]:
    """The draft's page once the look is over."""
    path = answer.url.path

    def over() -> str | None:
        text = str(site.http.get(path).text)
        return text if "Use this rule" in text else None

    return path, str(site.until(over))


def test_a_change_is_looked_at_used_and_taken_back(site: Site) -> None:
    file = site.installation.settings.own_rules
    with site.installation.write() as record:
        record.known_plugins.keep(WAS.name, WAS.text())
    site.installation.recall()
    path, text = looked(site, changed(site))
    assert "1 of 1 standing booking would change." in text
    assert re.search(r"Ann Lee</td>.*on hold</td>.*refused</td>", text)
    assert not file.exists()
    fields = {**shown(site, path).fields, "do": "use"}
    told = site.http.post(path, data=fields).text
    assert "RX-07: lead days is 8. It holds at once" in told
    assert "Changed by you" in told
    again = site.http.post(path, data=fields)  # the same form, sent twice
    assert again.status_code == 200
    assert "lead_days = 8" in file.read_text(encoding="utf-8")
    assert load_settings(None, {}, {"data_dir": file.parent}).own_rules == file
    look_at_the_day(site.installation)
    site.until_state("ann lee", "blocked")
    assert any(plugin.gone for plugin in site.installation.host.plugins), "it stays remembered"
    undo = re.search(r"/undo/\w+", told)
    assert undo is not None
    assert "Undone:" in site.http.post(undo[0], data=shown(site, path).fields).text
    assert "lead_days" not in file.read_text(encoding="utf-8")
    rules = site.installation.host.rules_on(site.installation.clock.now().date())
    assert rules["core"]["RX-07"].values["lead_days"] == 4


def test_what_was_changed_meanwhile_is_not_overwritten(site: Site) -> None:
    first, _ = looked(site, changed(site))
    second, _ = looked(site, changed(site, **{"v-lead_days": "5"}))
    site.http.post(first, data={**shown(site, first).fields, "do": "use"})
    late = site.http.post(second, data={**shown(site, second).fields, "do": "use"})
    assert (late.status_code, "was changed since" in late.text) == (409, True)
    text = site.http.get(CHANGE).text
    assert "As the payer has it" in text
    back, said = looked(site, changed(site, do="back"))
    assert "is again as its plugin has it" in said
    site.http.post(back, data={**shown(site, back).fields, "do": "use"})
    assert "As the payer has it" not in site.http.get(CHANGE).text


def test_bad_input_stays_in_the_form(site: Site) -> None:
    answer = changed(site, **{"v-lead_days": "soon", "source": ""})
    assert answer.status_code == 422
    for words in ("“soon” is no whole number", "say where you read it", 'value="soon"'):
        assert words in answer.text
    for path in ("/rules/core/XX-1/change", "/rules/none/RX-07/change", "/rules/drafts/../../x"):
        assert site.http.get(path).status_code == 404
    assert site.http.get("/rules/drafts/00ff").status_code == 404


def test_a_setting_that_decides_in_the_rules_place_is_said(tmp_path: Any) -> None:
    """The change is looked at, used, and counts for nothing: each page says why."""
    said = "The setting prescription_lead_days of [clinic] says 4, and decides."
    for site in open_site(
        tmp_path, host=installed_host(), clinic={**CLINIC, "prescription_lead_days": 4}
    ):
        let_in(site)
        assert said in site.http.get("/rules?of=core").text
        assert said in site.http.get(CHANGE).text
        path, text = looked(site, changed(site, **{"v-lead_days": "1"}))
        assert said in text
        assert "It holds at once" not in text
        told = site.http.post(path, data={**shown(site, path).fields, "do": "use"}).text
        assert "It holds at once" not in told
        where = f"/v1{path}"
        assert site.api("GET", where).json()["over"].startswith(said)


def test_programs_do_the_same(site: Site) -> None:
    asked = {"plugin": "core", "rule": "RX-07", "source": "a letter", "values": {"lead_days": "8"}}
    made = site.api("POST", "/v1/rules/drafts", asked)
    assert made.status_code == 201
    where = f"/v1/rules/drafts/{made.json()['id']}"
    site.until(lambda: site.api("GET", where).json()["done"])
    done = site.api("GET", where).json()
    assert [(one["now"], one["then"]) for one in done["found"]] == [("hold", "block")]
    assert site.api("POST", f"{where}/use", {"name": "Mira"}).status_code == 200
    assert "RX-07" in site.installation.settings.own_rules.read_text(encoding="utf-8")
    assert "Mira: RX-07: lead days is 8." in site.http.get("/audit").text
    assert site.api("POST", f"{where}/use", {"name": "Mira"}).status_code == 409
    assert site.api("POST", f"{where}/take-back").status_code == 200
    wrong = site.api("POST", "/v1/rules/drafts", {**asked, "values": {"lead_dais": "8"}})
    assert wrong.json()["errors"] == [
        {
            "path": "values.lead_dais",
            "message": "is no value of this rule; did you mean 'lead_days'?",
        }
    ]
    late = {**asked, "values": {"lead_days": "x"}}
    assert site.api("POST", "/v1/rules/drafts", late).json()["errors"][0]["path"] == (
        "values.lead_days"
    )


def test_what_cannot_be_loaded_after_all_is_put_back(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = looked(site, changed(site))
    before = site.installation.host

    def gone(*_: object) -> None:
        raise StartError("A plugin is gone.")

    monkeypatch.setattr(Installation, "load_anew", gone)
    answer = site.http.post(path, data={**shown(site, path).fields, "do": "use"})
    assert (answer.status_code, "nothing was changed: A plugin is gone." in answer.text) == (
        409,
        True,
    )
    assert site.installation.settings.own_rules.read_text(encoding="utf-8") == ""
    assert site.installation.host is before


def test_an_undo_that_comes_too_late_says_so(site: Site) -> None:
    path, _ = looked(site, changed(site))
    told = site.http.post(path, data={**shown(site, path).fields, "do": "use"}).text
    for draft in (site.installation.settings.data_dir / FOLDER).iterdir():
        draft.unlink()
    undo = re.search(r"/undo/\w+", told)
    assert undo is not None
    late = site.http.post(undo[0], data=shown(site, "/rules").fields)
    assert late.url.path == "/rules"  # it is told where it was pressed
    assert "is kept for a week" in late.text
