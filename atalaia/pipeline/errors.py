"""What can go wrong in the pipeline executor, and how a place in a configuration is shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from logging_lib.errors import AtalaiaError

_LONGEST_LINE: Final = 200
_SHOWN: Final = 120
"""How much of a longer line is shown before its fault."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a configuration file.

    Attributes:
        file: The file as the user named it.
        line: The line, from 1.
        column: The character in that line, from 1.
        text: The line itself, without its end.
    """

    file: str
    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def excerpt(self) -> str:
        """Return the line and below it a caret under the column, tabs kept so that the two align.

        Of a line that no terminal shows in one piece, only the part around the column is shown.
        """
        start = max(0, self.column - _SHOWN) if len(self.text) > _LONGEST_LINE else 0
        shown = self.text[start : start + _LONGEST_LINE]
        before = "…" if start else ""
        after = "…" if len(self.text) > start + _LONGEST_LINE else ""
        margin = "".join(
            "\t" if character == "\t" else " " for character in before + self.text[start : self.column - 1]
        )
        return f"  {before}{shown}{after}\n  {margin}^"


@dataclass(frozen=True, slots=True)
class Note:
    """Another place that has to do with a fault.

    Attributes:
        position: Where it is.
        text: What is there.
    """

    position: Position
    text: str

    def __str__(self) -> str:
        return f"{self.position}: {self.text}\n{self.position.excerpt()}"


class Refusal(StrEnum):
    """Why a configuration is refused, as `atalaia pipeline check` names it."""

    SYNTAX = "syntax"
    UNKNOWN_PLUGIN = "unknown-plugin"
    UNSUPPORTED_PLUGIN = "unsupported-plugin"
    UNKNOWN_OPTION = "unknown-option"
    UNSUPPORTED_OPTION = "unsupported-option"
    MISSING_OPTION = "missing-option"
    BAD_VALUE = "bad-value"
    BAD_PATTERN = "bad-pattern"
    BAD_REFERENCE = "bad-reference"
    BAD_CONDITION = "bad-condition"
    UNDEFINED_VARIABLE = "undefined-variable"
    DUPLICATE_ID = "duplicate-id"


class PipelineError(AtalaiaError):
    """A pipeline cannot be run."""


class ConfigurationError(PipelineError):
    """A configuration is refused at load.

    Args:
        position: Where the fault is.
        problem: What is wrong there, in words.
        remedy: What the author can do.
        plugin: The Logstash name of the plugin or codec concerned, when there is one.
        option: The plugin's option that is refused, when it is one.
        unsupported: True when Logstash may accept this and we do not implement it.
        notes: Other places that have to do with it.
        code: Which kind of fault it is.
    """

    shows_excerpt = True

    def __init__(  # noqa: PLR0913 - each is one fact of a complaint
        self,
        position: Position,
        problem: str,
        remedy: str = "",
        *,
        plugin: str | None = None,
        option: str | None = None,
        unsupported: bool = False,
        notes: tuple[Note, ...] = (),
        code: Refusal = Refusal.SYNTAX,
    ) -> None:
        elsewhere = "".join(f"{note}\n" for note in notes)
        super().__init__(f"{position}: {problem}\n{position.excerpt()}\n{elsewhere}", remedy)
        self.position = position
        self.problem = problem
        self.plugin = plugin
        self.option = option
        self.unsupported = unsupported
        self.notes = notes
        self.code = code

    def at(self, position: Position) -> ConfigurationError:
        """Return the same complaint about a more exact place."""
        return ConfigurationError(
            position,
            self.problem,
            self.remedy,
            plugin=self.plugin,
            option=self.option,
            unsupported=self.unsupported,
            notes=self.notes,
            code=self.code,
        )

    def __str__(self) -> str:
        return f"{self.message}{self.remedy}" if self.remedy else self.message.rstrip("\n")


class EventError(PipelineError):
    """An event cannot be changed as a plugin asks: a malformed reference, a value below a scalar, a bad ``@timestamp``.

    ``mutate`` and ``json`` turn it into a failure tag as Logstash does; anywhere else it would stop Logstash's whole
    pipeline, and the executor dead-letters the one event instead.
    """
