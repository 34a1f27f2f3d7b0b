"""``atalaia report``: its formats, its places, its statuses, its mails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.analyzers.alerts.channels.smtp_server import PASSWORD, USER, mail_host
from tests.atalaia.cli.conftest import Run

CONTRACT = """
service = "*"
environment = "*"
zone = "UTC"
coverage = 0

[[objective]]
name = "availability"
kind = "availability"
target = 50
"""


@pytest.mark.parametrize(
    ("kind", "option", "period"),
    [("daily", "--day", "2024-01-15"), ("weekly", "--week", "2024-W03"), ("monthly", "--month", "2024-01")],
)
def test_every_format_of_every_kind(run: Run, tmp_path: Path, kind: str, option: str, period: str) -> None:
    """A folder gets a file for each format, named after the period; the objectives that are built in are missed."""
    folder = tmp_path / "reports"
    forms = ("--format", "html", "--format", "pdf", "--format", "json", "--format", "text")
    assert run("report", kind, option, period, *forms, "--output", f"{folder}/") == 1
    assert {each.name for each in folder.iterdir()} == {f"{period}.{end}" for end in ("html", "pdf", "json", "txt")}
    assert (folder / f"{period}.pdf").read_bytes().startswith(b"%PDF-")
    found = json.loads((folder / f"{period}.json").read_text(encoding="utf-8"))
    assert (found["report"], found["period"], found["state"]) == (kind, period, "missed")
    assert found["sections"]["summary"]["figures"]["total_requests"]["value"] == 5
    assert "<script" not in (folder / f"{period}.html").read_text(encoding="utf-8")


def test_the_last_complete_period_is_meant(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """At noon of Monday the 15th: Sunday, the second week, December; nothing was recorded in any, which is status 2."""
    for kind, period in (("daily", "2024-01-14"), ("weekly", "2024-W02"), ("monthly", "2023-12")):
        assert run("report", kind, "--format", "json", "--output", "-") == 2
        out, err = capsys.readouterr()
        assert json.loads(out)["period"] == period
        assert "unmeasured" in err


def test_text_needs_no_file(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """It goes to stdout, in the language that is asked for."""
    assert run("report", "daily", "--day", "2024-01-15", "--format", "text", "--lang", "pt_BR") == 1
    out = capsys.readouterr().out
    assert "15 de janeiro de 2024" in out
    assert "Tempo de resposta p95" in out
    assert "Response time" not in out


def test_the_agreement_is_that_of_the_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By ``./sla.toml`` or the file that is named; four of five good requests are enough for 50 %."""
    (tmp_path / "sla.toml").write_text(CONTRACT, encoding="utf-8")
    words = ("report", "daily", "--day", "2024-01-15", "--format", "json", "--output", "-")
    assert run(*words, "--contract", str(tmp_path / "sla.toml")) == 0
    named = json.loads(capsys.readouterr().out)
    monkeypatch.chdir(tmp_path)
    assert run(*words) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == named
    assert found["verdict"][0] == "1 objective met"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("daily",), "name --output, or --mail, or --format text"),
        (("daily", "--format", "html", "--format", "pdf", "--output", "x.html"), "let --output end in /"),
        (("daily", "--day", "2024-W03", "--format", "text"), "no day '2024-W03'"),
        (("weekly", "--week", "2024-W60", "--format", "text"), "no week '2024-W60'"),
        (("monthly", "--month", "2024-13", "--format", "text"), "no month '2024-13'"),
        (("daily", "--where", "nonsense = 1", "--format", "text"), "nonsense"),
        (("daily", "--mail", "ops@example.org"), "nothing says by which server reports are mailed"),
    ],
)
def test_mistakes_are_one_line(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    message: str,
) -> None:
    """Status 2, what is wrong on stderr, nothing on stdout."""
    monkeypatch.chdir(tmp_path)
    assert run("report", *words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err.splitlines()[-1]


def test_it_is_mailed_with_its_files(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A real server takes one mail for each recipient; the JSON that is attached is the one in the folder."""
    with mail_host(tmp_path) as host:
        monkeypatch.setenv("ATALAIA_SMTP_HOST", "localhost")
        monkeypatch.setenv("ATALAIA_SMTP_PORT", str(host.port))
        monkeypatch.setenv("ATALAIA_SMTP_CA_FILE", str(host.ca_file))
        monkeypatch.setenv("ATALAIA_SMTP_USERNAME", USER)
        monkeypatch.setenv("ATALAIA_SMTP_PASSWORD", PASSWORD)
        monkeypatch.setenv("ATALAIA_MAIL_FROM", "atalaia@example.org")
        recipients = ("--mail", "ops@example.org", "--mail", "chefe@example.org")
        forms = ("--format", "html", "--format", "json")
        folder = tmp_path / "reports"
        assert run("report", "daily", "--day", "2024-01-15", *forms, *recipients, "--output", f"{folder}/") == 1
        taken = list(host.taken)
    assert "mailed to ops@example.org, chefe@example.org" in capsys.readouterr().err
    assert [each["To"] for each in taken] == ["ops@example.org", "chefe@example.org"]
    [attached] = taken[0].iter_attachments()
    assert attached.get_filename() == "2024-01-15.json"
    assert attached.get_payload(decode=True) == (folder / "2024-01-15.json").read_bytes()
