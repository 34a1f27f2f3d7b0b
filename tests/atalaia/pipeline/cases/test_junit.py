"""JUnit XML, read again by a parser of its own kind."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from junitparser import JUnitXml
from junitparser.junitparser import Error, Failure

from atalaia.pipeline.cases.embedded import EmbeddedEngine
from atalaia.pipeline.cases.junit import junit
from atalaia.pipeline.cases.suite import run_suite
from tests.atalaia.pipeline.cases.support import write

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
PIPELINE = "filter { }"
CASES = """\
cases:
  - {name: good, input: {line: a}, expect: {message: a}}
  - {name: "bad <&\\" \\e", input: {line: "a\\e\\uFFFE"}, expect: {message: b}}
"""


def read(folder: Path) -> JUnitXml:
    """Run two cases and a file that is refused, and return what was written of them."""
    broken = folder / "z.cases.yaml"
    broken.write_text("pipeline: nonesuch\n", encoding="utf-8")
    files = [write(folder, PIPELINE, CASES), broken]
    return JUnitXml.fromstring(junit(run_suite(files, EmbeddedEngine()), NOW).encode())


def test_a_suite_for_each_file(tmp_path: Path) -> None:
    """Names, counts and times; a file that is refused is an error of its own suite."""
    first, second = read(tmp_path)
    assert (first.name, first.tests, first.failures, first.errors, first.skipped) == (
        str(tmp_path / "a.cases.yaml"),
        2,
        1,
        0,
        0,
    )
    assert (second.tests, second.failures, second.errors) == (1, 0, 1)
    assert first.timestamp == "2026-03-14T09:26:53+00:00"
    assert 0 < first.time < 60
    (case,) = second
    (error,) = case.result
    assert isinstance(error, Error)
    assert str(error.message).endswith("z.cases.yaml:1:1: the key 'cases' is missing in a file of cases")


def test_a_case_says_where_it_stands_and_why_it_fails(tmp_path: Path) -> None:
    """File, line and time of a case; the failure carries the whole difference, control characters made visible."""
    suite = next(iter(read(tmp_path)))
    good, bad = suite
    assert (good.name, good.result) == ("good", [])
    assert (bad.name, bad._elem.get("line")) == ('bad <&" \\x1b', "4")  # noqa: SLF001 - attributes beyond its own
    assert bad._elem.get("file") == str(tmp_path / "a.cases.yaml")  # noqa: SLF001 - as above
    assert bad.classname is not None
    assert bad.classname.endswith(".a.cases")
    (failure,) = bad.result
    assert isinstance(failure, Failure)
    assert failure.message == "event 1 of 1"
    assert failure.text == (
        f'{tmp_path / "a.cases.yaml"}:4\n  event 1 of 1\n    [message]  expected  "b"\n'
        '               got       "a\\u001b\\ufffe"'
    )


def test_elements_and_attributes(tmp_path: Path) -> None:
    """The document has the elements and attributes of pytest's ``xunit1``, which Jenkins and GitLab read."""
    allowed = {
        "testsuites": {"name"},
        "testsuite": {"name", "errors", "failures", "skipped", "tests", "time", "timestamp"},
        "testcase": {"name", "classname", "time", "file", "line"},
        "failure": {"message"},
        "error": {"message"},
    }
    root = read(tmp_path)._elem  # noqa: SLF001 - the tree below it
    seen = {(element.tag, name) for element in root.iter() for name in element.attrib}
    assert seen == {(tag, name) for tag, names in allowed.items() for name in names}
    for element in root.iter("testcase"):
        assert re.fullmatch(r"\d+\.\d{6}", element.attrib["time"])
