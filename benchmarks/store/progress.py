"""How far a run has come, on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from benchmarks.store.events import BLOCK

_EVERY_SECONDS: Final = 10.0

_Item = TypeVar("_Item")


def say(text: str) -> None:
    """Print a line to standard error."""
    print(text, file=sys.stderr, flush=True)


def told(what: str, blocks: Iterable[_Item], count: int) -> Iterator[_Item]:
    """Yield the items, each worth a block of events, and say every ten seconds how many of ``count`` there were."""
    begun = last = time.monotonic()
    for done, item in enumerate(blocks):
        now = time.monotonic()
        if now - last >= _EVERY_SECONDS:
            rate = done * BLOCK / (now - begun)
            say(f"   {what}: {done / count:4.0%}, {rate:,.0f} events/s, {(count - done) * BLOCK / rate:,.0f} s left")
            last = now
        yield item
