"""``python -m atalaia``, and the program ``atalaia``: the command line as a process."""

from __future__ import annotations

from typing import NoReturn

from atalaia.exiting import run_and_exit

_INTERRUPTED = 130  # as commands end at Ctrl-C, where the name of it is not yet known


def program() -> NoReturn:
    """Run the command line of the process and end it."""
    run_and_exit(_main)


def _main() -> int:
    try:
        from atalaia.cli.main import main  # noqa: PLC0415  - what takes long, and may meet Ctrl-C
    except KeyboardInterrupt:
        return _INTERRUPTED
    return main()


if __name__ == "__main__":
    program()
