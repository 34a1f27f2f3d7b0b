"""From configuration files to compiled pipelines."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Final

from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.config.source import read_text
from atalaia.pipeline.config.tree import Configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.pipeline import Pipeline, compile_pipeline
from atalaia.pipeline.runtime.intake import LIMITS, Limits
from logging_lib.clock import Clock

MAIN: Final = "main"
"""The id of a pipeline that nothing else names, as in Logstash."""
_DEFAULTS: Final = (
    ("input", "the default input", "input { stdin { type => stdin } }"),
    ("output", "the default output", "output { stdout { codec => rubydebug } }"),
)
"""What Logstash adds to a configuration without inputs or without outputs."""


@dataclass(frozen=True, slots=True)
class PipelineSource:
    r"""A pipeline as it is written, not compiled yet.

    Attributes:
        id: Its id.
        parts: Name and text of each of its files, in order.
        ecs_compatibility: The pipeline's setting.
        support_escapes: Whether ``\n`` and its like in quotes stand for what they say.
        batch_size: Events of a batch; ``None`` when it is not said.
        batch_delay: Milliseconds a batch that is not full waits; ``None`` when it is not said.
    """

    id: str = MAIN
    parts: tuple[tuple[str, str], ...] = ()
    ecs_compatibility: EcsCompatibility = EcsCompatibility.V8
    support_escapes: bool = False
    batch_size: int | None = None
    batch_delay: int | None = None


def read_parts(paths: Sequence[Path]) -> tuple[tuple[str, str], ...]:
    """Return name and text of configuration files.

    Raises:
        PipelineError: When one cannot be read as UTF-8.
    """
    return tuple((str(path), read_text(path)) for path in paths)


def expand(pattern: str, base: Path) -> list[Path]:
    """Return the files that a ``path.config`` means, by name: a file, the files of a directory, or those of a pattern.

    Names that end in ``~`` are left out, as Logstash does.

    Args:
        pattern: The path, with ``*`` and its like.
        base: Where a relative one starts.

    Raises:
        PipelineError: When it means no file.
    """
    path = base / pattern.removeprefix("file://")
    inside = path / "*" if path.is_dir() else path
    names = sorted(glob(str(inside)))  # noqa: PTH207 - Path.glob takes no absolute pattern
    found = [each for each in map(Path, names) if each.is_file() and not each.name.endswith("~")]
    if not found:
        raise PipelineError(f"there is no configuration file at {pattern}", "check the path")
    return found


def compile_source(source: PipelineSource, clock: Clock, variables: Mapping[str, str]) -> Pipeline:
    """Compile a pipeline; one without inputs reads standard input, one without outputs prints, as in Logstash.

    Raises:
        ConfigurationError: When a file is refused; the message names file, line and column.
    """
    files = [_parsed(text, name, source) for name, text in source.parts]
    for kind, name, text in _DEFAULTS:
        if not any(file.statements(kind) for file in files):
            files.append(parse_configuration(text, name))
    sections = tuple(section for file in files for section in file.sections)
    check_id(source.id)
    return compile_pipeline(Configuration(source.parts[0][0], sections), context_of(source, clock), variables)


def context_of(source: PipelineSource, clock: Clock) -> PipelineContext:
    """Return what the plugins of a pipeline may know on this machine."""
    return PipelineContext(
        source.id, source.ecs_compatibility, clock, Path.cwd(), socket.gethostname(), source.support_escapes
    )


def limits_of(sources: Sequence[PipelineSource]) -> Limits:
    """Return what is held while these run: the largest batch and the shortest delay that one of them asks for."""
    size = max([each.batch_size for each in sources if each.batch_size is not None], default=LIMITS.batch_events)
    delays = [each.batch_delay / 1000 for each in sources if each.batch_delay is not None]
    return Limits(
        waiting_events=max(LIMITS.waiting_events, 2 * size),
        batch_events=size,
        delay=min(delays, default=LIMITS.delay),
    )


def check_id(name: str) -> None:
    """Refuse a pipeline's id that cannot be the name of a file: dead letters and counters are kept under it.

    Raises:
        PipelineError: When it cannot.
    """
    if not name or "/" in name or "\0" in name or name.startswith("."):
        raise PipelineError(f"{name!r} cannot be a pipeline's id", "use letters, digits, _ and -")


def _parsed(text: str, name: str, source: PipelineSource) -> Configuration:
    return parse_configuration(text, name, escapes=source.support_escapes)
