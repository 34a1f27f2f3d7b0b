"""The logging library: the cost of a record, and of the middleware around an application."""

from __future__ import annotations

import click

from benchmarks.figures import table
from benchmarks.logging import record, serving


def main() -> bool:
    """Print the figures and tell whether all limits were reached."""
    figures = [*record.figures(), *serving.figures()]
    click.echo(table(figures))
    return all(figure.reached is not False for figure in figures)
