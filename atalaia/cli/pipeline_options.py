"""The options that the commands below ``atalaia pipeline`` share, and the pipelines they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.runtime.shipped import find_pipeline
from atalaia.pipeline.runtime.sources import MAIN, PipelineSource, expand, read_parts

ECS: Final = click.option(
    "--ecs-compatibility",
    "ecs",
    type=click.Choice([each.value for each in EcsCompatibility]),
    default=EcsCompatibility.V8.value,
    show_default=True,
    help="Logstash's pipeline.ecs_compatibility: which fields plugins use by default.",
)
ESCAPES: Final = click.option(
    "--support-escapes",
    "escapes",
    is_flag=True,
    help=r"Logstash's config.support_escapes: \n, \t and their like in quotes stand for what they say.",
)
DEAD_LETTER: Final = click.option(
    "--dead-letter",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where events are kept that cannot go on; by default dead-letter in the store's directory, or "
    "./atalaia-dead-letter for Elasticsearch.",
)


def named_sources(names: Sequence[str], defaults: PipelineSource) -> PipelineSource:
    """Return the one pipeline that configuration files make together, as ``logstash -f`` does.

    Args:
        names: Files, directories, patterns, or shipped pipelines by name.
        defaults: Its settings.

    Raises:
        PipelineError: When a name leads nowhere, or a file cannot be read.
    """
    files = [file for name in names for file in files_of(name)]
    identity = Path(names[0]).absolute().stem if len(names) == 1 else MAIN
    if any(letter in identity for letter in "*?["):
        identity = MAIN
    return PipelineSource(identity, read_parts(files), defaults.ecs_compatibility, defaults.support_escapes)


def sources_of(
    names: Sequence[str], pipelines_file: Path | None, defaults: PipelineSource, variables: Mapping[str, str]
) -> list[PipelineSource]:
    """Return the pipelines that a command line names: files for one pipeline, or a ``pipelines.yml`` for several.

    Raises:
        PipelineError: When neither or both are given, or something cannot be read.
        ConfigurationError: When a setting is refused.
    """
    if bool(names) == (pipelines_file is not None):
        raise PipelineError("give configuration files or --pipelines", "one of the two says what is run")
    if pipelines_file is not None:
        from atalaia.pipeline.runtime.pipelines_file import read_pipelines_file  # noqa: PLC0415 - YAML is rarely needed

        return read_pipelines_file(pipelines_file, variables, defaults)
    return [named_sources(names, defaults)]


def files_of(name: str) -> list[Path]:
    """Return the configuration files that a name means: a file, a directory's, a pattern's, or a shipped pipeline.

    Raises:
        PipelineError: When it leads nowhere.
    """
    if Path(name).exists() or any(letter in name for letter in "*?[/"):
        return expand(name, Path())
    return [find_pipeline(name)]


def pipelines_option(help_text: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Return the option ``--pipelines`` with what it means for a command."""
    return click.option(
        "--pipelines",
        "pipelines_file",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help=help_text,
    )
