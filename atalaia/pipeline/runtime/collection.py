"""How often Python's garbage collector looks at events."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_OBJECTS: Final = 50_000
"""New objects before the collector looks: more than a slice of events has."""
_YOUNG: Final = 20
_OLD: Final = 100


@contextmanager
def eased_collection() -> Iterator[None]:
    """Let the collector look less often while pipelines run, for programs that do nothing else.

    Events are trees of objects, which end without its help once nobody holds them; looking at all of them again and
    again costs a sixth of the time. What is loaded before, compiled pipelines above all, it does not look at any more.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_OBJECTS, _YOUNG, _OLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
