"""Check a command line by the program's own parser, without running it."""

from __future__ import annotations

from collections.abc import Sequence

import click

from atalaia.cli.main import cli
from atalaia.cli.runtime import PROGRAM
from atalaia.scheduler.errors import ScheduleError

_NO_JOBS = frozenset({"schedule", "serve", "demo"})
"""These run until somebody ends them."""


def check_command(words: Sequence[str]) -> None:
    """Check that words are a command line of the program: names, options and values.

    Args:
        words: What stands after ``atalaia``.

    Raises:
        ScheduleError: When they are none, or one that is no job.
    """
    line = " ".join((PROGRAM, *words))
    if not words or words[0] in _NO_JOBS or "--help" in words or "--version" in words:
        raise ScheduleError(f"'{line}' is no job", "name a command that does something and ends")
    try:
        _parse(list(words))
    except click.UsageError as error:
        raise ScheduleError(f"'{line}' is no command line: {_lowered(error)}", "try it in a shell first") from error


def command_exists(words: Sequence[str]) -> bool:
    """Whether this version of the program has such a command, options and all."""
    try:
        check_command(words)
    except ScheduleError:
        return False
    return True


def _parse(words: list[str]) -> None:
    """Find the command that words name and parse the rest.

    Raises:
        click.UsageError: The program would refuse the line.
    """
    command: click.Command = cli
    context = click.Context(cli, info_name=PROGRAM)
    while isinstance(command, click.Group):
        if not words:
            raise click.UsageError(f"'{context.command_path}' needs the name of a command")
        name, found, words = command.resolve_command(context, words)
        if found is None:
            raise click.UsageError(f"there is no command {name!r}")
        command = found
        context = click.Context(command, info_name=name, parent=context)
    command.make_context(context.info_name, words, parent=context.parent)


def _lowered(error: click.UsageError) -> str:
    message = error.format_message().rstrip(".")
    return message[:1].lower() + message[1:]
