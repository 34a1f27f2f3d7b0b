"""The one place where an error becomes a line on stderr (a few, where it shows a file) and an exit status."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

import click

from atalaia.cli.render.safe import one_line, with_excerpt
from atalaia.cli.runtime import ExitStatus, debugging, note
from logging_lib.errors import AtalaiaError

_REPORT_TO = "please report this with what the command prints under ATALAIA_DEBUG=1"


def guarded(run: Callable[[], int]) -> int:
    """Run a command and return its exit status; whatever goes wrong is told in one line.

    Args:
        run: The command; it returns its own exit status.
    """
    try:
        status = run()
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (AtalaiaError, click.ClickException) as error:
        return _told(error, _line(error))
    except (KeyboardInterrupt, click.Abort):
        return ExitStatus.INTERRUPTED
    except BrokenPipeError:
        _let_the_pipe_go()
        return ExitStatus.CLOSED_PIPE
    except Exception as error:  # noqa: BLE001  the stated boundary: a defect of ours is one line too, never a traceback
        return _told(error, f"unexpected {type(error).__name__}: {one_line(str(error))}; {_REPORT_TO}")
    return status


def _told(error: Exception, line: str) -> ExitStatus:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        sys.stderr.write(f"{error.format_message()}\n")
        return ExitStatus.ERROR
    if debugging():
        traceback.print_exception(error)
    note(line)
    return ExitStatus.ERROR


def _line(error: AtalaiaError | click.ClickException) -> str:
    if isinstance(error, AtalaiaError):
        return with_excerpt(str(error)) if error.shows_excerpt else one_line(str(error))
    message = one_line(error.format_message()).rstrip(".")
    message = message[:1].lower() + message[1:]
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{message}; see '{error.ctx.command_path} --help'"
    return message


def _let_the_pipe_go() -> None:
    """Point stdout at nothing, so that the interpreter does not complain when it flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
