"""The code of an app beside the password, the codes that stand in for it, and one's browsers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge
from tests.desk.dana import DANA, PASSWORD, bridge_of_dana, code_of, dana, stop_the_apps_clock

from massage_ins_bridge.desk import own_sign_in as own
from massage_ins_bridge.desk.errors import NotFoundError
from massage_ins_bridge.desk.sign_in import TRIES, Entry, SignInError, sign_in
from massage_ins_bridge.domain.reading import UnusableInputError


@pytest.fixture(autouse=True)
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_apps_clock(monkeypatch)


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    yield from bridge_of_dana(tmp_path)


def turned_on(bridge: Bridge, ahead: int = -1) -> tuple[str, tuple[str, ...]]:
    with bridge.installation.write() as record:
        user = record.users.all()[0].id
        secret = own.offer(record, user, "Alder Street").secret
        return secret, own.turn_on(record, user, secret, code_of(secret, ahead))


def enter(bridge: Bridge, code: str, password: str = PASSWORD) -> str:
    entry = Entry(DANA["email"], password, code, "Firefox on Linux")
    return sign_in(bridge.installation, "default", entry)


def test_an_offer_is_read_by_apps_and_by_people(bridge: Bridge) -> None:
    with bridge.installation.read() as record:
        offer = own.offer(record, dana(bridge), "Alder: Street")
    assert offer.in_groups.replace(" ", "") == offer.secret
    assert offer.uri == (
        "otpauth://totp/Alder%20%20Street:dana@example.com"
        f"?secret={offer.secret}&issuer=Alder%3A%20Street"
    )


def test_it_is_turned_on_by_a_code(bridge: Bridge) -> None:
    with bridge.installation.write() as record:
        user = record.users.all()[0].id
        secret = own.offer(record, user, "Alder").secret
        with pytest.raises(UnusableInputError) as caught:
            own.turn_on(record, user, secret, "000000")
        assert [problem.path for problem in caught.value.problems] == ["code"]
        for broken in ("", "====", "MFRGG"):
            with pytest.raises(UnusableInputError, match="not whole"):
                own.turn_on(record, user, broken, code_of(secret))
        with pytest.raises(NotFoundError):
            own.renew_codes(record, user)
    secret, codes = turned_on(bridge)
    assert (len(set(codes)), {len(code) for code in codes}) == (10, {11})
    assert enter(bridge, code_of(secret))


def test_a_code_is_good_once(bridge: Bridge) -> None:
    secret, _ = turned_on(bridge)
    code = code_of(secret)
    assert enter(bridge, code)
    with pytest.raises(SignInError, match="does not fit"):
        enter(bridge, code)
    with pytest.raises(SignInError, match="does not fit"):
        enter(bridge, code_of(secret, -1))
    assert enter(bridge, code_of(secret, 1))


def test_each_of_the_codes_that_stand_in_lets_in_once(bridge: Bridge) -> None:
    _, (first, second, *_) = turned_on(bridge)
    assert enter(bridge, first.upper().replace("-", " "))
    with pytest.raises(SignInError):
        enter(bridge, first)
    with bridge.installation.read() as record:
        assert own.own_sign_in(record, dana(bridge), None).codes_left == 9
    with bridge.installation.write() as record:
        new = own.renew_codes(record, dana(bridge))
    with pytest.raises(SignInError):
        enter(bridge, second)
    assert enter(bridge, new[0])


def test_wrong_codes_shut_out_as_wrong_passwords_do(bridge: Bridge) -> None:
    secret, codes = turned_on(bridge)
    for _ in range(TRIES):
        with pytest.raises(SignInError):
            enter(bridge, "000000")
    for good in (code_of(secret), codes[0]):
        with pytest.raises(SignInError, match="wait some minutes"):
            enter(bridge, good)


def test_it_is_turned_off_and_taken_from_who_lost_it(bridge: Bridge) -> None:
    turned_on(bridge)
    with bridge.installation.write() as record:
        own.turn_off(record, dana(bridge))
        assert not own.own_sign_in(record, dana(bridge), None).has_code
    token = enter(bridge, "")
    turned_on(bridge)
    with bridge.installation.write() as record:
        own.forget_app(record, dana(bridge))
        session = record.users.session(token)
        assert session is not None
        assert session.ended_at is not None
    assert enter(bridge, "")


def test_browsers_are_listed_and_signed_out(bridge: Bridge) -> None:
    here, other = enter(bridge, ""), enter(bridge, "")
    user = dana(bridge)
    with bridge.installation.write() as record:
        mine, others = record.users.session(here), record.users.session(other)
        assert mine is not None
        assert others is not None
        found = own.own_sign_in(record, user, mine.id).browsers
        assert {(one.browser, one.here) for one in found} == {
            ("Firefox on Linux", True),
            ("Firefox on Linux", False),
        }
        own.end_session(record, user, others.id)
        assert [one.id for one in own.own_sign_in(record, user, None).browsers] == [mine.id]
        with pytest.raises(NotFoundError):
            own.end_session(record, user, others.id)
