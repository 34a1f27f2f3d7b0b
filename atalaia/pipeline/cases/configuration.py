"""The configuration a file of cases is for: its text, its tree, and what stands in for what cannot run in a test.

Where events come from and go to does not matter in a test. An input or an output this executor does not have is
therefore no reason to refuse a file: events for which there is no input start at the filters, and of an unknown output
it is only noted which events reach it. A filter that is not supported is refused, as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.config.tree import Arm, Branch, Configuration, Plugin, Section, Statement
from atalaia.pipeline.errors import PipelineError, Position
from atalaia.pipeline.inputs.registry import INPUTS
from atalaia.pipeline.outputs.registry import OUTPUTS

_DEFAULT_INPUT: Final = parse_configuration("input { stdin { } }", "(no input)").sections
_STAND_IN: Final = "stdout"
_UP_TO_BRACE: Final = re.compile(
    r'(?:"(?:\\.|[^"\\])*"|' r"'(?:\\.|[^'\\])*'|/(?:\\.|[^/\\])*/|#[^\n]*|[^{])*", re.DOTALL
)
"""Everything before the first brace that stands in no text, expression or comment."""
_COMMENT: Final = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|/(?:\\.|[^/\\])*/)|#[^\n]*""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Source:
    """A configuration, read.

    Attributes:
        files: Its files, in order.
        texts: File (as in positions) to its text.
        tree: All of it as one.
    """

    files: tuple[Path, ...]
    texts: Mapping[str, str]
    tree: Configuration

    def condition(self, keyword: Position) -> str:
        """Return a condition as it is written, on one line, from its ``if`` or ``else if`` to the brace.

        Args:
            keyword: Where the ``if``, ``else`` or ``else if`` stands.
        """
        text = self.texts[keyword.file]
        start = _offset(text, keyword)
        found = _UP_TO_BRACE.match(text, start)
        written = text[start : found.end()] if found else ""
        return " ".join(_COMMENT.sub(lambda match: match[1] or "", written).split())

    def section_text(self, section: Section) -> str:
        """Return a section as it is written, with the comments that follow it."""
        file = section.position.file
        text = self.texts[file]
        following = [each.position for each in self.tree.sections if each.position.file == file]
        starts = sorted(_offset(text, position) for position in following)
        start = _offset(text, section.position)
        end = next((other for other in starts if other > start), len(text))
        return text[start:end]


def read_source(files: Sequence[Path]) -> Source:
    """Read a configuration.

    Raises:
        PipelineError: When a file cannot be read as UTF-8.
        ConfigurationError: When it does not follow the language.
    """
    texts = {str(file): _read(file) for file in files}
    sections = [section for file, text in texts.items() for section in parse_configuration(text, file).sections]
    return Source(tuple(files), texts, Configuration(str(files[0]), tuple(sections)))


def runnable(tree: Configuration) -> Configuration:
    """Return the configuration with stand-ins for inputs and outputs that this executor does not have.

    Unknown inputs are left out; where there is no input at all, lines are read as ``stdin`` reads them.
    """
    sections = tuple(_runnable(section) for section in tree.sections)
    if not any(section.kind == "input" for section in tree.sections):
        sections = (*_DEFAULT_INPUT, *sections)
    return replace(tree, sections=sections)


def plugins(statements: Sequence[Statement]) -> Iterator[Plugin]:
    """Yield every plugin of statements, in the order of the file."""
    for statement in statements:
        if isinstance(statement, Plugin):
            yield statement
        else:
            for arm in statement.arms:
                yield from plugins(arm.body)


def _runnable(section: Section) -> Section:
    if section.kind == "input":
        known = tuple(each for each in section.body if not isinstance(each, Plugin) or each.name in INPUTS)
        return replace(section, body=known)
    return replace(section, body=_with_stand_ins(section.body)) if section.kind == "output" else section


def _with_stand_ins(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    return tuple(_with_stand_in(statement) for statement in statements)


def _with_stand_in(statement: Statement) -> Statement:
    if isinstance(statement, Branch):
        return replace(statement, arms=tuple(_arm(arm) for arm in statement.arms))
    if statement.name in OUTPUTS:
        return statement
    kept = tuple(attribute for attribute in statement.attributes if attribute.name == "id")
    return replace(statement, name=_STAND_IN, attributes=kept)


def _arm(arm: Arm) -> Arm:
    return replace(arm, body=_with_stand_ins(arm.body))


def _offset(text: str, position: Position) -> int:
    """Return how many characters stand before a position."""
    return sum(len(line) for line in text.split("\n")[: position.line - 1]) + position.line - 1 + position.column - 1


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except OSError as error:
        raise PipelineError(f"the pipeline {file} cannot be read: {error.strerror}", "check the path") from error
    except UnicodeDecodeError as error:
        raise PipelineError(f"the pipeline {file} is not UTF-8: {error.reason} at byte {error.start}") from error
