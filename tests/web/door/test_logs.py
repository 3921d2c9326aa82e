"""What libraries log of our faults: never an error's text, which may hold a client's facts."""

import json
import logging
from collections.abc import Iterator

import pytest

from massage_ins_bridge.web.door.logs import NotTooOften, configure_logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    factory, engine = logging.getLogRecordFactory(), logging.getLogger("dbos")
    handlers, propagate = engine.handlers, engine.propagate
    yield
    logging.setLogRecordFactory(factory)
    engine.handlers, engine.propagate = handlers, propagate


def test_an_errors_type_and_place_stand_for_its_text(caplog: pytest.LogCaptureFixture) -> None:
    configure_logs()
    try:
        raise ValueError("Ann Lee, born 1980-02-03")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in %s application:", "ASGI")
    logging.getLogger("uvicorn.error").warning("shutting down: %d left", 3)
    assert "Ann Lee" not in caplog.text
    said, plain = caplog.messages
    assert said.startswith("Exception in ASGI application (ValueError in test_logs.py, line ")
    assert plain == "shutting down: 3 left"


def test_a_library_that_cannot_get_on_fills_no_disk(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    engine = logging.getLogger("dbos")
    text = "Polling failed: Traceback (most recent call last)\n  File x\nValueError: Ann Lee\n"
    for _ in range(200):
        engine.warning(text)
    engine.error("no such table\n[SQL: SELECT 1]")
    *said, last = map(json.loads, capsys.readouterr().err.splitlines())
    assert [line["event"] for line in said] == ["Polling failed (ValueError)"] * 5
    assert (last["event"], last["level"], last["logger"]) == ("no such table", "error", "dbos")
    often, record = NotTooOften(), logging.makeLogRecord({"created": 1.0})
    assert [often.filter(record) for _ in range(7)] == [True] * 5 + [False] * 2
    record.created = 61.0
    assert (often.filter(record), record.__dict__["held_back"]) == (True, 2)
