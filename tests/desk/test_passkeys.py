"""Passkeys: what is asked of a browser, and what is refused of its answers. That good answers are
taken is tested with a browser's own (``tests/web/staff/test_me.py``)."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge
from tests.desk.dana import DANA, PASSWORD, bridge_of_dana, dana

from massage_ins_bridge.desk import passkeys
from massage_ins_bridge.desk.errors import NotFoundError
from massage_ins_bridge.desk.passkeys import Place
from massage_ins_bridge.desk.sign_in import SignInError
from massage_ins_bridge.desk.users import add_user, remove_user, set_password
from massage_ins_bridge.domain.reading import UnusableInputError

HERE = Place("localhost", "http://localhost:8766")
FORM = {"answer": "{}", "label": "PC"}


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    yield from bridge_of_dana(tmp_path)


def refused_to_add(bridge: Bridge, **form: str) -> str:
    with pytest.raises(UnusableInputError) as caught, bridge.installation.write() as record:
        passkeys.add_passkey(record, dana(bridge), HERE, {**FORM, **form})
    return str(caught.value)


def refused_to_enter(bridge: Bridge, token: str, answer: str = "{}") -> str:
    with pytest.raises(SignInError) as caught, bridge.installation.write() as record:
        passkeys.sign_in_by_passkey(record, HERE, token, answer, "")
    return str(caught.value)


def kept(bridge: Bridge, credential: str = "abc") -> str:
    with bridge.installation.write() as record:
        return record.users.add_passkey(dana(bridge), credential, b"key", 0, "PC").id


def test_a_browser_is_asked_for_one_that_asks_its_owner(bridge: Bridge) -> None:
    kept(bridge)
    with bridge.installation.read() as record:
        asked = json.loads(passkeys.ask_to_add(record, dana(bridge), HERE, "Alder").options)
        enter = json.loads(passkeys.ask_to_sign_in(record, HERE).options)
    assert asked["rp"] == {"id": "localhost", "name": "Alder"}
    assert asked["user"]["name"] == DANA["email"]
    assert asked["excludeCredentials"] == [{"type": "public-key", "id": "abc"}]
    chosen = asked["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert (enter["rpId"], enter["userVerification"]) == ("localhost", "required")
    assert enter["challenge"] != asked["challenge"]


def test_nothing_but_a_fresh_answer_of_ones_own_is_added(bridge: Bridge) -> None:
    pytest.importorskip("webauthn")
    user = dana(bridge)
    with bridge.installation.read() as record:
        token = passkeys.ask_to_add(record, user, HERE, "Alder").token
        other = passkeys.ask_to_sign_in(record, HERE).token
    for bad in ("", "x", token[:-3], other):
        assert "Open the page again" in refused_to_add(bridge, token=bad)
    for answer in ("", "[]", "{}", '{"id": 1}'):
        assert "no passkey that can be used" in refused_to_add(bridge, token=token, answer=answer)
    bridge.clock.moment += timedelta(minutes=11)
    assert "took too long" in refused_to_add(bridge, token=token)
    for number in range(passkeys.MOST_PASSKEYS):
        kept(bridge, f"c{number}")
    assert "remove one first" in refused_to_add(bridge, token=token)


def test_an_unknown_or_broken_answer_lets_nobody_in(bridge: Bridge) -> None:
    pytest.importorskip("webauthn")
    kept(bridge)
    with bridge.installation.read() as record:
        token = passkeys.ask_to_sign_in(record, HERE).token
        other = passkeys.ask_to_add(record, dana(bridge), HERE, "Alder").token
    assert "twice" in refused_to_enter(bridge, other)
    for answer in ("", "[]", '{"id": "zzz"}'):
        assert "not known here" in refused_to_enter(bridge, token, answer)
    assert "was not taken" in refused_to_enter(bridge, token, '{"id": "abc"}')
    with bridge.installation.write() as record:
        mira = add_user(record, {**DANA, "email": "mira@example.com"})
        set_password(record, mira, PASSWORD)
        remove_user(record, dana(bridge))
    assert "not known here" in refused_to_enter(bridge, token, '{"id": "abc"}')
    with bridge.installation.write() as record:
        add_user(record, {**DANA, "name": "Dana the Second"})  # who has the same address now
        assert passkeys.list_passkeys(record, dana(bridge)) == ()


def test_ones_own_are_renamed_and_removed(bridge: Bridge) -> None:
    made, user = kept(bridge), dana(bridge)
    with bridge.installation.write() as record:
        passkeys.rename_passkey(record, user, made, " Phone ")
        assert [one.label for one in passkeys.list_passkeys(record, user)] == ["Phone"]
        with pytest.raises(UnusableInputError):
            passkeys.rename_passkey(record, user, made, " ")
        with pytest.raises(NotFoundError):
            passkeys.remove_passkey(record, "usr_other", made)
        assert passkeys.remove_passkey(record, user, made) == "Phone"
    with bridge.installation.read() as record:
        assert passkeys.list_passkeys(record, user) == ()
