"""What libraries log of our faults: never an error's text, which may hold a client's facts."""

import logging
from collections.abc import Iterator

import pytest

from massage_ins_bridge.web.door.logs import _discreet, configure_logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    factory = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(factory)


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


def test_a_librarys_traceback_is_not_logged() -> None:
    text = "Traceback (most recent call last)\n  File x\nValueError: Ann Lee\n"
    record = _discreet("uvicorn.error", 40, "x.py", 1, text, (), None)
    assert record.getMessage() == "it failed (ValueError)"
