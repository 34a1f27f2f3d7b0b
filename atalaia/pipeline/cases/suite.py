"""Run files of cases and keep the verdicts."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from atalaia.pipeline.cases.case import Case, CaseFile
from atalaia.pipeline.cases.embedded import Engine
from atalaia.pipeline.cases.judging import Problem, judge
from atalaia.pipeline.cases.loading import read_case_file
from atalaia.pipeline.cases.selecting import Choose
from atalaia.pipeline.errors import PipelineError


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a case.

    Attributes:
        file: Its file.
        case: The case.
        problems: What is not as it says; nothing when it passes.
        seconds: How long it ran; under Logstash its share of the run.
    """

    file: Path
    case: Case
    problems: tuple[Problem, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether all is as the case says."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file whose cases could not be run.

    Attributes:
        file: The file.
        reason: Why, in words, perhaps over several lines.
    """

    file: Path
    reason: str


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """What became of all files.

    Attributes:
        verdicts: One for each case that was run, in order.
        refusals: The files that could not be run.
        seconds: How long everything took.
        left_out: How many cases were not chosen.
    """

    verdicts: tuple[Verdict, ...]
    refusals: tuple[Refusal, ...]
    seconds: float
    left_out: int

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The cases that did not pass."""
        return tuple(each for each in self.verdicts if not each.passed)


def run_suite(
    paths: Sequence[Path],
    engine: Engine,
    choose: Choose = lambda _name: True,
    told: Callable[[Verdict], None] = lambda _verdict: None,
) -> SuiteResult:
    """Run files of cases.

    A file that is refused, or whose pipeline is, does not keep the others from being run.

    Args:
        paths: The files.
        engine: What runs them.
        choose: Which cases are meant, by ``file: name``.
        told: Called after each case.
    """
    started = time.perf_counter()
    verdicts: list[Verdict] = []
    refusals: list[Refusal] = []
    left_out = 0
    for path in paths:
        try:
            file = read_case_file(path)
            cases = [case for case in file.cases if choose(f"{path}: {case.name}")]
            left_out += len(file.cases) - len(cases)
            for run in engine.run(file, cases) if cases else ():
                verdict = Verdict(path, run.case, judge(file, run.case, run.outcome), run.seconds)
                verdicts.append(verdict)
                told(verdict)
        except PipelineError as error:
            refusals.append(Refusal(path, str(error)))
    return SuiteResult(tuple(verdicts), tuple(refusals), time.perf_counter() - started, left_out)


def run_one(engine: Engine, file: CaseFile, case: Case) -> Verdict:
    """Run one case.

    Raises:
        PipelineError: When its pipeline is refused, or it does not fit it.
    """
    (run,) = engine.run(file, [case])
    return Verdict(file.path, case, judge(file, case, run.outcome), run.seconds)
