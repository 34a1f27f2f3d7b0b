"""What SQLAlchemy's engines do, per request: time and count of statements, and a record for each slow one.

    engine = create_engine(...)
    observe(engine, slow=0.5)

- ``db_time`` and ``db_queries`` of the request's record sum up the statements of every observed engine, those that
  failed too, on whatever thread, task or greenlet of the request they ran.
- A statement's time is that of the driver's ``execute``: until the server has answered. Rows that a server-side cursor
  (``stream_results``) fetches later are not in it, nor is the wait for a connection of the pool.
- ``executemany`` counts as many statements as it has sets of parameters, as the server counts them. The many rows
  that SQLAlchemy puts into one ``INSERT … VALUES`` are one statement. ``BEGIN``, ``COMMIT`` and ``ROLLBACK`` are the
  driver's and not counted.
- A statement of ``slow`` seconds or more is logged as the event ``sql.query``, without any value of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from logging_lib.errors import AtalaiaError
from logging_lib.extras import missing
from logging_lib.request.trace import current_trace
from logging_lib.sql.slow import SlowLog, SlowStatement

try:
    from sqlalchemy import event
    from sqlalchemy.engine import Connection, Engine, ExceptionContext, ExecutionContext
    from sqlalchemy.engine.interfaces import ExecuteStyle
except ModuleNotFoundError as error:
    raise missing("sqlalchemy", "sqlalchemy") from error

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

Parameters = TypeVar("Parameters")

SLOW: Final = 0.5
PER_MINUTE: Final = 6
_STARTED: Final = "_atalaia_started"
_OBSERVED: Final = "_atalaia_observed"


def observe(
    engine: Engine | AsyncEngine,
    *,
    slow: float | None = SLOW,
    per_minute: int = PER_MINUTE,
    hide_parameters: bool = True,
    monotonic: Callable[[], float] = time.perf_counter,
) -> None:
    """Count the statements of an engine in the requests they belong to, and log the slow ones.

    Args:
        engine: The engine; of an ``AsyncEngine`` the one inside. Several engines are observed one by one.
        slow: From how many seconds on a statement is logged; ``None`` logs none.
        per_minute: How many records one fingerprint gets in a minute.
        hide_parameters: Set the engine's own option of that name, so that the text of an exception, which the request's
            record repeats, does not list the parameters either.
        monotonic: Measures the statements, in seconds.

    Raises:
        AtalaiaError: The engine is observed already, or ``slow`` or ``per_minute`` is not above zero.
    """
    if slow is not None and slow <= 0:
        raise AtalaiaError(f"slow={slow} is no time", "give seconds above zero, or None to log no slow statement")
    if per_minute < 1:
        raise AtalaiaError(f"per_minute={per_minute} would log no slow statement", "use slow=None for that")
    inner = engine if isinstance(engine, Engine) else engine.sync_engine
    if _OBSERVED in vars(inner):
        raise AtalaiaError(f"the engine of {inner.url!r} is already observed", "call observe once for each engine")
    observer = _Observer(inner, slow, SlowLog(per_minute, monotonic), monotonic)
    vars(inner)[_OBSERVED] = observer
    if hide_parameters:
        inner.hide_parameters = True
    event.listen(inner, "before_cursor_execute", observer.before, retval=True)
    event.listen(inner, "after_cursor_execute", observer.after)
    event.listen(inner, "handle_error", observer.failed)


class _Observer:
    """Measures the statements of one engine. When one began is kept with its connection, which runs one at a time."""

    def __init__(self, engine: Engine, slow: float | None, log: SlowLog, monotonic: Callable[[], float]) -> None:
        self._system = engine.dialect.name
        self._database = engine.url.database
        self._slow = float("inf") if slow is None else slow
        self._log = log
        self._monotonic = monotonic

    def before(
        self,
        connection: Connection,
        _cursor: object,
        statement: str,
        parameters: Parameters,
        _context: object,
        _many: bool,  # noqa: FBT001 - SQLAlchemy's signature
    ) -> tuple[str, Parameters]:
        """Note when a statement begins. Returning both as they are spares a wrapper of SQLAlchemy's.

        The statement is kept too: the one that an error tells may be cut in the middle of a value.
        """
        connection.__dict__[_STARTED] = (statement, self._monotonic())
        return statement, parameters

    def after(
        self,
        connection: Connection,
        cursor: object,
        _statement: str,
        parameters: object,
        context: ExecutionContext | None,
        many: bool,  # noqa: FBT001 - SQLAlchemy's signature
    ) -> None:
        """Count a statement that was answered."""
        begun: tuple[str, float] | None = connection.__dict__.pop(_STARTED, None)
        if begun is None:  # its connection was opened before the engine was observed
            return
        seconds = self._monotonic() - begun[1]
        count = _count(parameters, context) if many else 1
        trace = current_trace()
        if trace is not None:
            trace.add_query(seconds, count)
        if seconds >= self._slow:
            self._report(begun[0], seconds, count, _rows(cursor), None)

    def failed(self, error: ExceptionContext) -> None:
        """Count a statement that failed; an error while fetching rows belongs to one that was counted."""
        connection = error.connection
        begun: tuple[str, float] | None = None if connection is None else connection.__dict__.pop(_STARTED, None)
        if begun is None:
            return
        seconds = self._monotonic() - begun[1]
        count = _count(error.parameters, error.execution_context)
        trace = current_trace()
        if trace is not None:
            trace.add_query(seconds, count)
        if seconds >= self._slow:
            self._report(begun[0], seconds, count, None, type(error.original_exception).__qualname__)

    def _report(self, sql: str, seconds: float, count: int, rows: int | None, error: str | None) -> None:
        self._log.write(
            SlowStatement(
                sql=sql,
                seconds=seconds,
                system=self._system,
                database=self._database,
                count=count,
                rows=rows,
                error=error,
            )
        )


def _count(parameters: object, context: ExecutionContext | None) -> int:
    """Return how many sets of parameters an ``executemany`` has; any other way of executing sends one statement."""
    many = context is not None and context.execute_style is ExecuteStyle.EXECUTEMANY
    return len(parameters) if many and isinstance(parameters, list | tuple) else 1


def _rows(cursor: object) -> int | None:
    """Return the driver's number of rows; most have -1 where they do not know."""
    rows = getattr(cursor, "rowcount", None)
    return rows if isinstance(rows, int) and rows >= 0 else None
