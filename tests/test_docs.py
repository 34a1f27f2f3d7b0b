"""The documents: every command line parses, every link leads somewhere, and what the README shows runs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from atalaia.cli.main import cli

ROOT = Path(__file__).resolve().parents[1]
ATOP = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")
DOCUMENTS = [*(ROOT / name for name in ATOP), *sorted((ROOT / "docs").rglob("*.md"))]

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(atalaia [^`\n]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def fences(document: Path, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return [body for name, body in FENCE.findall(document.read_text(encoding="utf-8")) if name == language]


def command_lines() -> Iterator[tuple[str, str]]:
    """Yield document and text of each ``atalaia`` command line in a shell block."""
    for document in DOCUMENTS:
        for block in fences(document, "sh"):
            for line in re.split(r"\n| && | \| |; ", block.replace("\\\n", " ")):
                found = re.fullmatch(r"(atalaia .*?)(?:\s+[#>].*)?", line.strip())
                if found:
                    yield document.name, found[1]


def inline_commands() -> set[str]:
    """Return the ``atalaia`` commands that the running text mentions, options and all."""
    return {found for document in DOCUMENTS for found in INLINE.findall(document.read_text(encoding="utf-8"))}


def parsed(line: str) -> click.Context:
    """Parse a whole command line as the program would, without running it.

    Raises:
        click.UsageError: The program would refuse the line.
    """
    context = cli.make_context("atalaia", shlex.split(line)[1:])
    while isinstance(context.command, click.Group):
        words = [*context._protected_args, *context.args]  # noqa: SLF001 - where click keeps a group's own words
        name, command, rest = context.command.resolve_command(context, words)
        assert command is not None, line
        context = command.make_context(name, rest, parent=context)
    return context


@pytest.mark.parametrize(("document", "line"), [*command_lines()])
def test_command_lines_parse(document: str, line: str) -> None:
    """A command line in a document is one the program takes: names, options and values."""
    assert parsed(line).command.name, document


def test_a_wrong_command_line_is_noticed() -> None:
    """The check can fail: an option that does not exist is refused."""
    with pytest.raises(click.UsageError):
        parsed("atalaia errors --grouped-by endpoint")


@pytest.mark.parametrize("mentioned", sorted(inline_commands()))
def test_mentioned_commands_exist(mentioned: str) -> None:
    """A command that the text names exists, with the options it names."""
    words = mentioned.split()[1:]
    command: click.Command = cli
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None, mentioned
        command = found
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    """A relative link or picture names a file of the checkout."""
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    local = [target for target in targets if not re.match(r"\w+:", target)]
    assert {target for target in local if not (document.parent / target).is_file()} == set()


def test_the_architecture_describes_every_folder() -> None:
    """The table of folders lists what is there, and nothing that is not."""
    table = re.findall(r"^\| `(\w+)/`", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"), re.MULTILINE)
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    tracked = {name.split("/")[0] for name in listed.splitlines() if "/" in name and not name.startswith(".")}
    assert set(table) | {"docs", "examples", "benchmarks"} >= tracked
    assert {folder for folder in table if not (ROOT / folder).is_dir()} == set()


def test_the_architecture_names_paths_that_exist() -> None:
    """A path in backquotes is one of the checkout (or of the wheel, for the carried assets)."""
    words = re.findall(r"`([\w./*-]+)`", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
    paths = [word for word in words if re.match(r"(logging_lib|analyzers|atalaia|logstash|kibana|tests|docker)/", word)]
    assert paths
    assert {path for path in paths if "_assets" not in path and not [*ROOT.glob(path.rstrip("/"))]} == set()


def test_the_queries_document_runs(tmp_path: Path) -> None:
    """The program in it, saved and run, prints what the document shows."""
    document = ROOT / "docs" / "queries.md"
    (program,) = fences(document, "python")
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "program.py"], cwd=tmp_path, env=environment, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, fences(document, "text")[0]), done.stderr


def test_the_readme_runs(tmp_path: Path) -> None:
    """The application in the README, saved and run, and the commands after it, answer as they should."""
    (application,) = fences(ROOT / "README.md", "python")
    (tmp_path / "app.py").write_text(application, encoding="utf-8")
    (commands,) = [block for block in fences(ROOT / "README.md", "sh") if "app.py" in block]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ATALAIA")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-eu"], input=commands, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # 200 orders and one address that no route matches.
    assert "201" in done.stdout
    assert "/orders/<int:number>" in done.stdout
    assert "met" in done.stdout
