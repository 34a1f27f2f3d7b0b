"""Where events go that cannot be stored: files of JSON lines, appended to and made durable batch by batch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from atalaia.pipeline.file_writing import APPENDED, FileWriting, write_file
from atalaia.pipeline.json_text import write_json
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value

_MOST_REASONS: Final = 50
_LONGEST_REASON: Final = 200
_OTHER: Final = "other reasons"


class FileAppender:
    """Collects text for files and writes it, all files of a batch at once."""

    def __init__(self) -> None:
        self._texts: dict[tuple[Path, FileWriting], list[str]] = {}

    def add(self, path: Path, text: str, how: FileWriting = APPENDED) -> None:
        """Take text for a file; of a file that is overwritten only the last one counts."""
        texts = self._texts.setdefault((path, how), [])
        if how.overwrite:
            texts.clear()
        texts.append(text)

    def commit(self) -> None:
        """Write everything taken since the last commit; it is on disk when this returns.

        Raises:
            PipelineError: When a file cannot be written.
        """
        for (path, how), texts in self._texts.items():
            write_file(path, "".join(texts), how)
        self._texts.clear()


class Reasons:
    """Counts dead letters by reason, the first fifty reasons by name."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def add(self, reason: str) -> None:
        """Count one dead letter."""
        short = " ".join(reason.split())[:_LONGEST_REASON]
        known = short in self._counts or len(self._counts) < _MOST_REASONS
        name = short if known else _OTHER
        self._counts[name] = self._counts.get(name, 0) + 1

    def counts(self) -> Mapping[str, int]:
        """Return how many dead letters each reason has."""
        return dict(self._counts)


def dead_letter_line(now: Timestamp, pipeline: str, plugin: str, reason: str, event: Value) -> str:
    """Return one dead letter as a line of JSON."""
    fields: dict[str, Value] = {
        "@timestamp": now,
        "pipeline": pipeline,
        "plugin": plugin,
        "reason": reason,
        "event": event,
    }
    return f"{write_json(fields)}\n"
