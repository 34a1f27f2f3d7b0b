"""For an application's own tests: what was logged, as a reader of the file would see it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from logging_lib.attachment import Attachment, attach, attached, detach
from logging_lib.clock import Clock, system_clock
from logging_lib.output import Output, replace
from logging_lib.record import Identity
from logging_lib.values import Record, encode_line


class _Captured:
    """Keeps what each line would say once read back."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def write(self, record: Record) -> None:
        self.records.append(orjson.loads(encode_line(record)))

    def close(self) -> None:
        """Keep the records: the test is still to read them."""


@contextmanager
def capture_records(
    service: str = "test", environment: str = "test", clock: Clock = system_clock
) -> Iterator[list[Record]]:
    """Collect every record of every level that is logged inside the block, from any thread, instead of writing it.

    A request's record is there once its body has been read whole, so read ``response.data`` before you look.

    Args:
        service: The ``service`` of the records.
        environment: Their ``environment``.
        clock: Where their time comes from.

    Yields:
        The list that fills up. The configuration from before the block is in force again after it.
    """
    captured = _Captured()
    before, attachment = replace(Output(Identity(service, environment), logging.NOTSET, (captured,), clock)), attached()
    attach(Attachment(level=logging.DEBUG, hooks=bool(attachment and attachment.hooks)))
    try:
        yield captured.records
    finally:
        replace(before)
        if attachment:
            attach(attachment)
        else:
            detach()
