"""Since when a store held what a report is made of: what expires later can then be told from what never was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from analyzers.reports.measuring import REQUESTS_OF
from analyzers.reports.metric_sources import HOST_STREAM, POSTGRESQL_STREAM, REDIS_STREAM
from analyzers.reports.question import Question
from analyzers.reports.statements import STATEMENTS_OF
from analyzers.store.interface import Store

HOST_OF: Final = HOST_STREAM.removesuffix("-*")
POSTGRESQL_OF: Final = POSTGRESQL_STREAM.removesuffix("-*")
REDIS_OF: Final = REDIS_STREAM.removesuffix("-*")
SAMPLES_OF: Final = (HOST_OF, POSTGRESQL_OF, REDIS_OF)
"""The data sets of samples: their retention is another than that of requests."""
DATASETS: Final = (REQUESTS_OF, STATEMENTS_OF, *SAMPLES_OF)
"""Every data set that a report is made of; that of requests is the first."""


def held(store: Store, question: Question) -> Mapping[str, datetime | None]:
    """Return the first event of each of :data:`DATASETS` that the store holds; ``None`` where it holds none.

    Raises:
        StoreError: When the store cannot answer.
    """
    extents = {each: store.extent(question.stream(each)) for each in DATASETS}
    return MappingProxyType({name: None if each is None else each.start for name, each in extents.items()})
