"""``atalaia verify``: exit statuses, the table, JSON, and mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzers.store.open import open_store
from tests.atalaia.cli.conftest import Run, document

CONTRACT = """
service = "*"
zone = "UTC"
coverage = 0
[[objective]]
name = "availability"
kind = "availability"
periods = ["day"]
target = 99
"""


@pytest.fixture
def answer(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The answer of an analysis in a file."""
    run("errors", "--by", "endpoint", "--format", "json")
    path = tmp_path / "errors.json"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    return path


def test_an_untouched_answer_is_equal(run: Run, answer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 0, and how many values were compared: 13 of the query, three rows of four."""
    assert run("verify", str(answer)) == 0
    assert capsys.readouterr().out == "✔ answer of an analysis equal: all 25 values derived again\n"


def test_an_edited_number_is_shown(run: Run, answer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 1; where it is, what is reported, what was derived, and why."""
    text = answer.read_text(encoding="utf-8")
    answer.write_text(text.replace('"errors": 1', '"errors": 0'), encoding="utf-8")
    assert run("verify", str(answer)) == 1
    assert capsys.readouterr().out == (
        "✘ answer of an analysis differs: 1 of 25 values\n\n"
        "/rows/1/errors\n  reported  0\n  derived   1\n"
        "  why       no event of this time was ingested since 2024-01-15T12:00:00Z: "
        "the report was edited, or made of other events\n"
    )
    assert run("verify", str(answer), "--format", "json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["outcome"], found["values"]) == ("differs", 25)
    [difference] = found["differences"]
    assert (difference["path"], difference["reported"], difference["derived"]) == ("/rows/1/errors", 0, 1)


def test_another_store_than_the_reports_is_named_where_something_differs(
    run: Run, answer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A forgotten --store looks like an edited report; who reads the differences is told of it."""
    other = str(tmp_path / "other")
    with open_store(other, writable=True) as opened:
        opened.append([document(0, ("2024-01-15T08:00:00Z", "/login", 200, 0.1))])
    assert run("verify", str(answer), "--store", other) == 1
    assert f"data, and was compared with {other}: name its with --store" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("kind", "period"), [("daily", "--day=2024-01-15"), ("weekly", "--week=2024-W03"), ("monthly", "--month=2024-01")]
)
def test_a_report_is_verified(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, period: str
) -> None:
    """The file that ``atalaia report`` wrote, as it is; the contract that is named must be the one that it carries."""
    path, other = str(tmp_path / "report.json"), tmp_path / "other.toml"
    other.write_text(CONTRACT, encoding="utf-8")
    run("report", kind, period, "--where", "status_code < 600", "--format", "json", "--output", path)
    capsys.readouterr()
    assert run("verify", path) == 0
    assert capsys.readouterr().out.startswith(f"✔ {kind} report equal: all ")
    assert run("verify", path, "--contract", str(other)) == 1
    assert "/contract/" in capsys.readouterr().out


def test_an_agreement_is_verified_by_its_contract(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The report carries the contract; another file is told apart from it, by the key that differs."""
    contract, other, path = tmp_path / "sla.toml", tmp_path / "other.toml", tmp_path / "report.json"
    contract.write_text(CONTRACT, encoding="utf-8")
    other.write_text(CONTRACT.replace("99", "98"), encoding="utf-8")
    assert run("sla", "show", "--contract", str(contract), "--format", "json") == 1
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    assert run("verify", str(path)) == 0
    assert run("verify", str(path), "--contract", str(contract)) == 0
    capsys.readouterr()
    assert run("verify", str(path), "--contract", str(other)) == 1
    assert '/contract/objective/0/target\n  reported  "99"\n  derived   "98"\n' in capsys.readouterr().out


def test_expired_events_cannot_be_verified(
    run: Run, answer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A store that has only the last two of the five requests left: status 2, and since when is said."""
    left = str(tmp_path / "left")
    with open_store(left, writable=True) as opened:
        opened.append([document(each, request) for each, request in enumerate(REQUESTS_LEFT)])
    assert run("verify", str(answer), "--store", left) == 2
    out = capsys.readouterr().out
    assert out.startswith("? answer of an analysis unverifiable: ")
    assert "why       raw events of 2024-01-15T08:00:00Z to 2024-01-15T10:00:00Z have expired\n" in out


REQUESTS_LEFT = (("2024-01-15T10:00:00Z", "/login", 200, 0.2), ("2024-01-15T10:15:00Z", None, 404, None))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON"),
        ('{"report": "weekly", "form": 9}', "newer than 2"),
        ('{"report": "yearly"}', "no report of the kind 'yearly'"),
    ],
)
def test_mistakes_are_one_line(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    """Status 2, one line on stderr, nothing on stdout."""
    path = tmp_path / "report.json"
    path.write_text(text, encoding="utf-8")
    assert run("verify", str(path)) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert message in err


def test_only_an_sla_report_has_a_contract(run: Run, answer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A contract beside another report would be ignored, so it is refused."""
    assert run("verify", str(answer), "--contract", "sla.toml") == 2
    assert "this answer of an analysis has no contract" in capsys.readouterr().err


def test_a_file_that_is_not_there(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named."""
    assert run("verify", str(tmp_path / "none.json")) == 2
    assert "cannot read the report" in capsys.readouterr().err
