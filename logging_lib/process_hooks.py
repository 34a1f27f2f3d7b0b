"""What nobody caught, and warnings: they leave a line in the log, and are printed as ever.

An exception that ends the process is a CRITICAL line, one that ends a thread or that the interpreter can only report
(in ``__del__``) an ERROR. asyncio reports a task's to its own logger, which the bridge from ``logging`` takes.
"""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from collections.abc import Callable
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Final

from logging_lib.application import get_logger

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_log = get_logger("logging_lib.uncaught")


class Hook:
    """One of the interpreter's replaceable functions, with a report put in front of what stands there.

    Args:
        module: Where the function is.
        name: What it is called.
        report: Logs; takes the function's arguments.
    """

    def __init__(self, module: ModuleType, name: str, report: Callable[..., None]) -> None:
        self._module = module
        self._name = name
        self._report = report
        self._before: Callable[..., object] | None = None
        self._active = False

    def install(self) -> None:
        """Report from now on; what another has put before us in the meantime stays, and calls us."""
        self._active = True
        if self._before is None:
            self._before = getattr(self._module, self._name)
            setattr(self._module, self._name, self._call)

    def remove(self) -> None:
        """Report no longer, and put back what was there, unless another stands before us by now."""
        self._active = False
        if self._before is not None and getattr(self._module, self._name) == self._call:
            setattr(self._module, self._name, self._before)
            self._before = None

    def _call(self, *arguments: object) -> None:
        try:
            if self._active:
                self._report(*arguments)
        finally:
            if self._before is not None:
                self._before(*arguments)


def _process_ends(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):  # a person has ended it
        _log.critical("uncaught exception", exc_info=error)


def _thread_ends(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
        name = arguments.thread.name if arguments.thread else None
        _log.error("uncaught exception in a thread", thread=name, exc_info=arguments.exc_value)


def _ignored(arguments: UnraisableHookArgs) -> None:
    if arguments.exc_value is not None:
        _log.error(arguments.err_msg or "exception ignored", object=arguments.object, exc_info=arguments.exc_value)


_HOOKS: Final = (
    Hook(sys, "excepthook", _process_ends),
    Hook(threading, "excepthook", _thread_ends),
    Hook(sys, "unraisablehook", _ignored),
)


def install() -> Callable[[], None]:
    """Report uncaught exceptions and warnings from now on, and return what undoes it."""
    for hook in _HOOKS:
        hook.install()
    before = warnings.showwarning
    logging.captureWarnings(True)
    ours = warnings.showwarning is not before  # else another had captured them already, and goes on

    def undo() -> None:
        if ours:
            logging.captureWarnings(False)
        for hook in _HOOKS:
            hook.remove()

    return undo
