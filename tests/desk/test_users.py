"""Who may sign in, how, and what shuts them out."""

import re
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.errors import ConflictError, NotFoundError
from massage_ins_bridge.desk.roles import ROLES, ForbiddenError, Person, must_be_allowed
from massage_ins_bridge.desk.sign_in import (
    TRIES,
    Entry,
    SignInError,
    code_fits,
    must_know_password,
    sign_in,
    who_is,
)
from massage_ins_bridge.desk.users import (
    add_user,
    change_user,
    invite,
    let_in_again,
    remove_user,
    set_password,
    shown,
)
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.store.user_models import UserRow

OWNER = {"name": "Mira Olsen", "email": "mira@example.com", "role": "owner"}
DANA = {"name": "Dana Ruiz", "email": "dana@example.com", "role": "front-desk"}
PASSWORD = "four words in a row"


def added(bridge: Bridge, sent: dict[str, str] = DANA, password: str | None = PASSWORD) -> str:
    with bridge.installation.write() as record:
        row = add_user(record, sent)
        if password is not None:
            set_password(record, row, password)
        return row.id


def enter(bridge: Bridge, password: str = PASSWORD, code: str = "", email: str = "") -> str:
    entry = Entry(email or DANA["email"], password, code)
    return sign_in(bridge.installation, "default", entry)


def person(bridge: Bridge, token: str) -> Person | None:
    with bridge.installation.read() as record:
        found = who_is(record, token)
        return found[1] if found else None


def test_somebody_who_signs_in_is_known_until_they_are_quiet(bridge: Bridge) -> None:
    user = added(bridge)
    token = enter(bridge, email=" DANA@example.com ")
    found = person(bridge, token)
    assert found is not None
    assert (found.name, found.role, found.user_id) == ("Dana Ruiz", "front-desk", user)
    assert person(bridge, token + "x") is None
    bridge.clock.moment += timedelta(minutes=31)
    assert person(bridge, token) is None


def test_everybody_is_signed_out_at_night(bridge: Bridge) -> None:
    added(bridge)
    bridge.clock.moment = bridge.clock.moment.replace(hour=7, minute=50)  # 11:50 PM
    token = enter(bridge)
    bridge.clock.moment += timedelta(minutes=20)
    assert person(bridge, token) is None


@pytest.mark.parametrize(
    ("email", "password"),
    [("dana@example.com", "not the password"), ("nobody@example.com", PASSWORD), ("", "")],
)
def test_a_refusal_does_not_tell_who_may_sign_in(bridge: Bridge, email: str, password: str) -> None:
    added(bridge)
    with pytest.raises(SignInError) as refused:
        enter(bridge, password, email=email or "nobody")
    assert str(refused.value).startswith("That email and password do not go together.")


def test_too_many_tries_shut_somebody_out_for_longer_each_time(bridge: Bridge) -> None:
    added(bridge)
    for _ in range(TRIES):
        with pytest.raises(SignInError, match="do not go together"):
            enter(bridge, "wrong password")
    with pytest.raises(SignInError, match="wait some minutes"):
        enter(bridge)  # the right one, too
    bridge.clock.moment += timedelta(seconds=61)
    with pytest.raises(SignInError):
        enter(bridge, "wrong password")
    bridge.clock.moment += timedelta(seconds=61)
    with pytest.raises(SignInError, match="wait some minutes"):
        enter(bridge)
    bridge.clock.moment += timedelta(seconds=60)
    assert enter(bridge)


def test_a_code_is_asked_for_where_one_is_set_up(bridge: Bridge) -> None:
    user, secret = added(bridge), b"12345678901234567890"
    with bridge.installation.write() as record:
        row = record.users.get(user)
        assert row is not None
        record.users.set_code(row, secret)
    with pytest.raises(SignInError, match="Enter the code") as asked:
        enter(bridge)
    assert asked.value.needs_code
    with pytest.raises(SignInError, match="That code does not fit"):
        enter(bridge, code="000000")


def test_codes_are_those_of_the_apps() -> None:
    """RFC 6238, appendix B: at 59 seconds the secret gives 94287082, of which six digits count."""
    secret = b"12345678901234567890"
    app = TOTP(secret, 8, SHA1(), 30)  # noqa: S303 - what the apps use
    assert app.generate(59) == b"94287082"
    assert code_fits(secret, "287 082", at=59)
    assert code_fits(secret, "287082", at=59 + 30)
    assert not code_fits(secret, "287082", at=59 + 120)


def test_a_link_sets_a_password_once(bridge: Bridge) -> None:
    user = added(bridge, password=None)
    with bridge.installation.write() as record:
        token = invite(record, user)
        row = record.users.by_invite(token)
        assert row is not None
        with pytest.raises(UnusableInputError, match="shorter"):
            set_password(record, row, "short")
        set_password(record, row, PASSWORD)
        assert record.users.by_invite(token) is None
    assert enter(bridge)


