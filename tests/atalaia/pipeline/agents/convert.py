"""Makes the built-in list from uap-core's: ``python -m tests.atalaia.pipeline.agents.convert`` (or ``make agents``).

``uap_core/regexes.yaml`` is the file of the npm package uap-core 0.12.0, unchanged. Logstash's plugin changes one line
of it before it is built in.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import orjson

from atalaia.pipeline.agents.expressions import BUILT_IN, Expression, read_expressions

ORIGINAL: Final = Path(__file__).parent / "uap_core" / "regexes.yaml"

ORIGINAL_LINE: Final = r"- regex: 'Mac OS X\s.{1,50}\s(\d+).(\d+).(\d+)'"
PLUGIN_LINE: Final = r"- regex: 'Mac OS X\s.{1,50}?\s(\d+).(\d+).(\d+)'"
PLUGIN_SHA1: Final = "5a8ea18a9c9153e83159b8662e3f6650fbca60a8"
"""Of the changed file, as build.gradle of logstash-filter-useragent 3.3.5 requires it."""


def plugin_text() -> str:
    """Return the plugin's ``regexes.yaml``."""
    text = ORIGINAL.read_text(encoding="utf-8").replace(ORIGINAL_LINE, PLUGIN_LINE)
    assert hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest() == PLUGIN_SHA1
    return text


def converted() -> bytes:
    """Return the built-in list, one expression a line."""
    lists = [b"[\n" + b",\n".join(map(_line, entries)) + b"\n]" for entries in read_expressions(plugin_text())]
    return b"[" + b",".join(lists) + b"]\n"


def _line(expression: Expression) -> bytes:
    return orjson.dumps([*expression])


if __name__ == "__main__":
    BUILT_IN.write_bytes(converted())
