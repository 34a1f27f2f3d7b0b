"""``--format csv`` of texts that strangers wrote: for a terminal, a spreadsheet and a program."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store
from atalaia.cli.render.comma_separated import csv_text
from tests.atalaia.cli.conftest import STREAM, Run

CALCULATOR = "=cmd|' /C calc'!A1"
CLEARING = "/x\x1b[2J\r\n/y"
CONTRACT = """
service = "*"
zone = "UTC"
coverage = 0

[[objective]]
name = "availability"
kind = "availability"
target = 99
periods = ["day"]
expected_requests = 8
"""


@pytest.fixture
def hostile(store: Path) -> Path:
    """A failed request each of a route that is a formula, and of one that would clear the screen."""
    with open_store(str(store), writable=True) as opened:
        for number, route in enumerate((CALCULATOR, CLEARING)):
            http: dict[str, JsonValue] = {"response": {"status_code": 500}, "route": route}
            opened.append([Document(STREAM, f"h{number}", {"@timestamp": "2024-01-15T10:30:00Z", "http": http})])
    return store


def test_routes_neither_run_nor_clear_the_screen(hostile: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """The formula is text, the control characters are written out, and every row is a line."""
    assert run("errors", "--store", str(hostile), "--by", "endpoint", "--format", "csv") == 1
    out = capsys.readouterr().out
    assert all(char.isprintable() or char == "\n" for char in out)
    rows = {row["http.route"]: row for row in csv.DictReader(io.StringIO(out))}
    assert rows["'" + CALCULATOR]["errors"] == rows[r"/x\x1b[2J\r\n/y"]["errors"] == "1"
    assert len(out.splitlines()) == len(rows) + 1


def test_numbers_stay_numbers(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of 8 requests none may fail, and one did between 8 and 9: -1 is left from then on, without an apostrophe."""
    contract = tmp_path / "sla.toml"
    contract.write_text(CONTRACT, encoding="utf-8")
    assert run("sla", "budget", "--contract", str(contract), "--period", "2024-01-15", "--format", "csv") == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["remaining"] for row in rows] == ["0"] * 8 + ["-1"] * 4


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),  # noqa: RUF001 - as an East Asian keyboard writes it
        (' "=1"', '\' "=1"'),
        ("'=1", "''=1"),
        ("a;=1", "a;'=1"),
        ("\t=1", r"\t=1"),
        ("\x9b2J", r"\x9b2J"),
        ("\u202eabc", r"\u202eabc"),
        ("-12.5", "-12.5"),
        ("+5511999990000", "+5511999990000"),
        ("/orders/<int:id>", "/orders/<int:id>"),
        ("it's a = b", "it's a = b"),
        ("Aço, ñ; 漢", "Aço, ñ; 漢"),
    ],
)
def test_what_becomes_of_texts(text: str, shown: str) -> None:
    """Formulas are defused, control characters written out; numbers and harmless texts are as they were."""
    assert cells(csv_text(["text"], [[text]]), ",") == [["text"], [shown]]


@given(st.lists(st.text("=+-@;,'\"\t\r\n\x1b a1|＝"), min_size=1, max_size=3))  # noqa: RUF001 - likewise
def test_no_text_becomes_a_formula(texts: list[str]) -> None:
    """Whichever separator the spreadsheet parts cells at, none begins like a formula but a number."""
    written = csv_text([f"c{number}" for number in range(len(texts) + 1)], [["a", *texts]])
    for separator in ",;":
        for cell in cells(written, separator)[1]:
            assert not re.match(r"[=+\-@＝]", cell.strip()) or re.fullmatch(r"[+-]?1+", cell)  # noqa: RUF001 - likewise


@given(st.text("=+-@;'\" a1"))
def test_a_program_can_take_the_apostrophe_back(text: str) -> None:
    """One apostrophe less before each beginning of a formula is the text that was there."""
    [_, [shown]] = cells(csv_text(["text"], [[text]]), ",") if text else [[], [""]]
    assert re.sub(r"""(^|;)'(?=[ '"]*[=+\-@])""", r"\1", shown) == text


def cells(text: str, separator: str) -> list[list[str]]:
    """Return the cells of each line, as a spreadsheet with that separator parts them."""
    return list(csv.reader(io.StringIO(text), delimiter=separator))
