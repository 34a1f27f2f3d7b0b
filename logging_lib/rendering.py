"""Messages and values made text, although they are foreign code that may fail, or log something in its turn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Final

MAX_NESTED: Final = 3
"""How deep a line may be logged by a value of a line by a value of a line, … before values are no longer asked."""

_PLAIN: Final = (str, int, float, bool, type(None))


class Rendering(threading.local):
    """Counts, in each thread, the lines that are being made: one inside the other where a value's ``repr`` logs.

    As a context manager it tells whether the line is so deep that its values must not be asked for their text: a value
    that logs itself would go on for ever.
    """

    depth = 0

    def __enter__(self) -> bool:
        self.depth += 1
        return self.depth > MAX_NESTED

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.depth -= 1


rendering: Final = Rendering()
"""The count; of every thread its own."""


def plain_fields(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields without those whose text foreign code would make."""
    return {key: value for key, value in fields.items() if type(value) in _PLAIN}


def plain_text(message: object) -> str:
    """Return a message as it was written, its arguments not filled in."""
    return message if type(message) is str else f"<{type(message).__qualname__}>"


def interpolated(
    message: object, arguments: object, interpolate: Callable[[], object]
) -> tuple[object, dict[str, object]]:
    """Return the message with its arguments filled in, and no fields.

    Where they do not fit, or foreign code fails, return the message as it was written, with fields that hold the
    arguments and say what failed: a mistake in a call that logs must neither break the caller nor lose the line.
    """
    with rendering as too_deep:
        if too_deep:
            return plain_text(message), {}
        try:
            return interpolate(), {}
        except Exception as error:  # noqa: BLE001 - the boundary: foreign objects' own methods may raise anything
            failed = {"message_arguments": arguments, "message_error": type(error).__qualname__}
            return message if isinstance(message, str) else plain_text(message), failed
