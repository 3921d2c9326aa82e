"""What connectors say where a clinic connects an account: each slip is one line with the field."""

from __future__ import annotations

from typing import Any, cast

import pytest
from tests.hooks.sundial import CALLS, Answering, few, sundial

from massage_ins_bridge.api.connectors import (
    Access,
    PlatformHost,
    PlatformService,
    Registration,
    Setting,
)
from massage_ins_bridge.hooks.connector_class import check_class, settings_of
from massage_ins_bridge.hooks.platform_answers import CheckedConnector, ConnectorFaultError

ANY: Any = cast(Any, None)
SLIPS: dict[str, tuple[str, Any, str]] = {
    "no access": ("access", None, "access(): returned None where a Access belongs"),
    "nobody's key": ("access", Access(""), "access(): owner is empty"),
    "a lack that is none": ("access", Access("x", ("",)), "lacks 0 is empty"),
    "services that are none": ("services", "x", "services(): returned str where a list belongs"),
    "another kind": ("services", [PlatformHost("1", "x")], "service 0 is PlatformHost, not a Pla"),
    "a number as ref": ("services", [PlatformService(cast(Any, 1), "x")], "ref is 1, not text"),
    "no name": ("services", [PlatformService("1", "")], "service 0: name is empty"),
    "no minutes": ("services", [PlatformService("1", "x", 0)], "minutes is int, not a positive"),
    "perhaps": ("services", [PlatformService("1", "x", 5, cast(Any, 1))], "asks_confirmation is i"),
    "questions": ("services", [PlatformService("1", "x", questions=ANY)], "questions is None, not"),
    "label": (
        "services",
        [PlatformService("1", "x", questions={"a": ANY})],
        "a label of questions",
    ),
    "twice": ("services", [PlatformService("1", "x")] * 2, "services(): names one service twice"),
    "own": ("hosts", [PlatformHost("1", "x", own=ANY)], "host 0: own is None, not a bool"),
    "one host twice": ("hosts", [PlatformHost("1", "x")] * 2, "hosts(): names one host twice"),
    "no registration": ("register", "made", "register(): returned str where a Registration"),
    "another word": ("register", Registration(cast(Any, "done")), "how 'done' is none of made, ch"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_by_its_field(slip: str) -> None:
    method, answer, words = SLIPS[slip]
    connector = CheckedConnector(sundial()(answer=answer))
    with pytest.raises(ConnectorFaultError) as caught:
        getattr(connector, method)(*CALLS[method][0])
    assert words in caught.value.message
    assert caught.value.message.startswith("connector sundial: ")


DECLARED: dict[str, tuple[Any, str]] = {
    "no list": ("api_key", "settings is str, not a list"),
    "another kind": (("api_key",), "settings 0 is str, not a Setting"),
    "another place": (
        (Setting("token", "Token"),),
        "settings 0: name is none of base_url",
    ),
    "an odd option": ((Setting("options.A b", "x"),), "nor options.NAME"),
    "no label": ((Setting("api_key", ""),), "settings 0: label is empty"),
    "another word": ((Setting("api_key", "x", kind=cast(Any, "date")),), "kind 'date' is none of"),
    "a default that is none": (
        (Setting("options.zone", "x", default="c", choices=("a", "b")),),
        "settings 0: default is none of its choices",
    ),
    "twice": ((Setting("api_key", "x"), Setting("api_key", "y")), "settings names 'api_key' twice"),
}


@pytest.mark.parametrize("slip", DECLARED)
def test_settings_that_cannot_be_asked_are_refused(slip: str) -> None:
    declared, words = DECLARED[slip]
    with pytest.raises(ConnectorFaultError) as caught:
        check_class(sundial(settings=declared))
    assert words in caught.value.message


def test_who_declares_no_settings_is_asked_the_usual_ones() -> None:
    asked = settings_of(sundial(default_base_url="https://sundial.example", **few()))
    assert [(one.name, one.required, one.secret) for one in asked] == [
        ("base_url", False, False),
        ("api_key", True, True),
        ("webhook_secret", False, True),
    ]
    assert settings_of(Answering)[0].required
    own = (Setting("options.feed", "Address of the feed", secret=True),)
    assert settings_of(sundial(settings=own)) == own
