"""The dead letters of a shipper: lines that cannot be delivered, on disk before their place is passed."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Final

from atalaia.pipeline.charset import decode_line
from atalaia.pipeline.dead_letters import FileAppender, Letter
from atalaia.pipeline.inputs.running import DeadLetter
from atalaia.pipeline.origin import Origin
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value
from atalaia.ship.blocks import INPUT, Entry
from logging_lib.clock import Clock

_FILE: Final = "ship.ndjson"


class Letters:
    """Appends to ``ship.ndjson``.

    Args:
        directory: Where that file is; made when it is missing.
        clock: The present instant.
    """

    def __init__(self, directory: Path, clock: Clock) -> None:
        self.path = directory / _FILE
        self._clock = clock
        self._appender = FileAppender(directory)

    def add_line(self, entry: Entry, reason: str) -> None:
        """Take a line; of one that is no UTF-8 the bytes are kept, too, in ``event.base64``."""
        text = decode_line(entry.content)
        event: dict[str, Value] = {"message": text, "path": entry.block.path, "offset": entry.offset}
        exact = text.encode("utf-8", "surrogatepass") == entry.content
        if not exact:
            event["base64"] = base64.b64encode(entry.content).decode("ascii")
        origin = Origin(INPUT, INPUT, "", entry.block.path)
        self._add(Letter(INPUT, INPUT, reason, event, None, text if exact else None, origin, entry.id))

    def add(self, letter: DeadLetter) -> None:
        """Take what the reader could not read."""
        self._add(
            Letter(
                INPUT,
                letter.plugin,
                letter.reason,
                letter.event,
                None,
                letter.original,
                letter.origin,
                letter.source_id,
            )
        )

    def commit(self) -> None:
        """Write what was taken; it is on disk when this returns.

        Raises:
            PipelineError: When the disk refuses; it may be tried again.
        """
        self._appender.commit()

    def _add(self, letter: Letter) -> None:
        self._appender.add(self.path, letter.line(Timestamp.from_datetime(self._clock())))
