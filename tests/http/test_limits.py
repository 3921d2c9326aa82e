"""The rate limit: never more calls in a minute than allowed, whoever makes them."""

import contextlib
import heapq
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.http.conftest import FakeTime, Make

from massage_ins_bridge.http import PlatformClient, PlatformError, Timeouts
from massage_ins_bridge.http.limits import LONGEST_SLEEP, TASK_CALLS, TokenBucket


@given(per_minute=st.integers(2, 300), gaps=st.lists(st.floats(0, 5), max_size=400))
@settings(deadline=None, max_examples=50)
def test_no_minute_sees_more_calls_than_allowed(per_minute: int, gaps: list[float]) -> None:
    now, times, slept, refused = [0.0], list[float](), list[float](), list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    bucket = TokenBucket(per_minute, lambda: now[0], sleep)
    for gap in gaps:
        now[0] += gap
        try:
            bucket.take(now[0] + 1e9)
        except PlatformError as error:
            refused.append(error.retry_after or 0)
            now[0] += refused[-1]
            bucket.take(now[0] + 1e9)
        times.append(now[0])
    assert all(wait <= LONGEST_SLEEP for wait in slept)
    assert all(wait > LONGEST_SLEEP for wait in refused)
    for start in times:
        assert sum(start <= t < start + 59.99 for t in times) <= per_minute


def test_calls_beyond_the_limit_wait(make_client: Make, fake_time: FakeTime) -> None:
    client = make_client(lambda r: httpx.Response(200, json=1), per_minute=60)
    for _ in range(20):
        client.get("/x")
    assert fake_time.now - 1000 == pytest.approx((20 - 6) / (54 / 60))


@pytest.mark.parametrize(("per_minute", "total"), [(2, 600), (60, 0.1)])
def test_too_long_a_queue_is_refused_at_once(
    make_client: Make, fake_time: FakeTime, per_minute: int, total: float
) -> None:
    """Whichever client of the account asks: also one with other headers."""
    client = make_client(
        lambda r: httpx.Response(200, json=1), per_minute=per_minute, timeout=Timeouts(total=total)
    )
    for _ in range(max(1, per_minute // 10)):
        client.with_headers({"x-more": "1"}).get("/x")
    with pytest.raises(PlatformError, match="too many calls") as caught:
        client.get("/x")
    assert not caught.value.permanent
    assert caught.value.retry_after == pytest.approx(60 if per_minute == 2 else 4 * 60 / 54)
    assert (fake_time.now, fake_time.slept) == (1000, [])


@pytest.mark.parametrize("per_minute", [20, 60, 120])
@pytest.mark.parametrize("calls", [1, 3, 4])
def test_tasks_of_several_calls_get_done_however_many(per_minute: int, calls: int) -> None:
    """Forty at once. One that is refused on its way begins anew when it was told to."""
    now, slept, spent = [0.0], list[float](), 0
    bucket = TokenBucket(per_minute, lambda: now[0], slept.append)
    waiting = [(0.0, task, 0) for task in range(40)]
    while waiting:
        now[0], task, done = heapq.heappop(waiting)
        assert now[0] < 1.4 * 60 * 40 * TASK_CALLS / per_minute
        slept.clear()
        try:
            bucket.take(now[0] + 60)
        except PlatformError as error:
            heapq.heappush(waiting, (now[0] + (error.retry_after or 0), task, 0))
            continue
        spent += 1
        if done + 1 < calls:
            heapq.heappush(waiting, (now[0] + sum(slept) + 0.02, task, done + 1))
    assert spent <= 1.5 * 40 * calls


def test_calls_that_go_together_are_made_or_not(make_client: Make, fake_time: FakeTime) -> None:
    client = make_client(lambda r: httpx.Response(200, json=1), per_minute=20)

    def call(times: int) -> None:
        with client.turn(3), client.turn(2):  # the outer one counts
            for _ in range(times):
                client.with_headers({"x-more": "1"}).get("/x")

    call(1)
    call(3)  # of four, what the first did not use was given back
    with pytest.raises(PlatformError, match="too many calls"):
        call(1)
    assert (fake_time.now, fake_time.slept) == (1000, [])
    fake_time.now += 3 * 60 / 16
    call(3)
    with pytest.raises(PlatformError):
        client.get("/x")


def test_a_pause_asked_for_holds_calls_and_no_thread(
    make_client: Make, fake_time: FakeTime
) -> None:
    answers = [httpx.Response(429, headers={"retry-after": "20"})]
    client = make_client(lambda r: answers.pop() if answers else httpx.Response(200, json=1))
    for _ in range(2):
        with pytest.raises(PlatformError) as caught:
            client.post("/x", idempotent=True)
        assert caught.value.retry_after == 20
    assert (fake_time.now, fake_time.slept) == (1000, [])
    fake_time.now += 20
    assert client.post("/x") == 1


def test_threads_share_one_limit(fake_time: FakeTime) -> None:
    """No time passes meanwhile, however long they take."""
    lock, total = threading.Lock(), [0]

    def answer(request: httpx.Request) -> httpx.Response:
        with lock:
            total[0] += 1
        return httpx.Response(200, json=1)

    options: Any = {"transport": httpx.MockTransport(answer), "timeout": Timeouts(total=0.3)}
    options |= {"sleep": fake_time.sleep, "clock": fake_time.clock}
    with PlatformClient("https://p.example", per_minute=100, **options) as client:

        def work(_: int) -> None:
            with contextlib.suppress(PlatformError):
                for _ in range(10):
                    client.get("/x")

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
    assert total == [10]
    assert fake_time.slept == []


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="per_minute"):
        PlatformClient("https://p.example", per_minute=0)
