"""Addresses, paths and headers that are refused, without repeating what may be a secret."""

import httpx
import pytest
from tests.http.conftest import Make

from massage_ins_bridge.http import PlatformClient
from massage_ins_bridge.http.checks import checked_target, same_place

UNSAFE = (
    *("http://api.platform.example", "ftp://x.example", "https://user:pw@x.example"),
    *("https://x.example/?key=1", "https://x.example/#f", "nonsense", "", "https://"),
)


@pytest.mark.parametrize("base", UNSAFE)
def test_an_unsafe_base_url_is_refused(base: str) -> None:
    with pytest.raises(ValueError, match="base_url") as caught:
        PlatformClient(base)
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:8080", "http://[::1]:1", "http://localhost", "https://x.example/api"]
)
def test_http_is_fine_on_this_machine(base: str) -> None:
    PlatformClient(base).close()
    PlatformClient("http://platform.internal", allow_http=True).close()


@pytest.mark.parametrize("path", ["x", "/x?a=1", "/x#a", "/a/../b", "/a b", "/ä", "/x\r\n", "/.."])
def test_an_odd_path_is_refused(make_client: Make, path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        make_client(lambda r: httpx.Response(200, json=1)).get(path)


@pytest.mark.parametrize("value", ["k\r\nx: y", "schlüssel", "k\x00"])
def test_an_odd_key_is_refused_without_being_shown(value: str) -> None:
    with pytest.raises(ValueError, match="authorization") as caught:
        PlatformClient("https://x.example", {"authorization": value})
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://platform.example/x", "without encryption"),
        ("https://user:pw@platform.example/", "holds a password"),
        ("ftp://platform.example/", "no web address"),
        ("https://[::1", "no web address"),
    ],
)
def test_an_odd_target_is_refused_without_being_shown(target: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        checked_target(target, httpx.URL("https://api.platform.example/a"), allow_http=True)
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x", "https://a.example:443/y", True),
        ("http://a.example/x", "https://a.example/y", True),
        ("https://a.example", "https://b.a.example", False),
        ("https://a.example", "https://a.example:8443", False),
        ("http://a.example:8080", "https://a.example:8443", False),
    ],
)
def test_one_server_is_scheme_host_and_port(one: str, other: str, same: bool) -> None:
    assert same_place(httpx.URL(one), httpx.URL(other)) is same
