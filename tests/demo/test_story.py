"""What a story expects of each day."""

from massage_ins_bridge.demo.story import End, asked, confirmed, declined


def test_an_end_knows_how_a_day_must_close() -> None:
    end = End((asked(1), confirmed(3)))
    states = [seen.status if (seen := end.on(number)) else None for number in range(5)]
    assert states == [None, "pending", "pending", "accepted", "accepted"]


def test_a_refusal_waits_on_its_day_and_a_confirmation_does_not() -> None:
    end = End((asked(1), declined(1)))
    assert (end.on(1), end.on(1, pausing=True)) == (declined(1), asked(1))
    assert (end.on(2, pausing=True), end.refused_on(1), end.refused_on(2)) == (
        declined(1),
        True,
        False,
    )
    allowed = End((asked(1), confirmed(1)))
    assert (allowed.on(1, pausing=True), allowed.refused_on(1)) == (confirmed(1), False)
