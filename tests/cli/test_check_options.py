"""The arguments of ``check``: which go together, and what ``--help`` says of them."""

import pytest

from massage_ins_bridge.cli.check_options import Options, options_of, parser


def test_a_file_alone_needs_no_parser() -> None:
    assert options_of(["-"]) == Options("-")
    assert options_of(["r.json"]) == Options("r.json")


def test_options_are_read() -> None:
    found = options_of(["r.json", "--upload", "--prescription", "rx1", "--json", "--traceback"])
    assert found == Options("r.json", json=True, upload=True, prescription="rx1", traceback=True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--lines", "--explain"], "--lines goes with --config alone"),
        (["--lines", "--traceback"], "--lines goes with --config alone"),
        (["--lines", "--visit-complete"], "--lines goes with --config alone"),
        (["--prescription", "rx1"], "--prescription goes with --upload"),
        (["--upload", "--visit-complete"], "not allowed with argument"),
        (["--json", "--lines"], "not allowed with argument"),
    ],
)
def test_what_does_not_go_together_is_said(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        options_of(["r.json", *arguments])
    assert caught.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("option", ["explain", "visit-complete", "upload", "traceback"])
def test_help_says_each(option: str) -> None:
    assert f"--{option}" in parser().format_help()
