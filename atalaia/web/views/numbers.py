"""What the pages measure of requests: all of it by one query, with what each number rests on beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analyzers.fields import RESPONSE_TIME
from analyzers.jobs.job import ERRORS, REQUESTS, count, number
from analyzers.jobs.latency import MEASURED, PERCENTILES
from analyzers.numbers import ratio
from analyzers.sampling import STORED
from analyzers.store.query import CountIf, Exists, NamedMeasure, Sum
from analyzers.store.result import Row

DB_TIME: Final = "db_time"
DB_QUERIES: Final = "db_queries"
SECONDS: Final = NamedMeasure("seconds", Sum(RESPONSE_TIME))
DATABASE: Final = NamedMeasure("database", Sum(DB_TIME))
QUERIES: Final = NamedMeasure("queries", Sum(DB_QUERIES))
MEASURES: Final = (
    REQUESTS,
    STORED,
    ERRORS,
    MEASURED,
    *PERCENTILES,
    SECONDS,
    DATABASE,
    NamedMeasure("database_measured", CountIf(Exists(DB_TIME))),
    QUERIES,
    NamedMeasure("queries_measured", CountIf(Exists(DB_QUERIES))),
)
"""What :class:`Numbers` are made of. DuckDB takes percentiles of one field in one pass, and so does Elasticsearch."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The measures of some requests; ``None`` is unmeasured, and each has how many requests it rests on beside it.

    Attributes:
        requests: All of them.
        stored: How many documents they are; fewer where requests were sampled.
        errors: Those with a status of 500 or above.
        measured: Those with a response time.
        p50: Response time in seconds (nearest rank).
        p95: Likewise.
        p99: Likewise.
        seconds: Response times, summed.
        database: Seconds in the database, summed.
        database_measured: How many requests have a time in the database.
        queries: Queries to the database, summed.
        queries_measured: How many requests tell their queries.
    """

    requests: int
    stored: int
    errors: int
    measured: int
    p50: float | None
    p95: float | None
    p99: float | None
    seconds: float | None
    database: float | None
    database_measured: int
    queries: float | None
    queries_measured: int

    @property
    def error_rate(self) -> float | None:
        """The share of errors, for showing; ``None`` without a request."""
        return ratio(self.errors, self.requests)

    @property
    def queries_per_request(self) -> float | None:
        """How many queries a request that tells them made on average."""
        return None if self.queries is None else self.queries / self.queries_measured


def numbers_of(row: Row) -> Numbers:
    """Return the measures of a row of :data:`MEASURES`.

    Raises:
        TypeError: When the store broke its promise of what measures are.
    """
    return Numbers(
        requests=count(row, "requests"),
        stored=count(row, "stored"),
        errors=count(row, "errors"),
        measured=count(row, "measured"),
        p50=number(row, "p50"),
        p95=number(row, "p95"),
        p99=number(row, "p99"),
        seconds=number(row, "seconds"),
        database=number(row, "database"),
        database_measured=count(row, "database_measured"),
        queries=number(row, "queries"),
        queries_measured=count(row, "queries_measured"),
    )
