"""Codecs on a stream of lines. Source: ``fix_streaming_codecs`` of Logstash's ``inputs/base.rb``."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from atalaia.pipeline.options import OptionError
from atalaia.pipeline.settings import Settings, SettingValue

_LINEWISE: Final = {"plain": "line", "json": "json_lines"}
"""Codecs for whole documents that Logstash changes for their line-wise kin on a stream."""
_DELIMITED: Final = frozenset({"line", "json_lines"})
_DELIMITER: Final = "delimiter"


def linewise_codec(value: SettingValue) -> SettingValue:
    """Return the codec to use instead of the one that is written."""
    if isinstance(value, Settings):
        return replace(value, plugin=_LINEWISE.get(value.plugin, value.plugin))
    return _LINEWISE.get(str(value), value)


def undelimited_codec(value: SettingValue) -> SettingValue:
    """Return the codec for an input that ends lines by itself, at :func:`delimiter_of`."""
    codec = linewise_codec(value)
    if not isinstance(codec, Settings) or codec.plugin not in _DELIMITED:
        return codec
    return replace(codec, values={name: each for name, each in codec.values.items() if name != _DELIMITER})


def delimiter_of(value: SettingValue) -> bytes:
    """Return what ends a line: the codec's delimiter, or a line feed.

    Raises:
        OptionError: When it is empty, or no text.
    """
    codec = linewise_codec(value)
    if not isinstance(codec, Settings) or codec.plugin not in _DELIMITED:
        return b"\n"
    delimiter = codec.values.get(_DELIMITER, "\n")
    if not isinstance(delimiter, str | int | float) or delimiter == "":
        raise OptionError("codec", f"its delimiter {delimiter!r} is no text", "write the text that ends an event")
    return str(delimiter).encode()
