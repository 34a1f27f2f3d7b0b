"""Groups of commands whose modules are imported only when they are named: a command starts without what others need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

import click


@dataclass(frozen=True, slots=True)
class Lazy:
    """A command that is not imported yet.

    Attributes:
        name: How it is called.
        module: Where it is defined.
        attribute: Its name there.
    """

    name: str
    module: str
    attribute: str

    def load(self) -> click.Command:
        """Import it."""
        command = getattr(import_module(self.module), self.attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.module}.{self.attribute} is no command")
        return command


class LazyGroup(click.Group):
    """A group that lists its commands as they were given and imports each when it is asked for.

    Args:
        name: The group.
        lazy: Its commands, in the order of ``--help``.
        callback: What runs before a command.
        params: The group's own options.
        help: A paragraph for ``--help``; the docstring of the callback by default.
        short_help: One line for the list of commands.
    """

    def __init__(
        self,
        name: str | None = None,
        *,
        lazy: Sequence[Lazy] = (),
        callback: Callable[..., object] | None = None,
        params: list[click.Parameter] | None = None,
        help: str | None = None,  # noqa: A002 - click's name for it
        short_help: str | None = None,
    ) -> None:
        super().__init__(name, callback=callback, params=params, help=help, short_help=short_help)
        self._lazy = {each.name: each for each in lazy}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, first things first."""
        del ctx  # the order does not depend on it
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported now; ``None`` when there is none of that name."""
        del ctx  # a command is the same in every context
        found = self._lazy.get(cmd_name)
        return None if found is None else found.load()
