"""For an application's own tests: what was logged, as a reader of the file would see it.

    with capture_records() as records:
        client.get("/api/chamados/7").get_data()
    records.assert_logged(level="INFO", event="ticket shown", ticket=7)
    assert records.requests[0]["endpoint"] == "/api/chamados/<int:ticket_id>"

With pytest, the fixture ``captured_records`` does the same for a whole test. ``check_record`` holds a line to the
documented contract.
"""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from logging_lib.attachment import Attachment, attach, attached, detach
from logging_lib.clock import Clock, system_clock
from logging_lib.contract import check_record
from logging_lib.keys import REQUEST_KEYS
from logging_lib.output import current, replace
from logging_lib.record import Identity
from logging_lib.values import Record, clean_record, encode_line

__all__ = ["Captured", "capture_records", "check_record"]

_SHOWN = 5


class Captured(list[Record]):
    """The records of a block in their order, as they are read back from the file.

    Wanted fields are compared as the file has them: ``Decimal("1.5")`` is wanted as ``"1.5"``. A compiled regular
    expression is searched for in the field's text.
    """

    @property
    def requests(self) -> list[Record]:
        """The records of requests."""
        return [record for record in self if any(key in record for key in REQUEST_KEYS)]

    @property
    def events(self) -> list[Record]:
        """The records that are no request's."""
        return [record for record in self if not any(key in record for key in REQUEST_KEYS)]

    def matching(self, **wanted: object) -> list[Record]:
        """Return the records that have all the wanted fields."""
        return [record for record in self if not _differences(record, wanted)]

    def one(self, **wanted: object) -> Record:
        """Return the one record that has the wanted fields.

        Raises:
            AssertionError: There is none, or more than one; the message shows what was logged instead.
        """
        found = self.matching(**wanted)
        if len(found) != 1:
            raise AssertionError(f"{len(found) or 'no'} records have {_named(wanted)}; {self._instead(wanted)}")
        return found[0]

    def assert_logged(self, **wanted: object) -> None:
        """Hold that some record has the wanted fields.

        Raises:
            AssertionError: None has; the message shows what was logged instead, the closest first.
        """
        if not self.matching(**wanted):
            raise AssertionError(f"no record has {_named(wanted)}; {self._instead(wanted)}")

    def assert_not_logged(self, **unwanted: object) -> None:
        """Hold that no record has all of some fields.

        Raises:
            AssertionError: Some have; the message shows them.
        """
        found = self.matching(**unwanted)
        if found:
            shown = "\n".join(f"  {_line(record)}" for record in found[:_SHOWN])
            raise AssertionError(f"{len(found)} records have {_named(unwanted)}:\n{shown}")

    def _instead(self, wanted: dict[str, object]) -> str:
        if not self:
            return "nothing was logged"
        closest = sorted(self, key=lambda record: len(_differences(record, wanted)))[:_SHOWN]
        shown = [f"  {_line(record)}{_explained(_differences(record, wanted))}" for record in closest]
        return "\n".join([f"of {len(self)} logged, the closest:", *shown])


class _Collector:
    """Keeps what each line would say once read back."""

    def __init__(self) -> None:
        self.records = Captured()

    def write(self, record: Record) -> None:
        self.records.append(orjson.loads(encode_line(record)))

    def close(self) -> None:
        """Keep the records: the test is still to read them."""


@contextmanager
def capture_records(
    service: str = "test", environment: str = "test", clock: Clock = system_clock
) -> Iterator[Captured]:
    """Collect every record of every level that is logged inside the block, from any thread, instead of writing it.

    A request's record is there once its body has been read whole, so read ``response.data`` before you look.

    Args:
        service: The ``service`` of the records.
        environment: Their ``environment``.
        clock: Where their time comes from.

    Yields:
        The list that fills up. The configuration from before the block is in force again after it.
    """
    collector = _Collector()
    attachment = attached()
    output = dataclasses.replace(
        current(),
        identity=Identity(service, environment),
        level=logging.NOTSET,
        destinations=(collector,),
        sampler=None,  # a test sees every record, however many are alike
        repeats=None,
        clock=clock,
    )
    before = replace(output)
    attach(Attachment(level=logging.DEBUG, hooks=bool(attachment and attachment.hooks)))
    try:
        yield collector.records
    finally:
        replace(before)
        if attachment:
            attach(attachment)
        else:
            detach()


def _differences(record: Record, wanted: dict[str, object]) -> list[str]:
    """Return the wanted fields that a record lacks or has otherwise."""
    patterns = {key: value for key, value in wanted.items() if isinstance(value, re.Pattern)}
    values = clean_record({key: value for key, value in wanted.items() if key not in patterns})
    different = [key for key, value in values.items() if key not in record or record[key] != value]
    unlike = [key for key, pattern in patterns.items() if not re.search(pattern, str(record.get(key, "")))]
    return [key for key in wanted if key in {*different, *unlike}]


def _named(wanted: dict[str, object]) -> str:
    return ", ".join(f"{key}={value!r}" for key, value in wanted.items()) or "any fields"


def _line(record: Record) -> str:
    hidden = {"timestamp", "event_id", "service", "environment", "host", "version", "stack_trace"}
    return ", ".join(f"{key}={value!r}" for key, value in record.items() if key not in hidden)


def _explained(different: list[str]) -> str:
    return f"\n    (not as wanted: {', '.join(different)})" if different else ""
