"""Bars are as long as what they stand for."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from massage_ins_bridge.desk.report.answers import PayerAnswers
from massage_ins_bridge.desk.report.plots import (
    GROUND,
    LEFT,
    LONGEST,
    MOST_PAYERS,
    RIGHT,
    TOP,
    answered,
    bars,
    lengths,
)
from massage_ins_bridge.desk.report.visits import Counted, Stretch


def week(number: int, cured: int, lost: int, fee: int = 0) -> Stretch:
    day = date(2026, 9, 14) + timedelta(days=7 * number)
    return Stretch(day, cured, lost, Decimal(cured * fee), Decimal(lost * fee))


def test_bars_stand_on_each_other_within_the_picture() -> None:
    found = bars([week(n, n, 24 - n, 110) for n in range(24)])
    assert (found.dollars, found.lines[0][1], found.lines[-1][1]) == (True, "0", "$3,000")
    assert {bar.cured + bar.lost for bar in found.bars} <= {142, 143, 144}
    for bar in found.bars:
        assert bar.cured_y + bar.cured == GROUND
        assert TOP <= bar.lost_y == bar.cured_y - bar.lost
        assert LEFT <= bar.x < bar.x + bar.width <= RIGHT


def test_without_fees_they_are_visits() -> None:
    found = bars([week(0, 3, 1), week(1, 0, 0)])
    assert (found.dollars, [words for _, words in found.lines]) == (
        False,
        ["0", "1", "2", "3", "4"],
    )
    assert bars([]).bars == bars([week(0, 0, 0)]).bars[1:]


def test_answers_stand_behind_each_other_on_one_scale() -> None:
    made = PayerAnswers("Regence", 8, 4, 2, 2, 0, 0, 3, 9, None, None, None)
    half = replace(made, payer="Premera", asked=4, approved=2, denied=1, waiting=1)
    one, two = answered([made, half])
    assert one.approved + one.denied + one.waiting == LONGEST
    assert (one.approved, one.denied) == (2 * two.approved, 2 * two.denied)
    assert len(answered([made] * 20)) == MOST_PAYERS


def test_the_longest_line_is_the_most() -> None:
    one, two = lengths([Counted("within a day", 4), Counted("later", 1)])
    assert one.width == 4 * two.width
