"""What the door read is handed on once, and never more than so much of it."""

from massage_ins_bridge.desk.parsed import ParsedDeliveries


def test_the_oldest_are_left_to_be_parsed_again() -> None:
    parsed = ParsedDeliveries[int](most=2)
    for number in range(3):
        parsed.keep(f"d{number}", number)
    assert [parsed.get(f"d{number}") for number in range(3)] == [None, 1, 2]
    parsed.forget("d1")
    parsed.forget("d1")
    assert parsed.get("d1") is None
