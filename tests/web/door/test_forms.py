"""Where a form comes from, as its browser says, and how its fields are read."""

import pytest
from starlette.requests import Request

from massage_ins_bridge.web.door.connections import REQUEST_SECONDS
from massage_ins_bridge.web.door.forms import host_of, is_ours
from massage_ins_bridge.web.door.uploads import UPLOAD_SECONDS

HOST = "mib.example:8766"
TYPED = ("same-origin", "none")


def asked(headers: dict[str, str]) -> Request:
    raw = [(name.encode(), value.encode()) for name, value in {"host": HOST, **headers}.items()]
    return Request({"type": "http", "headers": raw})


@pytest.mark.parametrize(
    ("headers", "ours", "typed", "unnamed"),
    [
        ({}, True, True, True),
        ({"origin": f"https://{HOST}"}, True, True, True),
        ({"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}, True, True, True),
        ({"sec-fetch-site": "none"}, False, True, True),
        ({"origin": "null"}, False, False, True),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, False, False, False),
        ({"sec-fetch-site": "same-site"}, False, False, False),
        ({"origin": "https://mib.example"}, False, False, False),  # another port
        ({"origin": "https://evil.example"}, False, False, False),
        ({"origin": "http://["}, False, False, False),
        ({"origin": ""}, False, False, False),
    ],
)
def test_what_the_browser_says_of_where_it_comes_from(
    headers: dict[str, str], ours: bool, typed: bool, unnamed: bool
) -> None:
    request = asked(headers)
    assert is_ours(request) == ours
    assert is_ours(request, fetched=TYPED) == typed
    assert is_ours(request, fetched=TYPED, unnamed=True) == unnamed


def test_an_address_and_what_is_none() -> None:
    assert host_of("https://mib.example:1/p") == "mib.example:1"
    assert (host_of("null"), host_of("http://[")) == ("", None)


def test_an_upload_is_answered_before_its_connection_is_cut() -> None:
    assert UPLOAD_SECONDS + 5 <= REQUEST_SECONDS
