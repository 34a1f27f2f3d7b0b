"""Verdicts on cases of pipelines, and what they reached, as a person reads them."""

from __future__ import annotations

from typing import Final, TextIO

from rich.text import Text

from atalaia.cli.render.safe import printable
from atalaia.cli.render.table import console_for
from atalaia.cli.render.text import percent, significant
from atalaia.pipeline.cases.coverage import Coverage
from atalaia.pipeline.cases.describing import EXPECTED, GOT, problem_lines, title
from atalaia.pipeline.cases.suite import SuiteResult, Verdict

_PASSED: Final = ("✔ ", "bold green")
_FAILED: Final = ("✘ ", "bold red")
_WORDS: Final = ((f"  {EXPECTED}  ", "green"), (f"  {GOT:<{len(EXPECTED)}}  ", "red"))


class Printer:
    """Prints verdicts as they come, then the sum.

    Args:
        stream: Where to; coloured only when it is a terminal.
        verbose: Whether cases that pass are printed too.
    """

    def __init__(self, stream: TextIO, *, verbose: bool) -> None:
        self._console = console_for(stream)
        self._verbose = verbose

    def verdict(self, verdict: Verdict) -> None:
        """Print a case: why it fails, or, when asked for, that it passes."""
        if verdict.passed:
            if self._verbose:
                self._line(Text.assemble(_PASSED, printable(title(verdict)), (_took(verdict.seconds), "dim")))
            return
        self._line(Text.assemble(_FAILED, (printable(title(verdict)), "bold")))
        for line in problem_lines(verdict.problems):
            self._line(_coloured(printable(line)))
        self._line(Text())

    def summary(self, result: SuiteResult) -> None:
        """Print how many cases passed and failed, and how long that took: ``37 passed, 1 failed in 0.21 s``."""
        failed, refused = len(result.failed), len(result.refusals)
        parts = [Text(f"{len(result.verdicts) - failed} passed", "" if failed or refused else "bold green")]
        if failed:
            parts.append(Text(f"{failed} failed", "bold red"))
        if refused:
            parts.append(Text(f"{refused} file{'' if refused == 1 else 's'} refused", "bold red"))
        if result.left_out:
            parts.append(Text(f"{result.left_out} not chosen", "dim"))
        self._line(Text(", ").join(parts).append(f" in {significant(result.seconds)} s"))

    def coverage(self, coverage: Coverage) -> None:
        """Print the share of a pipeline that was reached, and what was not, with its place."""
        total, missed = len(coverage.points), coverage.missed
        share = f"{percent(coverage.ratio)} covered: {total - len(missed)} of {total} plugins and branches"
        style = "bold yellow" if missed else "bold green"
        self._line(Text.assemble(f"{printable(coverage.pipeline)}  ", (share, style)))
        for point in missed:
            place = f"{point.position.file}:{point.position.line}"
            self._line(Text(f"  {printable(place)}  {printable(point.label)}"))

    def below(self, coverage: Coverage, least: float) -> None:
        """Print that too little of a pipeline was reached."""
        told = f"{printable(coverage.pipeline)}: {percent(coverage.ratio)} covered, {least:g} % asked for"
        self._line(Text.assemble(_FAILED, told))

    def _line(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True)


def _took(seconds: float) -> str:
    return f"  {significant(1000 * seconds)} ms"


def _coloured(line: str) -> Text:
    """Return a line of a difference, the value in the colour of what it is."""
    text = Text(line)
    for word, style in _WORDS:
        at = line.find(word)
        if at >= 0:
            text.stylize(style, at + len(word))
            break
    return text
