"""The pytest plugin: files of cases are collected beside the tests, each case as an item.

It is loaded in every run of pytest in an environment that has Atalaia, so it imports nothing but pytest until there is
a file of cases. ``-p no:atalaia`` leaves it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr, TracebackStyle  # pytest has no public name for them

    from atalaia.pipeline.cases.case import Case, CaseFile
    from atalaia.pipeline.cases.embedded import EmbeddedEngine

_INI: Final = "atalaia_cases"
_SUFFIXES: Final = (".yaml", ".yml")
_NAMED: Final = tuple(f".cases{suffix}" for suffix in _SUFFIXES)
_ENGINE: Final = pytest.StashKey["EmbeddedEngine"]()
_FOLDERS: Final = pytest.StashKey[tuple[Path, ...]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting that names folders of cases."""
    parser.addini(
        _INI,
        "folders whose *.yaml files are cases of Logstash pipelines; files named *.cases.yaml are always collected",
        type="paths",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Read the setting once."""
    config.stash[_FOLDERS] = tuple(Path(folder).resolve() for folder in config.getini(_INI))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file of cases."""
    if file_path.suffix not in _SUFFIXES:
        return None
    folders = parent.config.stash[_FOLDERS]
    if file_path.name.endswith(_NAMED) or any(folder in file_path.resolve().parents for folder in folders):
        collected: pytest.Collector = CaseCollector.from_parent(parent, path=file_path)
        return collected
    return None


class CaseCollector(pytest.File):
    """A file of cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each case.

        Raises:
            pytest.Collector.CollectError: When the file is refused; the words name every place.
        """
        from atalaia.pipeline.cases.loading import read_case_file  # noqa: PLC0415 - only once it is needed
        from atalaia.pipeline.errors import PipelineError  # noqa: PLC0415 - as above

        try:
            file = read_case_file(self._shown_path())
        except PipelineError as error:
            raise self.CollectError(str(error)) from None
        for case in file.cases:
            item: CaseItem = CaseItem.from_parent(self, name=case.name, case_file=file, case=case)
            yield item

    def _shown_path(self) -> Path:
        """Return the file as pytest names it: below the working directory where it is."""
        here = self.config.invocation_params.dir
        return self.path.relative_to(here) if self.path.is_relative_to(here) else self.path


class CaseFailedError(Exception):
    """A case did not pass; the words say why."""


class CaseItem(pytest.Item):
    """One case.

    Args:
        name: Its name.
        parent: Its file.
        case_file: What was read from the file.
        case: The case.
    """

    def __init__(self, *, name: str, parent: pytest.Collector, case_file: CaseFile, case: Case) -> None:
        super().__init__(name, parent)
        self._file = case_file
        self._case = case

    def runtest(self) -> None:
        """Run the case.

        Raises:
            CaseFailedError: When something else came out, or the pipeline is refused.
        """
        from atalaia.pipeline.cases.describing import problem_lines, title  # noqa: PLC0415 - only once it is needed
        from atalaia.pipeline.cases.suite import run_one  # noqa: PLC0415 - as above
        from atalaia.pipeline.errors import PipelineError  # noqa: PLC0415 - as above

        try:
            verdict = run_one(_engine(self.config), self._file, self._case)
        except PipelineError as error:
            raise CaseFailedError(str(error)) from None
        if not verdict.passed:
            raise CaseFailedError("\n".join([title(verdict), *problem_lines(verdict.problems)]))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: TracebackStyle | None = None
    ) -> str | TerminalRepr:
        """Return the words of a failed case alone; anything else is a defect and shown with its traceback."""
        if isinstance(excinfo.value, CaseFailedError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the case stands."""
        return self.path, self._case.line - 1, self.name


def _engine(config: pytest.Config) -> EmbeddedEngine:
    """Return the engine of this run; it keeps the compiled pipelines."""
    from atalaia.pipeline.cases.embedded import EmbeddedEngine  # noqa: PLC0415 - only once it is needed

    if _ENGINE not in config.stash:
        config.stash[_ENGINE] = EmbeddedEngine()
    return config.stash[_ENGINE]