def test_a_password_that_is_asked_for_again_cannot_be_guessed(bridge: Bridge) -> None:
    user = added(bridge)
    dana = Person("default", "Dana Ruiz", "front-desk", user)

    def said(password: str) -> str:
        with pytest.raises(UnusableInputError) as refused:
            must_know_password(bridge.installation, dana, password, "old")
        (problem,) = refused.value.problems
        assert problem.path == "old"
        return problem.message

    must_know_password(bridge.installation, dana, PASSWORD, "old")
    assert {said("wrong password") for _ in range(TRIES)} == {"That is not your password of now."}
    assert "wait some minutes" in said(PASSWORD)
    with pytest.raises(SignInError):
        enter(bridge)
    bridge.clock.moment += timedelta(seconds=61)
    assert enter(bridge)
    with bridge.installation.read() as record:
        kinds = [row.kind for row in record.acts.listed(user_id=user)]
    assert kinds == ["signed-in", "shut-out"]


def test_a_link_ends_after_a_week(bridge: Bridge) -> None:
    user = added(bridge, password=None)
    with bridge.installation.write() as record:
        token = invite(record, user)
    bridge.clock.moment += timedelta(days=7)
    with bridge.installation.read() as record:
        assert record.users.by_invite(token) is None


def test_a_new_password_signs_the_old_browsers_out(bridge: Bridge) -> None:
    user = added(bridge)
    token = enter(bridge)
    with bridge.installation.write() as record:
        row = record.users.get(user)
        assert row is not None
        set_password(record, row, "another four words")
    assert person(bridge, token) is None


def test_somebody_removed_is_out_at_once_and_can_be_let_in_again(bridge: Bridge) -> None:
    user = added(bridge)
    token = enter(bridge)
    with bridge.installation.write() as record:
        remove_user(record, user)
    assert person(bridge, token) is None
    with pytest.raises(SignInError):
        enter(bridge)
    with bridge.installation.write() as record:
        let_in_again(record, user)
    assert enter(bridge)


def test_the_only_owner_stays_one(bridge: Bridge) -> None:
    owner = added(bridge, OWNER)
    with bridge.installation.write() as record, pytest.raises(ConflictError, match="only owner"):
        remove_user(record, owner)
    with bridge.installation.write() as record, pytest.raises(ConflictError, match="only owner"):
        change_user(record, owner, {**OWNER, "role": "front-desk"})
    dana = added(bridge, {**DANA, "role": "owner"}, password=None)
    with bridge.installation.write() as record, pytest.raises(ConflictError, match="only one who"):
        remove_user(record, owner)  # Dana may never choose a password
    with bridge.installation.write() as record:
        row = record.users.get(dana)
        assert row is not None
        set_password(record, row, PASSWORD)
        assert change_user(record, owner, {**OWNER, "role": "front-desk"}).role == "front-desk"


def test_an_address_belongs_to_one_user(bridge: Bridge) -> None:
    added(bridge)
    with bridge.installation.write() as record, pytest.raises(ConflictError, match="in use"):
        add_user(record, {**OWNER, "email": "Dana@Example.com"})
    with bridge.installation.write() as record:
        other = add_user(record, OWNER).id
    with bridge.installation.write() as record, pytest.raises(ConflictError, match="in use"):
        change_user(record, other, {**OWNER, "email": DANA["email"]})


@pytest.mark.parametrize(
    ("change", "field"),
    [({"email": "no address"}, "email"), ({"name": " "}, "name"), ({"role": "boss"}, "role")],
)
def test_what_cannot_be_stored_is_said_by_field(
    bridge: Bridge, change: dict[str, str], field: str
) -> None:
    with (
        bridge.installation.write() as record,
        pytest.raises(UnusableInputError) as refused,
    ):
        add_user(record, {**DANA, **change})
    assert [p.path for p in refused.value.problems] == [field]


def test_nothing_of_a_user_stands_in_plain_text(bridge: Bridge) -> None:
    sent = {**DANA, "name": "Danadelion Ruizenbach", "email": "danadelion@unmistakable.example"}
    user = added(bridge, sent)
    with bridge.installation.read() as record:
        row = record.users.get(user)
        assert row is not None
        kept = [str(getattr(row, column.name)) for column in UserRow.__table__.columns]
        # long words: a short one stands in a hash by chance
        words = "danadelion|ruizenbach|unmistakable|four words"
        assert not re.search(words, " ".join(kept), re.IGNORECASE)
        assert shown(record, row).email == sent["email"]
    with bridge.installation.write() as record, pytest.raises(NotFoundError):
        change_user(record, "usr_other", DANA)


def test_only_the_owner_goes_live_edits_users_or_deletes() -> None:
    for role in ROLES:
        one = Person("default", "Somebody", role)
        for what in ("live", "people", "delete", "rules", "audit"):
            assert one.may(what) == (role == "owner"), (role, what)
    with pytest.raises(ForbiddenError, match="Only the owner"):
        must_be_allowed(Person("default", "Dana", "front-desk"), "live")
    with pytest.raises(ForbiddenError, match="reading only"):
        must_be_allowed(Person("default", "Ann", "read-only"), "work")
