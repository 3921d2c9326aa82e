"""Tables for spreadsheets carry nothing out."""

import csv
import io
from decimal import Decimal

import pytest

from massage_ins_bridge.desk.report.tables import as_csv


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "|calc", "\uff1d1", '=HYPERLINK("x")'],
)
def test_a_formula_becomes_a_text(text: str) -> None:
    ((cell,),) = csv.reader(io.StringIO(as_csv([(text,)]), newline=""))
    assert cell == f"'{text}"


def test_cells_say_what_they_hold() -> None:
    cells = ('Group "A", Inc.', Decimal(110), -3, None, "Regence")
    assert as_csv([cells]) == '"Group ""A"", Inc.",110.00,-3,,Regence\r\n'
