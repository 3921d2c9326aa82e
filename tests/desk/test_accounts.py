"""Accounts: which setting of which account does not do, in one line without a secret."""

from pathlib import Path
from typing import Any

import pytest
from tests.databases import refusal, settings_of
from tests.hooks.doubles import Point, host_with, plugin
from tests.two_rules import two_rules_host

from massage_ins_bridge.desk.accounts import Account, close_accounts, make_accounts
from massage_ins_bridge.testing.fake_connector import FakeConnector
from massage_ins_bridge.testing.platform import FakePlatform

ACCOUNT = {"connector": "fake", "enforcement": "observe", "base_url": "https://platform.example"}


class Fussy(FakeConnector):
    name = "fussy"

    def __init__(self, account: Any, client: Any) -> None:
        raise ValueError(f"options.zone: {account.options['zone']!r} is no zone")


class Broken(FakeConnector):
    name = "broken"

    def __init__(self, account: Any, client: Any) -> None:
        raise RuntimeError(account.api_key)


FUSSY = {"connector": "fussy", "options": {"zone": "Mars"}}
CLASSES = {"fake": FakeConnector, "fussy": Fussy, "broken": Broken}


def test_a_connector_whose_plugin_is_off_is_told_so(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, accounts=[{**ACCOUNT, "name": "desk", "connector": "trial"}])
    host = host_with(Point("trial", plugin()), only=[], disabled=("trial",))
    said = refusal(lambda: make_accounts(settings, host, CLASSES))
    assert said.startswith("accounts[0].connector: 'trial' is switched off; `mib plugins enable")


def made(folder: Path, platform: FakePlatform, **changed: Any) -> dict[str, Account]:
    """One good account, and one with settings changed."""
    good = {**ACCOUNT, "name": "desk", "options": {"platform": platform.name}}
    settings = settings_of(folder, accounts=[good, {**good, "name": "other", **changed}])
    return make_accounts(settings, two_rules_host(), CLASSES)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"connector": "fakir"}, "brings 'fakir'; did you mean 'fake'?"),
        ({"connector": "nowhere"}, "brings 'nowhere'; see `mib plugins`"),
        ({"base_url": "http://platform.example"}, "base_url: must begin with https://"),
        ({**FUSSY, "api_key": "fine"}, "'fussy' cannot use these settings: options.zone: 'Mars'"),
        ({**FUSSY, "api_key": "kl\u00fcp"}, "api_key: holds odd characters"),
        ({**FUSSY, "api_key": "hidden\ntwo"}, "api_key: holds odd characters or a line break"),
        ({"connector": "broken", "api_key": "hidden"}, "connector broken: __init__ raised"),
    ],
)
def test_what_does_not_do_is_named(
    tmp_path: Path, fake_platform: FakePlatform, changed: dict[str, Any], said: str
) -> None:
    line = refusal(lambda: made(tmp_path, fake_platform, **changed))
    assert line.startswith("accounts[1].")
    assert said in line
    assert "hidden" not in line


def test_an_account_says_what_it_may_and_can(tmp_path: Path, fake_platform: FakePlatform) -> None:
    accounts = made(tmp_path, fake_platform, enforcement="enforce")
    assert [account.enforces for account in accounts.values()] == [False, True]
    assert [accounts["desk"].can(name) for name in ("confirm", "put")] == [True, False]
    close_accounts(accounts)
