"""A file of charts as spreadsheets write it: each line with what is wrong, by column."""

import csv
import io

import pytest

from massage_ins_bridge.desk.chart_columns import COLUMNS, template
from massage_ins_bridge.desk.chart_file import MOST_LINES, Line, as_file, read_lines
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.testing import installed_host

PAYERS = installed_host().payers


def lines(text: str | bytes) -> list[Line]:
    return read_lines(text.encode() if isinstance(text, str) else text, PAYERS)


def one(headings: str, cells: str) -> Line:
    (line,) = lines(f"{headings}\n{cells}\n")
    return line


def refused(content: str | bytes) -> str:
    with pytest.raises(UnusableInputError) as caught:
        lines(content)
    assert {problem.path for problem in caught.value.problems} == {"file"}
    return "; ".join(problem.message for problem in caught.value.problems)


def wrong(headings: str, cells: str) -> dict[str, str]:
    return {problem.path: problem.message for problem in one(headings, cells).problems}


def test_a_line_tells_of_a_client_their_insurance_and_their_prescription() -> None:
    line = one(
        "Name,born,language,payer,who pays,copay,claim number,injured on,prescriber,signed on,"
        "diagnoses,times a week,weeks,pain,loss of function",
        "Ann Lee,2/3/1980,Spanish,L&I,Employer,$25,AB12345,2026-01-05,Dr Example,2026-11-20,"
        '"M54.50, M62.830",2,6,yes,none',
    )
    assert line.problems == ()
    assert line.client == {"name": "Ann Lee", "birth_date": "1980-02-03", "language": "es"}
    assert line.facts["coverage"] == {
        "payer": "L&I",
        "funding": "self_insured",
        "cost_share": {"copay": "25"},
        "claim": {"number": "AB12345", "date_of_injury": "2026-01-05"},
    }
    assert line.facts["prescription"] == {
        "prescriber": {"name": "Dr Example"},
        "signed_on": "2026-11-20",
        "diagnoses": ["M54.50", "M62.830"],
        "frequency": {"times": 2, "per": "week"},
        "duration": {"count": 6, "unit": "week"},
        "pain": True,
        "loss_of_function": False,
    }


@pytest.mark.parametrize(
    ("heading", "cell", "said"),
    [
        (
            "born",
            "31/02/1984",
            "“31/02/1984” is no day; write it like 1984-02-28, or",
        ),
        ("born", "1984-02-30", "“1984-02-30” is no day"),
        ("payer", "Regense", "“Regense” is not known; did you mean Regence?"),
        ("visits a year", "ten", "is no whole number; write digits alone, such as 12"),
        ("visits a year", "-3", "is less than nothing; write 0 or more"),
        ("email", "not-mail", "is no e-mail address; write one such as ann@example.com"),
        ("email", "ann@home", "is no e-mail address"),
        ("phone", "x", "is no phone number"),
        ("copay", "a lot", "is no amount; write it such as 25 or 25.50"),
        ("pain", "maybe", "“maybe” is neither; write yes or no, or leave it empty"),
        ("position", "third", "“third” is none of them; write primary or secondary"),
        ("language", "French", "“French” is none of them; write English or Spanish"),
    ],
)
def test_what_is_wrong_is_said_with_its_cure(heading: str, cell: str, said: str) -> None:
    payer = ("", "") if heading == "payer" else (",payer", ",Regence")
    found = wrong(f"name,{heading}{payer[0]}", f"Ann,{cell}{payer[1]}")
    assert list(found) == [heading]
    assert found[heading].startswith(said)


def test_a_payer_whom_no_plugin_serves_is_kept() -> None:
    assert one("name,payer", "Ann,Moda Health").facts["coverage"] == {"payer": "Moda Health"}


def test_insurance_needs_its_payer_and_everybody_a_name() -> None:
    assert "payer" in wrong("name,member id", "Ann,ZZZ1")
    assert "name" in wrong("name,phone", ",206 555 0101")
    assert "" in wrong("name,phone", "Lee, Ann,206 555 0101")


def test_columns_may_stand_in_any_order_and_lines_are_counted_as_spreadsheets_do() -> None:
    found = lines('\ufeffPlan;NAME;Payer\r\n\r\n1;"Ann\nLee";VA\r\n;;\r\n2;Bo;VA\r\n')
    assert [(line.number, line.cells["plan"]) for line in found] == [(3, "1"), (6, "2")]
    assert lines("name\r\n") == []
    (semi,) = lines("sep=;\r\nPatient Name;DOB;E-mail\r\nAnn Lee;2/28/1984;ann@example.com\r\n")
    assert semi.client == {
        "name": "Ann Lee",
        "birth_date": "1984-02-28",
        "email": "ann@example.com",
    }
    assert [line.client for line in lines("name\nJos\xe9".encode("cp1252"))] == [{"name": "José"}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("name,member\nAnn,1\n", "has a column “member”; did you mean 'member id'?"),
        ("name,colour of hair\nAnn,red\n", "take it out"),
        ("name,client\nAnn,Ann\n", "has two columns “name”"),
        ("phone\n1\n", "has no column “name”"),
        (b"PK\x03\x04rest", "is a workbook, not text; save it as CSV"),
        (b"na\0me\n", "is no text"),
        ('name\n"Ann\n', "cannot be read from line 2"),
        ("name\n" + "Ann\n" * (MOST_LINES + 1), "has more than 1,000 lines"),
        (b"name\n" + b"x" * 11_000_000, "is larger than 10 MB"),
    ],
)
def test_what_is_no_such_file_is_refused_as_a_whole(content: str | bytes, said: str) -> None:
    assert said in refused(content)


def test_lines_that_are_left_become_a_file_that_can_be_sent_again() -> None:
    line = one("name,born,phone", '"Lee, Ann =1",31/02/1984,+1 206 555 0101')
    again = as_file([line, one("name,plan", "=cmd(),@x")])
    assert list(csv.reader(io.StringIO(again))) == [
        ["name", "born", "phone", "plan"],
        ["Lee, Ann =1", "31/02/1984", "+1 206 555 0101", ""],
        ["'=cmd()", "", "", "'@x"],
    ]


def test_the_template_names_every_column() -> None:
    assert template().rstrip().split(",") == list(COLUMNS)
    assert lines(template()) == []
