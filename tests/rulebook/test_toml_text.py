"""A rule file that is no TOML is told with the line that is wrong."""

import pytest
import tomli

from massage_ins_bridge.rulebook.toml_text import no_toml


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("a = 1\nread_on = 2026-13-22\n", ": read_on = 2026-13-22; 2026-13-22 is no day"),
        ("read_on = 2026-02-30\n", "2026-02-30 is no day"),
        ("on = 2026-02-28 oops\n", "column 17): on = 2026-02-28 oops"),
        ("plugin = \n", ": plugin ="),
        ("plugin = [1,\n", "(at end of document)"),
    ],
)
def test_the_line_is_shown_with_a_day_that_is_none(text: str, ends: str) -> None:
    with pytest.raises(tomli.TOMLDecodeError) as caught:
        tomli.loads(text)
    said = no_toml(text, caught.value)
    assert said.startswith("not valid TOML: ")
    assert said.endswith(ends), said
