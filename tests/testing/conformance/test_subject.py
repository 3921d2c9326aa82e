"""A plugin is found by its name, its project or its file, and looked at with no other."""

import sys
from pathlib import Path

import pytest

from massage_ins_bridge.testing.conformance.subject import (
    NoSubjectError,
    files_with,
    find_subject,
    plugin_of,
)

ROOT = Path(__file__).parents[3]
PROJECT = """
[project]
name = "acme"
[project.entry-points.massage_ins_bridge]
acme = "acme_of_a_test"
"""


def test_an_installed_one_is_found_by_name_with_its_folder() -> None:
    subject = find_subject("out-of-network")
    assert (subject.main.name, subject.rules_file.name) == ("__init__.py", "rules.toml")
    assert subject.rules_file.exists()


def test_a_project_is_found_by_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    package = tmp_path / "src" / "acme_of_a_test"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "more.py").touch()
    tests = tmp_path / "tests" / "test_acme.py"
    tests.parent.mkdir()
    tests.write_text("class TestAcme(Suite): ...", encoding="utf-8")
    subject = find_subject(str(tmp_path))
    assert (subject.name, subject.main) == ("acme", package / "__init__.py")
    assert [path.name for path in subject.files] == ["__init__.py", "more.py"]
    assert list(files_with(subject.project, "(Suite)")) == [tests]
    assert list(files_with(subject.project, "(Other)")) == []


def test_a_module_is_found_by_its_file(tmp_path: Path) -> None:
    file = tmp_path / "out_of_hours.py"
    file.touch()
    subject = find_subject(str(file))
    assert (subject.name, subject.files) == ("out-of-hours", (file,))
    assert subject.rules_file == tmp_path / "out_of_hours.toml"


def test_a_payer_that_it_only_names_is_stood_in_for() -> None:
    for name, payers in (("uniform", {"regence", "bridgespan"}), ("wa-law", {"any-insurer"})):
        host = find_subject(name).host()
        assert {payer.key for payer in host.payers.payers} == payers
        assert not plugin_of(host, name).amiss


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "pyproject.toml: not valid TOML"),
        ("", "name one plugin under .project.entry-points.massage_ins_bridge."),
        (PROJECT + 'b = "c"\n', "name one plugin under"),
    ],
)
def test_a_project_without_one_plugin_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    with pytest.raises(NoSubjectError, match=said):
        find_subject(str(tmp_path))


def test_the_hosts_own_rules_are_no_plugin_of_somebodys() -> None:
    with pytest.raises(NoSubjectError, match="core holds the host's own rules"):
        find_subject("core")


def test_the_nearest_name_is_told() -> None:
    with pytest.raises(NoSubjectError, match=r"no plugin 'premere' .*did you mean 'premera'"):
        find_subject("premere")
