"""``/v1/plugins``: what the page of plugins does, for programs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.hooks.test_remembered import WAS
from tests.web.conftest import Site, open_site, problem

from massage_ins_bridge.testing import installed_host

PAT = {"name": "Pat"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    for made in open_site(tmp_path, host=installed_host()):
        app: Any = made.http.app
        app.state.service.file = tmp_path / "bridge.toml"
        with made.installation.write() as record:
            record.known_plugins.keep(WAS.name, WAS.text())
        made.installation.recall()
        yield made


def post(site: Site, path: str, data: Any = PAT) -> Any:
    return site.api("POST", f"/v1/plugins/{path}", data)


def health(answer: Any) -> dict[str, str]:
    return {one["name"]: one["health"] for one in answer.json()["plugins"]}


def test_plugins_are_listed_switched_and_forgotten(site: Site) -> None:
    listed = site.api("GET", "/v1/plugins")
    assert (health(listed)["lni"], health(listed)["trial"]) == ("ok", "gone")
    assert "holds at once" in listed.json()["when"]
    assert health(post(site, "lni/disable"))["lni"] == "disabled"
    assert health(post(site, "lni/enable"))["lni"] == "ok"
    assert "trial" not in health(post(site, "trial/forget"))
    with site.installation.read() as record:
        said = [record.acts.act(row) for row in record.acts.listed(limit=9, offset=0)]
    assert [act.who for act in said] == ["Pat"] * 3


def test_what_cannot_be_says_why(site: Site) -> None:
    assert "'lni'" in problem(post(site, "lnii/disable"), 404)["detail"]
    assert "every payer shares" in problem(post(site, "core/disable"), 409)["detail"]
    assert "in use" in problem(post(site, "lni/forget"), 409)["detail"]
    problem(post(site, "lni/disable", {"name": " "}), 422)
    app: Any = site.http.app
    app.state.service.file.write_text("this is no TOML", encoding="utf-8")
    assert "cannot be read as settings" in problem(post(site, "lni/disable"), 409)["detail"]
