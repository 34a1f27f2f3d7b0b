"""``atalaia pipeline test``: unit tests of pipelines."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypedDict, Unpack

import click

from atalaia.cli.options import Decorator, stacked
from atalaia.cli.render.cases import Printer
from atalaia.cli.render.safe import printable
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from atalaia.pipeline.cases.coverage import Coverage, measure
from atalaia.pipeline.cases.embedded import EmbeddedEngine
from atalaia.pipeline.cases.junit import junit
from atalaia.pipeline.cases.lcov import lcov
from atalaia.pipeline.cases.logstash.command import find_program
from atalaia.pipeline.cases.logstash.engine import LogstashEngine
from atalaia.pipeline.cases.resolving import case_files
from atalaia.pipeline.cases.selecting import choosing
from atalaia.pipeline.cases.suite import SuiteResult, run_suite
from atalaia.pipeline.errors import PipelineError

_EMBEDDED: Final = "embedded"
_LOGSTASH: Final = "logstash"
_WHOLE: Final = 100


class Typed(TypedDict):
    """The options of ``pipeline test``, as click passes them."""

    paths: tuple[Path, ...]
    expression: str | None
    coverage: bool
    fail_under: float | None
    coverage_file: Path | None
    junit_file: Path | None
    engine: str
    logstash_image: str | None
    logstash_timeout: float | None
    verbose: bool


_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_OPTIONS: Final[Decorator] = stacked(
    click.option(
        "-k",
        "expression",
        metavar="EXPR",
        help="Only cases whose file or name contains this; words joined by and, or, not and parentheses.",
    ),
    click.option("--coverage", is_flag=True, help="Name the plugins and branches that no case reached."),
    click.option(
        "--fail-under",
        metavar="PCT",
        type=click.FloatRange(0, _WHOLE),
        help="Fail when the cases reach less than this percentage of a pipeline.",
    ),
    click.option(
        "--coverage-file", metavar="FILE", type=_FILE, help="Write the coverage for editors, as an LCOV tracefile."
    ),
    click.option("--junit", "junit_file", metavar="FILE", type=_FILE, help="Write the verdicts as JUnit XML."),
    click.option(
        "--engine",
        type=click.Choice((_EMBEDDED, _LOGSTASH)),
        default=_EMBEDDED,
        show_default=True,
        help="What runs the pipelines: Atalaia itself, or a Logstash on this machine (LOGSTASH_HOME, or the PATH).",
    ),
    click.option("--logstash-image", metavar="IMAGE", help="Run Logstash as a container of this image, with docker."),
    click.option(
        "--logstash-timeout",
        metavar="SECONDS",
        type=click.FloatRange(min=0, min_open=True),
        help="How long Logstash may take for one file of cases.  [default: 300]",
    ),
    click.option("-v", "--verbose", is_flag=True, help="Print the cases that pass, too."),
)
_TIMEOUT: Final = 300.0


@click.command(
    "test",
    cls=Command,
    short_help="Unit-test pipelines: events in, events out, as YAML",
    examples=(
        "atalaia pipeline test",
        "atalaia pipeline test logstash/cases/request.yaml -k 'duration and not zero' -v",
        "atalaia pipeline test --coverage --fail-under 100 --junit pipelines.xml",
        "atalaia pipeline test --engine logstash --logstash-image docker.elastic.co/logstash/logstash:9.2.2",
    ),
)
@click.argument("paths", metavar="[PATH]…", nargs=-1, type=click.Path(path_type=Path))
@_OPTIONS
@click.pass_obj
def test(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Run cases: what comes into a pipeline, and what must come out. No Logstash, no JVM, milliseconds.

    PATH is a file of cases or a folder with some (*.cases.yaml, or a folder named cases); by default ./cases or
    ./logstash/cases. The form is described in docs/pipeline-tests.md.

    Exit status: 0 all cases pass, 1 some fail or too little is covered, 2 a mistake: a file is refused, or no case is
    chosen.
    """
    _check(typed)
    engine = EmbeddedEngine() if typed["engine"] == _EMBEDDED else _logstash(typed)
    choose = choosing(typed["expression"]) if typed["expression"] is not None else lambda _name: True
    printer = Printer(sys.stdout, verbose=typed["verbose"])
    result = run_suite(case_files(typed["paths"]), engine, choose, printer.verdict)
    printer.summary(result)
    if typed["junit_file"] is not None:
        _write(typed["junit_file"], junit(result, runtime.clock()))
    enough = True
    if isinstance(engine, EmbeddedEngine) and _covers(typed):
        enough = _coverage(measure(engine.loaded), typed, printer)
    return _status(result, enough=enough)


def _covers(typed: Typed) -> bool:
    return typed["coverage"] or typed["fail_under"] is not None or typed["coverage_file"] is not None


def _check(typed: Typed) -> None:
    """Refuse options that do not go together, rather than leave one of them out."""
    if typed["engine"] == _LOGSTASH and _covers(typed):
        raise click.UsageError("coverage is measured by the embedded engine; leave out --engine logstash")
    if typed["engine"] == _EMBEDDED:
        given = {"--logstash-image": typed["logstash_image"], "--logstash-timeout": typed["logstash_timeout"]}
        for option, value in given.items():
            if value is not None:
                raise click.UsageError(f"{option} goes with --engine logstash")


def _logstash(typed: Typed) -> LogstashEngine:
    return LogstashEngine(find_program(typed["logstash_image"]), typed["logstash_timeout"] or _TIMEOUT)


def _coverage(coverages: Sequence[Coverage], typed: Typed, printer: Printer) -> bool:
    """Print and write the coverage; tell whether it is enough."""
    if typed["coverage_file"] is not None:
        _write(typed["coverage_file"], lcov(coverages))
    least = (typed["fail_under"] or 0) / _WHOLE
    for coverage in coverages:
        if typed["coverage"] or coverage.ratio < least:
            printer.coverage(coverage)
    below = [coverage for coverage in coverages if coverage.ratio < least]
    for coverage in below:
        printer.below(coverage, typed["fail_under"] or 0)
    return not below


def _status(result: SuiteResult, *, enough: bool) -> ExitStatus:
    for refusal in result.refusals:
        note("\n".join(printable(line) for line in refusal.reason.splitlines() if line.strip()))
    if result.refusals:
        return ExitStatus.ERROR
    if not result.verdicts:
        note("no case is chosen; leave out -k, or choose another name")
        return ExitStatus.ERROR
    return ExitStatus.BREACH if result.failed or not enough else ExitStatus.OK


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise PipelineError(f"{path} cannot be written: {error.strerror}", "check the directory") from error
