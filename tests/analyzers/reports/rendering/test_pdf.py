"""The PDF, opened with Poppler's programs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from analyzers.language import Language
from analyzers.reports.rendering import render_pdf
from tests.analyzers.reports.rendering.report_data import HOSTILE, report

ROWS = 90


def poppler(program: str, *arguments: str | Path) -> str:
    """Run one of Poppler's programs and return what it prints."""
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.fixture(scope="module")
def pdf(english: Language, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with a table of 90 rows."""
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    path.write_bytes(render_pdf(report(rows=ROWS), english))
    return path


def inflated(path: Path) -> bytes:
    """Return the objects of a PDF, those that are compressed opened."""
    packed = re.findall(rb"/ObjStm.*?stream\r?\n(.*?)\r?\nendstream", path.read_bytes(), re.DOTALL)
    return b"".join(zlib.decompress(each) for each in packed)


def pages(path: Path) -> list[str]:
    """Return the text of each page, as it lies on it."""
    return poppler("pdftotext", "-layout", path, "-").removesuffix("\f").split("\f")


def test_each_page_has_its_number_and_the_running_title(pdf: Path) -> None:
    """``page 1 of 5`` at the foot of the first, and so on; the title stands at the head of all but the first."""
    found = pages(pdf)
    assert len(found) >= 4
    for number, page in enumerate(found, 1):
        assert f"page {number} of {len(found)}" in page
        assert page.lstrip().startswith("Week 10 of 2026")


def test_every_row_is_there_once_and_whole(pdf: Path) -> None:
    """90 rows over several pages, none lost or split, and the headings stand above them on each page."""
    found = pages(pdf)
    rows = [line for page in found for line in page.splitlines() if re.match(r"\s*/endpoint/\d+ ", line)]
    assert [line.split()[0] for line in rows] == [f"/endpoint/{number}" for number in range(ROWS - 1)]
    assert all(re.search(r"0\.12\s+0\.250\s+\S (met|missed)$", line) for line in rows)
    for page in found:
        if "/endpoint/" in page:
            assert re.search(r"Endpoint\s+Requests\s+Error rate, %\s+p95, s\s+State", page)


def test_no_heading_is_left_alone_at_a_foot(pdf: Path) -> None:
    """Below each heading something of its own stands on the same page."""
    headings = {"The week in numbers", "Charts", "Endpoints", "By requests", "What to do", "About these numbers"}
    for page in pages(pdf):
        lines = [line.strip() for line in page.splitlines() if line.strip() and not re.search(r"page \d+ of", line)]
        assert lines[-1] not in headings


def test_it_is_tagged_and_says_what_it_is(pdf: Path) -> None:
    """Title, subject, language and structure, for screen readers and for those who file it."""
    facts = poppler("pdfinfo", pdf)
    assert re.search(r"Title: +Week 10 of 2026: missed", facts)
    assert re.search(r"Subject: +availability missed", facts)
    assert re.search(r"Tagged: +yes", facts)
    assert re.search(r"Page size: +595.*A4", facts)
    structure = poppler("pdfinfo", "-struct", pdf)
    assert structure.count("Table") >= 2
    assert "TH" in structure
    assert b"/Lang (en)" in inflated(pdf)


def test_no_page_is_blank(pdf: Path, tmp_path: Path) -> None:
    """Each page, drawn, has ink: enough pixels that are not white."""
    poppler("pdftoppm", "-r", "40", "-gray", pdf, tmp_path / "page")
    drawn = sorted(tmp_path.glob("page*.pgm"))
    assert len(drawn) == len(pages(pdf))
    for path in drawn:
        pixels = path.read_bytes().split(b"\n", 3)[3]
        assert sum(pixel < 200 for pixel in pixels) > 200


def test_hostile_text_is_text(pdf: Path) -> None:
    """The route that is a script stands there, letter by letter."""
    assert HOSTILE in "".join(pages(pdf))


def test_portuguese_pages_are_numbered_in_portuguese(portuguese: Language, tmp_path: Path) -> None:
    """``página 1 de 3``, and the language is said to readers."""
    path = tmp_path / "relatorio.pdf"
    path.write_bytes(render_pdf(report(), portuguese))
    found = pages(path)
    assert f"página 1 de {len(found)}" in found[0]
    assert b"/Lang (pt-BR)" in inflated(path)


def test_without_pango_there_is_one_error_and_other_formats_work(tmp_path: Path) -> None:
    """Where the system's library cannot be loaded, PDF says what to install; the page is made all the same."""
    names = (
        "libpango-1.0-0",
        "libpango-1.0.so.0",
        "pango-1.0-0",
        "pango-1.0",
        "libpango-1.0.dylib",
        "libgobject-2.0.so.0",
    )
    for name in names:
        (tmp_path / name).write_bytes(b"not a library")
    program = (
        "from analyzers.language import language_of\n"
        "from analyzers.reports.rendering import render_html, render_pdf\n"
        "from logging_lib.errors import AtalaiaError\n"
        "from tests.analyzers.reports.rendering.report_data import ZONE, report\n"
        "language = language_of('en', ZONE)\n"
        "try:\n"
        "    render_pdf(report(), language)\n"
        "except AtalaiaError as error:\n"
        "    print(error, error.remedy, sep='|')\n"
        "print(len(render_html(report(), language)) > 1000)\n"
    )
    environment = {**os.environ, "LD_LIBRARY_PATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment, timeout=60
    )
    said, works = done.stdout.splitlines()[-2:]
    assert "PDF needs the Pango library" in said
    assert "apt-get install libpango-1.0-0" in said
    assert works == "True"
