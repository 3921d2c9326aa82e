"""What connectors share: comparing a signature with whatever a header can hold."""

import pytest

from massage_ins_bridge.api.connectors import signature_matches


@pytest.mark.parametrize("given", ["", "ab", "abcd", "ABC", "äbc", "\udcff", "abc\0", "abc "])
def test_only_the_signature_itself_matches(given: str) -> None:
    assert signature_matches("abc", "abc")
    assert not signature_matches(given, "abc")
