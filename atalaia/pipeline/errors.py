"""What can go wrong in the pipeline executor, and how a place in a configuration is shown."""

from __future__ import annotations

from dataclasses import dataclass

from logging_lib.errors import AtalaiaError


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
        """Return the line and below it a caret under the column, tabs kept so that the two align."""
        margin = "".join("\t" if character == "\t" else " " for character in self.text[: self.column - 1])
        return f"  {self.text}\n  {margin}^"


class PipelineError(AtalaiaError):
    """A pipeline cannot be run."""


class ConfigurationError(PipelineError):
    """A configuration is refused at load.

    Args:
        position: Where the fault is.
        problem: What is wrong there, in words.
        remedy: What the author can do.
        plugin: The Logstash name of the plugin or codec concerned, when there is one.
        unsupported: True when Logstash may accept this and we do not implement it.
    """

    def __init__(
        self,
        position: Position,
        problem: str,
        remedy: str = "",
        *,
        plugin: str | None = None,
        unsupported: bool = False,
    ) -> None:
        super().__init__(f"{position}: {problem}\n{position.excerpt()}\n", remedy)
        self.position = position
        self.problem = problem
        self.plugin = plugin
        self.unsupported = unsupported

    def __str__(self) -> str:
        return f"{self.message}{self.remedy}" if self.remedy else self.message.rstrip("\n")


class EventError(PipelineError):
    """An event cannot be changed as a plugin asks: a malformed reference, a value below a scalar, a bad ``@timestamp``.

    ``mutate`` and ``json`` turn it into a failure tag as Logstash does; anywhere else it would stop Logstash's whole
    pipeline, and the executor dead-letters the one event instead.
    """
