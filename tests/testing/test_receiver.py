"""The receiver of webhooks that tests are made with."""

import httpx
import pytest

from massage_ins_bridge.testing.receiver import Receiver, Reply


def test_it_answers_as_it_is_told_and_keeps_what_came() -> None:
    with Receiver() as receiver:
        receiver.answers = [Reply(200, {"x-said": "1"}, b"{}"), Reply(500, {})]
        said = [httpx.post(receiver.url, content=body) for body in (b"one", b"two", b"three")]
        assert [answer.status_code for answer in said] == [200, 500, 204]
        assert (said[0].content, said[0].headers["x-said"]) == (b"{}", "1")
        assert [taken.body for taken in receiver.took] == [b"one", b"two", b"three"]
        assert receiver.took[0].path == "/hooks/bridge"


def test_it_hangs_until_it_does_not() -> None:
    with Receiver() as receiver:
        assert not receiver.hangs
        receiver.hangs = True
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(receiver.url, content=b"four", timeout=0.2)
        receiver.hangs = False
        assert httpx.post(receiver.url, content=b"five").status_code == 204
