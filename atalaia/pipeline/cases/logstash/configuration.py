"""The configuration a real Logstash is given: events on standard input, the filters unchanged, outputs that note.

Every event carries below ``[@metadata][atalaia]`` which case it belongs to; the last filter gives each event that comes
out an id and copies its metadata to where it is written. The first output writes all events in their order; in place of
each output of the file, under the same conditions, another notes the ids of the events that reach it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from atalaia.pipeline.cases.configuration import Source
from atalaia.pipeline.config.tree import Arm, Branch, Section, Statement

MARK: Final = "atalaia"
"""The name below ``[@metadata]`` of what belongs to the test."""
METADATA_COPY: Final = "atalaia_metadata"
"""The field that metadata is copied to; taken out again before events are compared."""
EVENTS: Final = "events.ndjson"

# The stdin input adds `host` to an event that has none.
_INPUT: Final = (
    "input { stdin { ecs_compatibility => disabled codec => json_lines { ecs_compatibility => disabled } } } "
    f'filter {{ if ![@metadata][{MARK}][host] {{ mutate {{ remove_field => ["host"] }} }} }}'
)
_LAST_FILTERS: Final = (
    f'filter {{ uuid {{ target => "[@metadata][{MARK}][event]" overwrite => true }} '
    f'mutate {{ copy => {{ "[@metadata]" => "{METADATA_COPY}" }} }} }}'
)


def generate(source: Source, directory: Path) -> str:
    """Return the configuration.

    The filters of a single file stand in the lines they have there, so that Logstash's messages name the right ones.

    Args:
        source: The pipeline.
        directory: Where Logstash writes.
    """
    text = _INPUT
    for section in source.tree.sections:
        if section.kind == "filter":
            text += _gap(text, section, single=len(source.files) == 1) + source.section_text(section)
    outputs = _Outputs(source, directory)
    body = "\n".join(outputs.lines(source.tree.statements("output"), "  "))
    everything = f'  file {{ path => "{directory / EVENTS}" codec => json_lines {{ ecs_compatibility => disabled }} }}'
    return f"{text}\n{_LAST_FILTERS}\noutput {{\n{everything}\n{body}\n}}\n"


def ids_file(directory: Path, number: int) -> Path:
    """Return where the ids of the events that reach an output are noted.

    Args:
        directory: Where Logstash writes.
        number: The output, counted from 0 in the order of the file.
    """
    return directory / f"output-{number}.txt"


def _gap(before: str, section: Section, *, single: bool) -> str:
    """Return what stands between the text so far and a section."""
    lines = section.position.line - 1 - before.count("\n")
    if not single or lines < 1:
        return "\n"
    return "\n" * lines + " " * (section.position.column - 1)


class _Outputs:
    """Writes the statements of the output sections again, each output replaced."""

    def __init__(self, source: Source, directory: Path) -> None:
        self._source = source
        self._directory = directory
        self._number = 0

    def lines(self, statements: Sequence[Statement], indent: str) -> Iterator[str]:
        for statement in statements:
            if isinstance(statement, Branch):
                yield from self._branch(statement.arms, indent)
            else:
                path = ids_file(self._directory, self._number)
                self._number += 1
                form = f'line {{ format => "%{{[@metadata][{MARK}][event]}}" }}'
                yield f'{indent}file {{ path => "{path}" codec => {form} }}'

    def _branch(self, arms: Sequence[Arm], indent: str) -> Iterator[str]:
        for arm in arms:
            yield f"{indent}{self._source.condition(arm.position)} {{"
            yield from self.lines(arm.body, f"{indent}  ")
            yield f"{indent}}}"
