"""What the documentation names is there, and what is there is named."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer

from massage_ins_bridge import api
from massage_ins_bridge.api import VOCABULARIES
from massage_ins_bridge.api._help import public_names
from massage_ins_bridge.cli.app import app
from massage_ins_bridge.domain.clinic import Clinic
from massage_ins_bridge.rulebook.book import parse_book
from massage_ins_bridge.settings import AccountSettings, Settings, load_settings
from massage_ins_bridge.settings.model import (
    CLINIC_ALONE,
    ClientPageSettings,
    GateSettings,
    MailSettings,
    TaskSettings,
)

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
NAMED = re.compile(r"\b(?:massage-ins-bridge|mib) ([a-z]+(?:-[a-z]+)*)(?: ([a-z]+(?:-[a-z]+)*))?")
SETTINGS = re.compile(
    r"^```toml\n(?P<body>(?:(?!^```).)*?^\[\[accounts\]\].*?)^```$", re.DOTALL | re.MULTILINE
)


def text(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def in_code(page: Path) -> Iterator[str]:
    """What stands in code blocks, or between backticks."""
    content = page.read_text(encoding="utf-8")
    yield from re.findall(r"^```\w*\n(.*?)^```$", content, re.DOTALL | re.MULTILINE)
    yield from re.findall(r"`([^`\n]+)`", content)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_a_block_of_code_begins_with_its_language_alone(page: Path) -> None:
    """With more behind it the site shows no block."""
    assert re.findall(r"^```.*[^\w`\n].*", page.read_text(encoding="utf-8"), re.MULTILINE) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_commands_that_are_named_are_there(page: Path) -> None:
    root: Any = typer.main.get_command(app)
    for code in in_code(page):
        for name, inner in NAMED.findall(code):
            command = root.commands.get(name)
            assert command is not None, f"{page.name}: {name}"
            inside = getattr(command, "commands", {inner: None})
            assert inner in inside or name in ("plugins", "rules"), f"{page.name}: {name} {inner}"


def test_every_setting_is_listed() -> None:
    listed = re.findall(r"^\| (`[^|]+`) \|", text("settings.md"), re.MULTILINE)
    found = {name for cell in listed for name in re.findall(r"`([a-z_]+)`", cell)}
    parts = (TaskSettings, GateSettings, MailSettings, ClientPageSettings)
    tables = (Settings, AccountSettings, *parts)
    known = {name for table in tables for name in table.model_fields}
    known |= {field.name for field in fields(Clinic)} | CLINIC_ALONE
    assert found == known - {"clinic", "accounts", "tasks", "gate", "mail", "client_page"}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_settings_that_are_shown_can_be_used(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for number, block in enumerate(SETTINGS.finditer(page.read_text(encoding="utf-8"))):
        body = re.sub(r"/etc/massage-ins-bridge", str(tmp_path), block["body"])
        for secret in re.findall(r'_file = "([^"]+)"', body):
            (tmp_path / secret).write_text("secret", encoding="utf-8")
        file = tmp_path / f"{number}.toml"
        file.write_text(body, encoding="utf-8")
        assert load_settings(file, {}).accounts[0].name == "front-desk"


def test_every_word_of_a_vocabulary_is_listed() -> None:
    rows = re.findall(r"^\| ([^|`]+) \| (`[^|]+`) \|$", text("plugins.md"), re.MULTILINE)
    listed = {name: tuple(re.findall(r"`([^`]+)`", words)) for name, words in rows}
    assert {name: listed.get(name) for name in VOCABULARIES} == dict(VOCABULARIES)


def test_every_name_for_plugins_is_listed() -> None:
    page = text("plugins.md").partition("| names | what |")[2].partition("### Words")[0]
    cells = re.findall(r"^\| (`[^|]+`) \|", page, re.MULTILINE)
    listed = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(listed) == public_names(api)


def test_what_a_plugin_declares_can_be_used() -> None:
    """As it is shown, appended to the rules of the walk."""
    blocks = re.findall(r"^```toml\n(.*?)^```$", text("plugins.md"), re.DOTALL | re.MULTILINE)
    (rules,) = [block for block in blocks if block.startswith("plugin = ")]
    (declares,) = [block for block in blocks if block.startswith("[[facts]]")]
    found = parse_book(f"{rules}\n{declares}", "rules.toml").declared
    shown = (len(found.facts), found.actions[0].plugin, found.authorization_kinds[0].plugin)
    assert shown == (2, "evergreen", "evergreen")
