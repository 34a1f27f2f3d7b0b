"""``python -m atalaia``, and the program ``atalaia``: the command line as a process."""

from __future__ import annotations

from typing import NoReturn

from atalaia.cli.main import main
from atalaia.exiting import run_and_exit


def program() -> NoReturn:
    """Run the command line of the process and end it."""
    run_and_exit(main)


if __name__ == "__main__":
    program()
