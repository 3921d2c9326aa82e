"""A platform that answers as a test says."""

from typing import Any

import httpx


class Script:
    """Answers one after the other; the last one for ever. An exception is raised."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(step, Exception):
            raise step
        return httpx.Response(step, json={"done": step}) if isinstance(step, int) else step


DATE = "Sun, 22 Nov 2026 10:00:00 GMT"
OK = httpx.Response(200, json={"done": True})
PAGE = httpx.Response(200, text="<!DOCTYPE html><title>Sign in</title>")


def moved(target: str, status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers={"location": target})
