"""Codecs that only write."""

from __future__ import annotations

from atalaia.pipeline.codecs.base import Codec, Decoder, Encode
from atalaia.pipeline.options import OptionError


def writing_codec(name: str, encode: Encode) -> Codec:
    """Return a codec that an input refuses at load, as Logstash's raises at the first line."""

    def refuse() -> Decoder:
        raise OptionError("codec", f"{name} only writes events", "write plain, line, json or json_lines")

    return Codec(name, refuse, encode)
