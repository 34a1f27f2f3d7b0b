"""The reference of the command line, made from click's own help: ``python -m atalaia.cli.reference > docs/cli.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

import click

from atalaia.cli.main import cli
from atalaia.cli.runtime import PROGRAM

WIDTH: Final = 80
_PREFACE: Final = """# The command line

Made from `--help` by `python -m atalaia.cli.reference > docs/cli.md`; a test compares the two.
"""


def reference() -> str:
    """Return the help of every command as Markdown."""
    return "\n".join([_PREFACE, *(_section(context) for context in _contexts(click.Context(cli, info_name=PROGRAM)))])


def _contexts(context: click.Context) -> Iterator[click.Context]:
    """Yield the context of a command and of every command below it, in the order of ``--help``."""
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            if command is not None:
                yield from _contexts(click.Context(command, info_name=name, parent=context))


def _section(context: click.Context) -> str:
    context.terminal_width = WIDTH
    title = "#" * (2 if context.parent is None else 3)
    return f"{title} {context.command_path}\n\n```text\n{context.get_help().rstrip()}\n```\n"


if __name__ == "__main__":
    sys.stdout.write(reference())
