"""A PostgreSQL server, versions 13 to 18, read with psycopg over one connection that is kept.

    start_samplers([PostgresqlSampler("postgresql://atalaia@db/tickets")], settings.directory)

Names and meanings are those of Metricbeat's postgresql module wherever it has one; what it gives as sums since the last
reset of statistics stands beside what happened in the interval.
"""

from __future__ import annotations

from logging_lib.errors import AtalaiaError
from logging_lib.extras import missing

try:
    import psycopg as _psycopg  # noqa: F401 - what the modules below need
except ModuleNotFoundError as error:
    raise missing("postgresql", "psycopg[binary]") from error
except ImportError as error:
    raise AtalaiaError("psycopg finds no libpq", "install one with: pip install 'psycopg[binary]'") from error
from logging_lib.metrics.postgresql.reading import PostgresqlSampler

__all__ = ["PostgresqlSampler", "sampler"]


def sampler(target: str) -> PostgresqlSampler:
    """Return the sampler of a server, with the settings that the environment has.

    Raises:
        AtalaiaError: The target is no connection string, or psycopg is missing.
    """
    return PostgresqlSampler(target)
