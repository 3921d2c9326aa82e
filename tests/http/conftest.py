"""A clock that only sleeping moves, and clients over an answering function."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from massage_ins_bridge.http import PlatformClient, Timeouts


@dataclass
class FakeTime:
    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


Make = Callable[..., PlatformClient]


@pytest.fixture
def make_client(fake_time: FakeTime) -> Iterator[Make]:
    with ExitStack() as open_clients:

        def make(answer: Any, headers: dict[str, str] | None = None, **options: Any) -> Any:
            more: dict[str, Any] = {"sleep": fake_time.sleep, "clock": fake_time.clock}
            more |= {"transport": httpx.MockTransport(answer), "timeout": Timeouts(), **options}
            client = PlatformClient("https://api.platform.example/base/", headers, **more)
            return open_clients.enter_context(client)

        yield make
