"""Lines of standard input. Source: logstash-input-stdin 3.4.

A last line without its newline is an event; Logstash loses it. Each line is handed over as soon as it is there.
"""

from __future__ import annotations

import os
import select
import sys
from typing import Final

from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.arriving import emit_lines
from atalaia.pipeline.inputs.base import InputOptions, InputPlugin
from atalaia.pipeline.inputs.describe import Describe, set_if_absent
from atalaia.pipeline.inputs.feed import Feed
from atalaia.pipeline.inputs.line_buffer import LineBuffer
from atalaia.pipeline.inputs.linewise import linewise_codec
from atalaia.pipeline.inputs.running import Reading, Run, StoppedError
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import CodecSetting

_STDIN: Final = 0
_HOST: Final = FieldReference.parse("[host][hostname]")
_CHUNK: Final = 1 << 16
_LOOK: Final = 0.2
"""Seconds after which the wish to stop is noticed."""


class StdinOptions(InputOptions):
    """Options of ``stdin``: those every input has."""

    codec: CodecSetting = "line"


def _build(_options: StdinOptions, context: PipelineContext, ecs: EcsCompatibility) -> Describe:
    host = context.host

    def describe(event: Event, _path: str) -> None:
        set_if_absent(_HOST, event, host)

    def nothing(_event: Event, _path: str) -> None:
        """Add nothing: so Logstash 9.5.2 was seen to do, whatever the plugin's documentation says of ``host``."""

    return describe if ecs is EcsCompatibility.V8 else nothing


def _run(_options: StdinOptions, feed: Feed, _context: PipelineContext) -> Run:
    def run(reading: Reading) -> None:
        if sys.stdin is None:  # another file may have its number by now
            raise PipelineError("standard input is closed", "give it a file or a pipe")
        stream, buffer = feed.stream(), LineBuffer()
        try:
            while chunk := _read(reading):
                emit_lines(buffer.add(chunk), stream, reading.emit)
            if not reading.stop.is_set():
                emit_lines(buffer.end(), stream, reading.emit)
        except StoppedError:
            return

    return run


def _read(reading: Reading) -> bytes:
    """Return what has come; nothing at the end, or when reading is to stop.

    The descriptor is read as it is: a buffered reader that waits in a thread cannot be left when the process ends.
    """
    try:
        while not reading.stop.is_set():
            if select.select([_STDIN], [], [], _LOOK)[0]:
                return os.read(_STDIN, _CHUNK)
    except OSError as error:
        raise PipelineError(f"standard input cannot be read: {error.strerror}", "give it a file or a pipe") from error
    return b""


PLUGIN = InputPlugin("stdin", StdinOptions, _build, linewise_codec, _run)
