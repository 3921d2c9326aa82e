import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massage_ins_bridge.settings import StartError
from massage_ins_bridge.store.vault import (
    SealError,
    Vault,
    load_vault,
    new_key,
)

ONE, TWO = b"1" * 32, b"2" * 32


@given(st.text())
def test_what_is_sealed_opens_as_it_is_and_in_its_place_alone(text: str) -> None:
    vault = Vault([ONE])
    box = vault.seal(text, "here")
    assert vault.open(box, "here") == text
    for other, place in ((box, "there"), (box[:-1] + bytes([box[-1] ^ 1]), "here")):
        with pytest.raises(SealError):
            vault.open(other, place)


def test_keys_can_be_rotated() -> None:
    old = Vault([ONE])
    box, mark = old.seal("x", "here"), old.fingerprint("a@b", "here")
    both = Vault([TWO, ONE])
    assert both.open(box, "here") == "x"
    assert both.fingerprint("a@b", "here") == mark
    assert both.seal("x", "here")[:4] != box[:4]
    with pytest.raises(SealError, match="not at hand"):
        Vault([TWO]).open(box, "here")


def test_the_key_file_is_made_once_and_private_and_only_where_needed(tmp_path: Path) -> None:
    load_vault(tmp_path, f"{new_key()},{new_key()}")
    assert not list(tmp_path.iterdir())
    box = load_vault(tmp_path, None).seal("x", "here")
    assert load_vault(tmp_path, None).open(box, "here") == "x"
    file = tmp_path / "secret.key"
    file.write_text(file.read_text(), encoding="utf-8-sig")  # as some editors save it
    assert load_vault(tmp_path, None).open(box, "here") == "x"
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("text", ["", "short", "AAAA", "ä" * 44])
def test_a_bad_key_is_one_line_without_the_key(tmp_path: Path, text: str) -> None:
    with pytest.raises(StartError, match="is no key") as caught:
        load_vault(tmp_path, text)
    assert not text or text not in str(caught.value)
