"""Answers by option, by suggestion, or by whoever sits there."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from massage_ins_bridge.cli.asking import Asker, from_files, pairs
from massage_ins_bridge.desk.errors import ConflictError


def number(text: str) -> int:
    if not text.isdigit():
        raise ConflictError(f"{text!r} is no number")
    return int(text)


def test_what_is_given_is_not_asked() -> None:
    asker = Asker({"--days": "5", "--service 1": "x", "--service 2": "y"}, yes=False)
    assert asker.ask("--days", "Days", number) == 5
    assert asker.given("--service") == ["1", "2"]
    with pytest.raises(ConflictError, match="is no number"):
        Asker({"--days": "x"}, yes=False).ask("--days", "Days", number)


def test_with_yes_nobody_is_asked() -> None:
    asker = Asker({}, yes=True)
    assert asker.ask("--days", "Days", number, suggested="7") == 7
    assert asker.agreed("Go on?", suggested=False) is False
    with pytest.raises(ConflictError, match=r"--days=… is needed: Days"):
        asker.ask("--days", "Days", number)


def test_who_errs_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["many", "3"])
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: next(answers))
    monkeypatch.setattr(typer, "confirm", lambda *_, **__: True)
    asker = Asker({}, yes=False)
    assert asker.ask("--days", "Days", number) == 3
    assert asker.agreed("Go on?")
    assert "'many' is no number" in capsys.readouterr().err


def test_pairs_and_files_are_read(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("k=1\n", encoding="utf-8")
    assert pairs("--set", ["a=b=c"]) == {"--set a": "b=c"}
    assert from_files("--secret", [f"api_key={file}"]) == {"--set api_key": "k=1"}
    for option, text in (("--set", "a"), ("--set", "=b")):
        with pytest.raises(ConflictError, match="NAME=VALUE"):
            pairs(option, [text])
    with pytest.raises(ConflictError, match="cannot be read"):
        from_files("--secret", [f"api_key={tmp_path / 'none'}"])
