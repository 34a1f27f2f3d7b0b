"""The options by which the commands of ``atalaia pipeline dlq`` choose letters."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypedDict

import click

from analyzers.selection import parse_zone
from analyzers.selection.window import parse_instant
from atalaia.cli.locations import STORE, default_dead_letter
from atalaia.cli.options import ZONE, stacked
from atalaia.cli.pipeline_options import DEAD_LETTER
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.letters.reading import Selection
from atalaia.pipeline.runtime.places import LetterPlaces, letter_places
from logging_lib.clock import Clock

_OPTIONS: Final = (
    click.option("--pipeline", metavar="ID", help="Only those of a pipeline."),
    click.option("--plugin", metavar="NAME", help="Only those of a plugin, by its name or id."),
    click.option("--reason", metavar="TEXT", help="Only those whose reason has this text in it, whatever the case."),
    click.option("--since", metavar="WHEN", help="Only those from then on: 2024-01-15, RFC 3339, today, -24h."),
    ZONE,
    STORE,
    DEAD_LETTER,
)


class Choosing(TypedDict):
    """The options that choose letters, as click passes them."""

    pipeline: str | None
    plugin: str | None
    reason: str | None
    since: str | None
    zone: str
    store: str
    dead_letter: Path | None


def choosing(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options that choose letters."""
    return stacked(*_OPTIONS)(command)


def selection_of(typed: Choosing, clock: Clock) -> Selection:
    """Return which letters are meant."""
    zone = parse_zone(typed["zone"])
    since = None if typed["since"] is None else parse_instant(typed["since"], now=clock(), zone=zone)
    return Selection(typed["pipeline"], typed["plugin"], typed["reason"], since)


def places_of(typed: Choosing) -> tuple[dict[str, str], LetterPlaces, list[Path]]:
    """Return the variables for configurations, where letters go, and the directories that hold some.

    Raises:
        PipelineError: When a directory that was named does not exist.
    """
    if typed["dead_letter"] is not None and not typed["dead_letter"].is_dir():
        raise PipelineError(f"there is no directory {typed['dead_letter']}", "name the one that has the dead letters")
    variables, places = letter_places(typed["dead_letter"] or default_dead_letter(typed["store"]), os.environ)
    directories = {each.absolute(): each for each in (places.own, places.routed) if each.is_dir()}
    return variables, places, list(directories.values())
