"""Connectors are looked at before they are used: each slip is one line that names the connector and
the cure."""

from collections.abc import Callable
from threading import Event
from typing import Any, cast

import pytest
from tests.hooks.sundial import Answering, Sundial, few, sundial

from massage_ins_bridge.api.connectors import Bookings
from massage_ins_bridge.hooks.connector_class import check_class, make_connector
from massage_ins_bridge.hooks.platform_answers import ConnectorFaultError
from massage_ins_bridge.testing.bookings import account

CLASSES: dict[str, tuple[type, str]] = {
    "no name": (sundial(name=...), "class Sundial has no name; write name = 'sundial' in it"),
    "a name with a blank": (sundial(name="Sun dial"), "has a name that is no plain word"),
    "a name that is a number": (sundial(name=7), "has a name that is no plain word"),
    "no capabilities": (sundial(capabilities=...), "capabilities is NoneType, not a frozenset"),
    "capabilities in a list": (sundial(capabilities=["fetch"]), "is list, not a frozenset of"),
    "a misspelt capability": (
        sundial(**few("fetch", "cancle")),
        "did you mean 'cancel'?",
    ),
    "a capability of its own": (sundial(**few("block")), "capabilities: 'block' is none of"),
    "a capability that is none": (sundial(**few(cast(Any, None))), "that is None is none of"),
    "no method for it": (sundial(confirm=...), "declares 'confirm' and has no such method"),
    "no function for it": (sundial(cancel="later"), "declares 'cancel' and has no such method"),
    "a method described alone": (sundial(changes=Bookings.changes), "'changes' and has no such"),
    "no verify": (sundial(verify=...), "needs 'verify' and has no such method"),
    "a method without a key": (sundial(cancel=lambda self, ref, reason: None), "cancel() does not"),
    "changes as it was": (sundial(changes=lambda self, since: None), "does not take cursor, now"),
    "no way of holding": (sundial(hold_style=...), "no hold_style; it is one of pending, tag, te"),
    "a misspelt way of holding": (sundial(hold_style="tags"), "did you mean 'tag'?"),
    "marks without a method": (sundial(**few("fetch", "confirm")), "'tag' needs the capability 'h"),
    "marks that stay": (sundial(**few("hold")), "hold_style 'tag' needs the capability 'confirm'"),
    "holds that are none": (sundial(hold_style="none"), "declares 'hold' while its hold_style is"),
    "a platform without a name": (sundial(platform_name=""), "platform_name is empty"),
    "an address that is none": (sundial(default_base_url=None), "default_base_url is no text"),
}


@pytest.mark.parametrize("slip", CLASSES)
def test_a_class_that_is_no_connector_is_refused(slip: str) -> None:
    made, words = CLASSES[slip]
    with pytest.raises(ConnectorFaultError) as caught:
        check_class(made)
    assert words in caught.value.message
    assert caught.value.message.startswith("connector ")


@pytest.mark.parametrize(
    "made",
    [
        Sundial,
        sundial(default_base_url="https://sundial.example"),
        sundial(hold_style="pending", hold=..., capabilities=Answering.capabilities - {"hold"}),
        sundial(hold_style="none", **few()),
        sundial(cancel=lambda self, *everything: None),
        sundial(cancel=staticmethod(lambda ref, reason, idem_key: None)),
    ],
)
def test_a_connector_may_be_written_in_several_ways(made: type) -> None:
    check_class(made)
    assert make_connector(made, account(), cast(Any, None)).name == "sundial"


def raising(error: Callable[[Any], BaseException]) -> type:
    def make(self: Any, account: Any, client: Any) -> None:
        raise error(account)

    return sundial(__init__=make)


def test_a_constructors_word_about_a_setting_is_kept() -> None:
    made = raising(lambda account: ValueError("options.zone:\n 'Mars' is no zone"))
    with pytest.raises(ValueError, match=r"^options\.zone: 'Mars' is no zone$"):
        make_connector(made, account(), cast(Any, None))


@pytest.mark.parametrize(
    "error",
    [
        lambda account: TypeError(account.api_key),
        lambda account: ValueError(f"invalid literal: {account.api_key!r}"),
        lambda account: ValueError(account.webhook_secret),
        lambda account: ValueError(f"no key: {account.api_key[:12]}..."),
        lambda account: ValueError,
        lambda account: SystemExit(account.api_key),
    ],
)
def test_a_constructor_that_breaks_shows_no_words(error: Callable[[Any], BaseException]) -> None:
    with pytest.raises(ConnectorFaultError) as caught:
        make_connector(raising(error), account(), cast(Any, None))
    line = caught.value.message
    assert line.startswith("connector sundial: __init__ raised ")
    assert " in test_connector_class.py, line " in line
    assert account().api_key not in line
    assert account().webhook_secret not in line


def test_a_constructor_of_another_shape_is_told() -> None:
    made = sundial(__init__=lambda self, account: None)
    with pytest.raises(ConnectorFaultError, match=r"sundial: __init__ raised TypeError$"):
        make_connector(made, account(), cast(Any, None))


def test_a_constructor_that_hangs_is_told() -> None:
    go_on = Event()
    made = sundial(__init__=lambda self, account, client: go_on.wait(60))
    with pytest.raises(ConnectorFaultError, match=r"sundial: __init__ did not end within 0\.1 s"):
        make_connector(made, account(), cast(Any, None), limit=0.1)
    go_on.set()
