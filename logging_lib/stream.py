"""The JSON lines on standard output or standard error, beside the file: for containers, whose engine collects them."""

from __future__ import annotations

import sys
from typing import Final, Literal, TextIO, TypeAlias

from logging_lib.values import Record, encode_line

StreamName: TypeAlias = Literal["stdout", "stderr"]

GONE: Final = (OSError, ValueError, AttributeError, RuntimeError)
"""What a stream raises that cannot take a line: nobody reads it, it is closed, there is none, or (the last) a signal's
handler logs while the very same stream is being written."""


class JsonStream:
    """Writes each record as one JSON line, flushed at once.

    A reader that does not keep up stops the process, as with everything that is printed; the file never does.

    Args:
        name: Which stream; looked up at each line because tests and servers replace it.
    """

    def __init__(self, name: StreamName) -> None:
        self._name = name

    def write(self, record: Record) -> None:
        """Write one line, in UTF-8 whatever the terminal's encoding; the file has it too, should the stream be gone."""
        stream: TextIO = getattr(sys, self._name)
        line = encode_line(record)
        try:
            if hasattr(stream, "buffer"):
                stream.flush()
                stream.buffer.write(line)
            else:
                stream.write(line.decode())
            stream.flush()
        except GONE:
            return

    def close(self) -> None:
        """Do nothing: the stream belongs to the process."""
