"""Identifiers and timestamps: the small formats."""

from __future__ import annotations

import os
import random
import re
from datetime import UTC, datetime
from uuid import UUID

import uuid6

from logging_lib.identifiers import event_id, hexadecimal
from logging_lib.timestamps import rfc3339

INSTANT = datetime(2024, 1, 15, 10, 30, 0, 234999, tzinfo=UTC)


def test_an_event_id_is_a_uuid_of_version_7_with_the_events_time() -> None:
    """The first 48 bits are the milliseconds since 1970 (1705314600234, by ``date -d 2024-01-15T10:30Z +%s``)."""
    made = UUID(event_id(INSTANT))
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == 1705314600234


def test_a_seed_repeats_the_id_and_chance_does_not() -> None:
    """A seeded generator gives the same id again; the default never does."""
    assert event_id(INSTANT, random.Random(7).getrandbits) == event_id(INSTANT, random.Random(7).getrandbits)  # noqa: S311 - repeatable on purpose
    assert len({event_id(INSTANT) for _ in range(1000)}) == 1000


def test_milliseconds_are_cut_not_rounded() -> None:
    """Rounding would move the last instant of a day into the next."""
    assert rfc3339(datetime(2024, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)) == "2024-12-31T23:59:59.999Z"


def test_event_ids_are_those_of_another_implementation() -> None:
    """Given the same 80 bits, the library uuid6 puts together the same UUID."""
    for seed in range(200):
        bits = random.Random(seed).getrandbits(80)  # noqa: S311 - repeatable on purpose
        other = uuid6.UUID(int=(1705314600234 << 80) | bits, version=7)
        assert event_id(INSTANT, lambda _, bits=bits: bits) == str(other)  # type: ignore[misc] # bound in the loop


def test_a_forked_child_makes_ids_of_its_own() -> None:
    """Parent and child draw from generators that went apart at the fork."""
    event_id(INSTANT)
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writable, event_id(INSTANT).encode())
        os._exit(0)
    mine = event_id(INSTANT)
    os.waitpid(child, 0)
    assert os.read(readable, 100).decode() != mine
    os.close(readable)
    os.close(writable)


def test_an_applications_seed_does_not_repeat_ids() -> None:
    """Somebody who calls ``random.seed`` gets the same dice, not the same ids."""
    random.seed(1)
    first = (event_id(INSTANT), hexadecimal(32))
    random.seed(1)
    assert not set(first) & {event_id(INSTANT), hexadecimal(32)}


def test_hexadecimal_digits_are_as_many_as_asked_for() -> None:
    """Leading zeros are digits, too: one id in sixteen begins with one."""
    made = [hexadecimal(16) for _ in range(1000)]
    assert all(re.fullmatch("[0-9a-f]{16}", one) for one in made)
    assert {one[0] for one in made} == set("0123456789abcdef")
