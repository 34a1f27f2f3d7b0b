"""Dictionaries in files, which are read again when they change.

Source: ``Dictionary::File`` of logstash-filter-translate 3.5.0.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from atalaia.pipeline.interval import Interval
from atalaia.pipeline.json_text import read_json
from atalaia.pipeline.translate.lookup import Dictionary, Lookup
from atalaia.pipeline.translate.ruby_csv import read_rows
from atalaia.pipeline.translate.ruby_yaml import Pair, read_yaml
from atalaia.pipeline.translate.streamed_yaml import stream_yaml
from atalaia.pipeline.values import Value

_LOGGER: Final = logging.getLogger(__name__)


class Strategy(StrEnum):
    """How YAML is read: as Ruby reads it, or with the simpler rules of Logstash's streaming parser."""

    ONE_SHOT = "one_shot"
    STREAMING = "streaming"


@dataclass(frozen=True, slots=True)
class DictionaryFile:
    """A file and how it is read.

    Attributes:
        path: The file; its suffix says the format.
        strategy: How YAML is read.
        longest_yaml: How many characters a YAML file may have.
        text_keys: Whether a key that is no text is an error, as it is for expressions; elsewhere it fits nothing.
    """

    path: Path
    strategy: Strategy
    longest_yaml: int
    text_keys: bool

    @property
    def is_yaml(self) -> bool:
        """Whether the suffix is that of YAML."""
        return self.path.name.endswith((".yml", ".yaml"))

    def read(self) -> dict[str, Value]:
        """Return the entries whose keys are texts.

        Raises:
            OSError: When the file cannot be read.
            ValueError: When it is malformed, too long, or of no known format.
        """
        text = self.path.read_bytes().decode("utf-8-sig")
        pairs = self._pairs(text)
        odd = [key for key, _ in pairs if not isinstance(key, str)]
        if odd and self.text_keys:
            raise ValueError(f"the key {odd[0]!r} is not text: put it in quotes")
        return {key: value for key, value in pairs if isinstance(key, str)}

    def _pairs(self, text: str) -> list[Pair]:
        if self.is_yaml:
            if len(text) > self.longest_yaml:
                raise ValueError(f"it has {len(text)} characters, more than yaml_dictionary_code_point_limit allows")
            return read_yaml(text) if self.strategy is Strategy.ONE_SHOT else stream_yaml(text)
        if self.path.name.endswith(".json"):
            return _json_pairs(text)
        if self.path.name.endswith(".csv"):
            return [(row[0], row[1] if len(row) > 1 else None) for row in read_rows(text)]
        raise ValueError("its name ends neither in .yml or .yaml nor in .json or .csv")


def _json_pairs(text: str) -> list[Pair]:
    if not text:
        return []
    value = read_json(text)
    if not isinstance(value, dict):
        raise ValueError("it holds no JSON object")  # noqa: TRY004 - the file is wrong, not a type
    return list(value.items())


class RefreshedLookup:
    """Looks texts up in a file that is read again when it changes; one that is broken leaves everything as it was.

    Args:
        file: The file.
        compile_entries: Makes the look-up of a dictionary.
        interval: When the file is looked at again; ``None`` for never.
        unchanged_too: Whether it is then read even if its time of change is the same.
        replace: Whether the new entries replace the old ones; otherwise they are added.

    Raises:
        OSError: When the file cannot be read.
        ValueError: When it cannot be used.
    """

    def __init__(
        self,
        file: DictionaryFile,
        compile_entries: Callable[[Dictionary], Lookup],
        *,
        interval: Interval | None,
        unchanged_too: bool,
        replace: bool,
    ) -> None:
        self._file = file
        self._compile = compile_entries
        self._interval = interval
        self._unchanged_too = unchanged_too
        self._replace = replace
        self._changed = file.path.stat().st_mtime_ns
        self._entries = file.read()
        self._lookup = compile_entries(self._entries)

    def current(self) -> Lookup:
        """Return the look-up as of when the file was last due."""
        if self._interval is not None and self._interval.passed():
            try:
                self._refresh()
            except (OSError, ValueError) as error:
                _LOGGER.warning("translate: %s cannot be used, the old entries stay: %s", self._file.path, error)
        return self._lookup

    def _refresh(self) -> None:
        changed = self._file.path.stat().st_mtime_ns
        if changed == self._changed and not self._unchanged_too:
            return
        self._changed = changed
        read = self._file.read()
        entries = read if self._replace else {**self._entries, **read}
        self._lookup = self._compile(entries)
        self._entries = entries
