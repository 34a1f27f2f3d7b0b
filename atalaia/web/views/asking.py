"""Ask a store several questions at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

_AT_ONCE: Final = 6
"""Questions of a page that do not depend on each other."""


def asking() -> ThreadPoolExecutor:
    """Return what asks each question in a thread of its own, as a context manager.

    Stores are lent to any number of threads. Elasticsearch answers one question in several round trips, which a page
    would otherwise wait for one after the other.
    """
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="asking")
