"""What an object does in the child of a fork, for as long as the object lives."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def in_child(owner: T, act: Callable[[T], None]) -> None:
    """Have ``act`` called with ``owner`` in each child of a fork, as long as the owner lives."""
    reference = weakref.ref(owner)

    def tell() -> None:
        living = reference()
        if living is not None:
            act(living)

    os.register_at_fork(after_in_child=tell)
