"""Commands whose help teaches: a paragraph, the options, and examples that run."""

from __future__ import annotations

from collections.abc import Callable

import click


class Command(click.Command):
    """A command with examples, printed line by line after its options.

    Args:
        name: The command.
        callback: What runs.
        params: Its options and arguments.
        help: A paragraph for ``--help``; the docstring of the callback by default.
        short_help: One line for the list of commands.
        examples: Command lines that run as they are.
    """

    def __init__(
        self,
        name: str | None,
        *,
        callback: Callable[..., int] | None = None,
        params: list[click.Parameter] | None = None,
        help: str | None = None,  # noqa: A002  click's name for it
        short_help: str | None = None,
        examples: tuple[str, ...] = (),
    ) -> None:
        super().__init__(name, callback=callback, params=params, help=help, short_help=short_help)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples after the options."""
        del ctx  # the examples are the same in every context
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{example}\n")
