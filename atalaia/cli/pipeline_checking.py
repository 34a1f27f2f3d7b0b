"""``atalaia pipeline check``: look Logstash configurations over."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypedDict, Unpack

import click
from rich.text import Text

from atalaia.cli.pipeline_options import ECS, ESCAPES, files_of, pipelines_option, sources_of
from atalaia.cli.render.machine import dumped
from atalaia.cli.render.safe import one_line, printable
from atalaia.cli.render.table import console_for
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from atalaia.pipeline.check.finding import Finding, Severity
from atalaia.pipeline.check.report import as_json, summary, text_of
from atalaia.pipeline.check.run import check_parts
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.runtime.sources import PipelineSource, context_of, read_parts
from logging_lib.clock import Clock

_STYLES: Final = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold blue"}


class Typed(TypedDict):
    """The options of ``pipeline check``, as click passes them."""

    names: tuple[str, ...]
    pipelines_file: Path | None
    together: bool
    ecs: str
    escapes: bool
    form: str
    strict: bool


@click.command(
    "check",
    cls=Command,
    short_help="Look configurations over: errors, and what would surprise",
    examples=(
        "atalaia pipeline check logstash/pipeline",
        "atalaia pipeline check filter.conf --ecs-compatibility disabled --format json",
        "atalaia pipeline check --together /etc/logstash/conf.d --strict",
        "atalaia pipeline check --pipelines /etc/logstash/pipelines.yml",
    ),
)
@click.argument("names", metavar="[CONF…]", nargs=-1)
@pipelines_option("A pipelines.yml: each of its pipelines, with its settings.")
@click.option("--together", is_flag=True, help="The files make one pipeline, as with 'logstash -f'; else each is one.")
@ECS
@ESCAPES
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="Findings for people, or as JSON for programs.",
)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.pass_obj
def check(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Look Logstash configurations over, all findings in one go, each with its place and what to do about it.

    CONF is a file, a directory or a pattern. Errors are what would be refused at load: syntax, unknown plugins and
    options, patterns that do not compile. Warnings are what loads and surprises: fields nothing sets, conditions that
    drop events or stop Logstash, options that run in another order than they are written in.
    docs/pipeline-checks.md lists all checks by their codes.

    Exit status: 0 nothing found, 1 errors (or warnings, with --strict), 2 a file cannot be read.
    """
    defaults = PipelineSource(ecs_compatibility=EcsCompatibility(typed["ecs"]), support_escapes=typed["escapes"])
    sources, unreadable = _sources(typed, defaults)
    findings = [finding for source in sources for finding in _findings(source, runtime.clock, os.environ)]
    files = list(dict.fromkeys(name for source in sources for name, _ in source.parts))
    _print(findings, files, typed["form"])
    for error in unreadable:
        note(one_line(str(error)))
    return ExitStatus.ERROR if unreadable else _status(findings, strict=typed["strict"])


def _sources(typed: Typed, defaults: PipelineSource) -> tuple[list[PipelineSource], list[PipelineError]]:
    """Return the pipelines, and what could not be read of them."""
    if typed["together"] or typed["pipelines_file"] is not None or not typed["names"]:
        return sources_of(typed["names"], typed["pipelines_file"], defaults, os.environ), []
    sources: list[PipelineSource] = []
    unreadable: list[PipelineError] = []
    for name in typed["names"]:
        try:
            sources += [
                PipelineSource(file.stem, read_parts([file]), defaults.ecs_compatibility, defaults.support_escapes)
                for file in files_of(name)
            ]
        except PipelineError as error:
            unreadable.append(error)
    return sources, unreadable


def _findings(source: PipelineSource, clock: Clock, variables: Mapping[str, str]) -> list[Finding]:
    return check_parts(source.parts, context_of(source, clock), variables)


def _status(findings: Sequence[Finding], *, strict: bool) -> ExitStatus:
    bad = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return ExitStatus.BREACH if any(finding.severity in bad for finding in findings) else ExitStatus.OK


def _print(findings: Sequence[Finding], files: Sequence[str], form: str) -> None:
    if form == "json":
        sys.stdout.write(dumped(as_json(findings, files)) + "\n")
        return
    console = console_for(sys.stdout)
    for finding in findings:
        for line in _lines(finding):
            console.print(line, soft_wrap=True)
    console.print(Text(summary(findings, len(files))), soft_wrap=True)


def _lines(finding: Finding) -> Iterator[Text]:
    """Yield a finding's lines, the word for how bad it is in its colour, tabs kept."""
    first, *others = text_of(finding)
    place, word, rest = first.partition(f" {finding.severity}: ")
    yield Text.assemble((printable(place), "bold"), (word, _STYLES[finding.severity]), printable(rest))
    yield from (Text("\t".join(map(printable, line.split("\t")))) for line in others)
