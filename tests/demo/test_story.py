"""What a story expects of each day."""

from massage_ins_bridge.demo.story import End, asked, confirmed


def test_an_end_knows_how_a_day_must_close() -> None:
    end = End((asked(1), confirmed(3)))
    states = [seen.status if (seen := end.on(number)) else None for number in range(5)]
    assert states == [None, "pending", "pending", "accepted", "accepted"]
