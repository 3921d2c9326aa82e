"""An error is placed where the code asked about was left, and its own text is never shown."""

import json

import pytest

from massage_ins_bridge.domain.describe import describe


def of_json(package: str = "") -> str:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads("{Ann Lee")
    assert "Ann Lee" in caught.value.doc
    return describe(caught.value, package)


@pytest.mark.parametrize(
    ("package", "file"),
    [
        ("", "decoder.py"),
        (__name__, "test_describe.py"),
        ("json", "decoder.py"),
        ("json.scanner", "decoder.py"),  # it did not pass there
        ("tests.dom", "decoder.py"),  # a name that merely begins alike
    ],
)
def test_the_place_is_the_last_frame_in_the_package(package: str, file: str) -> None:
    name, _, line = of_json(package).partition(f" in {file}, line ")
    assert name == "JSONDecodeError"
    assert line.isdecimal()


def test_an_error_that_was_never_raised_is_its_type() -> None:
    assert describe(KeyError("Ann Lee")) == "KeyError"
