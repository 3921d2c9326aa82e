"""An error is placed where the code asked about was left, and its own text is never shown."""

import ast
import json
from datetime import date

import pytest

from massage_ins_bridge.domain.describe import describe, sentence
from massage_ins_bridge.domain.rule import NoRuleError, RulesInForce


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


def test_a_file_that_is_no_python_is_the_place() -> None:
    with pytest.raises(SyntaxError) as caught:
        compile("x = 1\ndef f(:\n", "/somewhere/mib_trial/__init__.py", "exec")
    assert describe(caught.value) == "SyntaxError in __init__.py, line 2"


def test_text_that_is_no_python_is_not_the_place() -> None:
    with pytest.raises(SyntaxError) as caught:
        ast.literal_eval("Ann Lee")
    assert describe(caught.value, __name__).startswith("SyntaxError in test_describe.py, line ")


def test_a_rule_that_is_not_there_is_named() -> None:
    with pytest.raises(NoRuleError) as caught:
        RulesInForce({}, "brk", date(2026, 12, 8))["BRK-99"]
    said = describe(caught.value, __name__)
    assert said.startswith("NoRuleError in test_describe.py, line ")
    assert said.endswith(": the rule 'BRK-99' of the plugin 'brk' is absent from its rules")


@pytest.mark.parametrize("text", ["it failed", "it failed.", "is it 'regence'?"])
def test_a_sentence_ends_once(text: str) -> None:
    assert sentence(text) == (text if text[-1] in ".?" else f"{text}.")
