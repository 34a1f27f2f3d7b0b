"""``atalaia pipeline check`` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from atalaia.cli.main import main

CLEAN = "input { generator { count => 1 } }\noutput { stdout { } }\n"
WARNING = "input { generator { count => 1 } }\nfilter {\n\tif [level] { drop { } }\n}\noutput { stdout { } }\n"
ERROR = "input { generator { count => 1 } }\noutput { stdot { } }\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working directory with a clean file, one with a warning and one with an error."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("clean", CLEAN), ("warning", WARNING), ("error", ERROR)):
        (tmp_path / f"{name}.conf").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["clean.conf"], 0),
        (["clean.conf", "--strict"], 0),
        (["warning.conf"], 0),
        (["warning.conf", "--strict"], 1),
        (["error.conf"], 1),
        (["clean.conf", "error.conf"], 1),
        (["."], 1),
        (["missing.conf"], 2),
        (["missing.conf", "error.conf"], 2),
        ([], 2),
    ],
)
def test_the_exit_status_says_what_was_found(words: list[str], status: int) -> None:
    """0 nothing, 1 errors (or warnings when they count), 2 what could not be read."""
    assert main(["pipeline", "check", *words]) == status


@pytest.mark.usefixtures("folder")
def test_findings_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """Place, severity, problem and code; the line with a caret below the fault; what to do; the sum."""
    main(["pipeline", "check", "warning.conf", "error.conf"])
    assert capsys.readouterr().out == (
        "warning.conf:3:5: warning: nothing sets [level] before it is read here [unset-field]\n"
        "        if [level] { drop { } }\n"
        "           ^\n"
        "error.conf:2:10: error: there is no output 'stdot' here [unknown-plugin]\n"
        "  output { stdot { } }\n"
        "           ^\n"
        "  did you mean stdout?\n"
        "1 error, 1 warning in 2 files\n"
    )


@pytest.mark.usefixtures("folder")
def test_findings_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """One object: the files, the findings, how many of each severity."""
    main(["pipeline", "check", "error.conf", "clean.conf", "--format", "json"])
    assert json.loads(capsys.readouterr().out) == {
        "files": ["error.conf", "clean.conf"],
        "findings": [
            {
                "file": "error.conf",
                "line": 2,
                "column": 10,
                "code": "unknown-plugin",
                "severity": "error",
                "problem": "there is no output 'stdot' here",
                "remedy": "did you mean stdout?",
                "text": "output { stdot { } }",
                "notes": [],
            }
        ],
        "counts": {"error": 1, "warning": 0, "info": 0},
    }


@pytest.mark.usefixtures("folder")
def test_what_cannot_be_read_does_not_hide_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    """The other files are checked; the reason stands on stderr."""
    Path("latin.conf").write_bytes(b"# \xe9\n")
    assert main(["pipeline", "check", "latin.conf", "error.conf"]) == 2
    told = capsys.readouterr()
    assert "error.conf:2:10: error" in told.out
    assert "latin.conf is not UTF-8" in told.err


@pytest.mark.usefixtures("folder")
def test_files_together_make_one_pipeline(capsys: pytest.CaptureFixture[str]) -> None:
    """As ``logstash -f DIR`` reads them; each by itself they lack an input and an output."""
    Path("conf.d").mkdir()
    for name, text in (("1.conf", "input { generator { } }"), ("2.conf", "output { stdout { } }")):
        (Path("conf.d") / name).write_text(text, encoding="utf-8")
    assert main(["pipeline", "check", "conf.d", "--strict"]) == 1
    assert "[no-output]" in capsys.readouterr().out
    assert main(["pipeline", "check", "conf.d", "--strict", "--together"]) == 0


@pytest.mark.usefixtures("folder")
def test_the_settings_of_pipelines_are_honoured(capsys: pytest.CaptureFixture[str]) -> None:
    """ECS and escapes of each pipeline in a pipelines.yml."""
    filters = r'filter { mutate { split => { "[event][original]" => "\n" } } }'
    Path("p.conf").write_text(f"{CLEAN}{filters}\n", encoding="utf-8")
    Path("pipelines.yml").write_text(
        "- {pipeline.id: a, path.config: p.conf, pipeline.ecs_compatibility: v8, config.support_escapes: true}\n"
        "- {pipeline.id: b, path.config: p.conf, pipeline.ecs_compatibility: disabled}\n",
        encoding="utf-8",
    )
    assert main(["pipeline", "check", "--pipelines", "pipelines.yml", "--strict"]) == 1
    told = capsys.readouterr().out
    assert [line.rpartition("[")[2] for line in told.splitlines() if "p.conf:" in line] == [
        "unset-field]",
        "literal-backslash]",
    ]


@pytest.mark.usefixtures("folder")
def test_a_file_cannot_command_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters in a line that is shown are escaped."""
    Path("evil.conf").write_text("filter { \x1b[31m }\n", encoding="utf-8")
    main(["pipeline", "check", "evil.conf"])
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "filter { \\x1b[31m }" in told
