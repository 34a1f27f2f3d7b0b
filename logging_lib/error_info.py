"""An exception as a record tells it."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from logging_lib.libraries import without_statement_values


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """An exception as a record tells it: its qualified type, its message and the formatted traceback."""

    error_type: str
    error_message: str
    stack_trace: str

    def fields(self) -> dict[str, object]:
        """Return the three ``error_*`` and ``stack_trace`` keys."""
        return {
            "error_type": self.error_type,
            "error_message": self.error_message,
            "stack_trace": self.stack_trace,
        }


def describe_error(error: BaseException) -> ErrorInfo:
    """Return what a record says about an exception; never raises, even if the exception's own text does."""
    with without_statement_values(error):
        described = traceback.TracebackException.from_exception(error)
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return ErrorInfo(name, str(described), "".join(described.format()).rstrip("\n"))
